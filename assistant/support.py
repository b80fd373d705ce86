"""What a pick's evidence allows a sentence to say, as stretches of text.

Owns: `Support`, `supports`, `strike`. Does not own: what is made of the rest of the sentence
(`assistant.grounding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.evidence import liked
from assistant.state import Evidence, Fact
from catalog import Facet, Item, Schema

# A struck stretch becomes its number between two NULs, which no checked sentence can contain.
MARK = re.compile(r"\x00(\d+)\x00")
# Where a stretch stands free of other words and marks.
_FREE = r"(?<![\w\x00]){}(?:'s)?(?!\w)"
_WITHOUT = r"(?:no|not|without(?: any)?|free of|leav(?:es|ing) out|avoid(?:s|ing)|keeps? clear of)"
_COUNTED = r"(?: |-)(?:people|viewers|fans|others|customers|users|times|things|of)\b"


@dataclass(frozen=True, slots=True)
class Support:
    """One thing that may be said.

    Attributes
    ----------
    pattern : str
        Regular expression for its wordings; case does not matter.
    facts : tuple of Fact
        The facts that say it; empty for a placeholder.
    facets : frozenset of str
        Facets in which the pick has it.
    name : str
        The placeholder, or empty.
    """

    pattern: str
    facts: tuple[Fact, ...] = ()
    facets: frozenset[str] = frozenset()
    name: str = ""


def supports(evidence: Evidence, item: Item, schema: Schema) -> tuple[Support, ...]:
    """Return everything that `evidence` lets a sentence say about `item`, longest first."""
    names = ["{pick}", *(f"{{like{n}}}" for n, _ in enumerate(liked(evidence), start=1))]
    found = [Support(re.escape(name), name=name) for name in names]
    stated: dict[str, list[Fact]] = {}
    for fact in evidence.facts:
        for pattern in _patterns(fact, item, schema):
            stated.setdefault(pattern, []).append(fact)
    for pattern, facts in stated.items():
        facets = {fact.facet for fact in facts if fact.facet}
        facets |= {
            name
            for name, values in item.labels.items()
            if any(re.fullmatch(pattern, value, re.IGNORECASE) for value in values)
        }
        found.append(Support(pattern, tuple(facts), frozenset(facets)))
    return tuple(sorted(found, key=lambda support: -len(support.pattern)))


def strike(sentence: str, allowed: Sequence[Support]) -> tuple[str, tuple[Support, ...]]:
    """Return `sentence` with each supported stretch replaced by a mark, and what each mark was.

    The longest stretch goes first: "at least 1990" before "1990".
    """
    struck: list[Support] = []
    free = [re.compile(_FREE.format(support.pattern), re.IGNORECASE) for support in allowed]

    def _mark(support: Support, stretch: str) -> str:
        # "tense in mood" says what "tense" does.
        within = [one for at, one in enumerate(allowed) if one.facts and free[at].search(stretch)]
        said = dict.fromkeys((*support.facts, *(fact for one in within for fact in one.facts)))
        struck.append(support if support.name else replace(support, facts=tuple(said)))
        return f"\x00{len(struck) - 1}\x00"

    reach = [max((len(found[0]) for found in one.finditer(sentence)), default=0) for one in free]
    for at in sorted(range(len(free)), key=lambda at: -reach[at]):
        sentence = free[at].sub(lambda found, s=allowed[at]: _mark(s, found[0]), sentence)
    return sentence, tuple(struck)


def _patterns(fact: Fact, item: Item, schema: Schema) -> Iterator[str]:
    if fact.kind == "popular":
        yield "many people"
        return
    if not fact.facet:
        yield from (_inflected(value) for value in fact.values)
        return
    facet = schema.facet(fact.facet)
    if facet.kind == "flag":
        yield from (_inflected(value) for value in fact.values)
    elif facet.kind == "number":
        yield from _numbers(facet, item.numbers[facet.name], fact)
    else:
        yield from _labels(facet, fact, item)


def _labels(facet: Facet, fact: Fact, item: Item) -> Iterator[str]:
    values = fact.values
    if fact.kind == "constraint":
        # "in Fans" is what was asked; other words may stand around the value itself.
        values += tuple(own for own in item.labels.get(facet.name, ()) if own in values[0])
    for value in values:
        if fact.kind == "constraint" and value.startswith("no "):
            # What is excluded may be named only as excluded.
            yield rf"{_WITHOUT} {_inflected(value.removeprefix('no '))}"
            continue
        yield _inflected(value)
        if facet.kind == "people" and " " in value:
            words = value.split(" ")
            yield from (re.escape(" ".join(words[n:])) for n in range(1, len(words)))
        yield from (_inflected(word) for word in facet.synonyms.get(value, ()))


def _numbers(facet: Facet, number: float, fact: Fact) -> Iterator[str]:
    """Yield the wordings of one measured value, and the person's own words about it."""
    if fact.kind == "constraint":
        yield from (_inflected(words) for words in fact.values[1:])
    if facet.role == "year":
        yield rf"{number:g}(?!{_COUNTED})"
        yield rf"(?:{number // 10 * 10:g}|{number // 10 * 10 % 100:02g})s"
        return
    yield re.escape(facet.display(number))
    if facet.units:
        units = [unit for unit, scale in facet.units.items() if scale == 1]
        if units:
            yield rf"{number:g}[ -](?:{'|'.join(map(re.escape, units))})"


def _inflected(value: str) -> str:
    """Return a pattern for `value`, hyphens and blanks alike, singular or plural."""
    words = [re.escape(word) for word in re.split(r"[ -]", value) if word]
    body = "[ -]".join(words)
    return rf"{body}(?:s|es)?" if value.islower() and value.isascii() else body
