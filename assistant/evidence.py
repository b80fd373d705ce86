"""Why each pick is on the slate: checkable facts, strongest first.

Owns: `evidence_for` and `reasons`. Does not own: the score (`ranking`) or prose around the facts
(`assistant.templates`, `assistant.explanation`).

A fact comes from a term that raised the pick's score, from a condition that holds for it, or from
its own facets in the catalogue, and from nowhere else. A term's fact is given where the pick would
stand lower without its cause (`ranking.deletion`), or, where none is like that, the strongest that
the score rests on. What the person dislikes, avoids or excludes is never a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.facts import describe
from assistant.phrasebook import Phrasebook, phrasebook
from assistant.state import Evidence, Fact, UserProfile
from assistant.wording import capitalised
from catalog import Catalog, Constraint, Item, Schema
from ranking.deletion import Cause, Standing
from ranking.scoring import Scored, Term

# A value that more than this share of the catalogue has says little about what two items share.
_COMMON_SHARE = 0.15
_MOST_REASONS = 3
# Only the most met items may be called met "by many people".
_POPULAR_SHARE = 0.1
_TELLING = 0.001
"""Share of the items that must carry a value for its absence to say anything of one."""
# The more general, the later.
_GENERAL = {"text": 1, "popular": 2, "facet": 3}
_OF_WORDS = frozenset({"text", "dense", "lexical"})
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = """
the and for with about but not you your that this from something
anything some any like more less want looking into who whose which are was has have its his
her their they them very really please good great one item items thing things where when
what how too also just than then can could would should there here all get set show
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())


def evidence_for(
    slate: Sequence[Scored],
    profile: UserProfile,
    catalog: Catalog,
    text: str = "",
    language: str = "en",
    standing: Standing | None = None,
) -> tuple[Evidence, ...]:
    """Return what may be said about each pick of `slate`, in its order; slots count from 1.

    Facts of one pick are ordered by the contribution of their term, then conditions in ledger
    order, then words in common, popularity and facets in schema order, which say less and less
    about the person. The same facet values are stated once.

    Parameters
    ----------
    slate : sequence of Scored
        The picks, with their terms.
    profile : UserProfile
        After this turn.
    catalog : Catalog
        Gives the picks' facets and the liked titles.
    text : str
        What the query searched for; empty when the person described nothing.
    language : str
        What the facts are told in, an ISO 639-1 code.
    standing : Standing, optional
        Of the candidates. With it, facts from terms are those without whose cause a pick would
        stand lower; without it, all that raised the score.
    """
    book = phrasebook(language, catalog.schema)
    return tuple(
        Evidence(
            slot,
            catalog.items[scored.row].item_id,
            _facts(scored, slot, profile, catalog, text, book, standing),
        )
        for slot, scored in enumerate(slate, start=1)
    )


def reasons(evidence: Evidence, most: int = _MOST_REASONS) -> tuple[str, ...]:
    """Return up to `most` short reasons for a card, strongest first; two wherever facts allow.

    One per kind of behaviour and per facet; plain facets only where nothing stronger is left.
    """
    chosen: list[Fact] = []
    for fact in evidence.facts:
        if len(chosen) == most or (fact.kind == "facet" and len(chosen) >= 2):
            break
        if not any(_repeats(fact, other) for other in chosen):
            chosen.append(fact)
    return tuple(capitalised(fact.text) for fact in chosen)


def liked(evidence: Evidence) -> tuple[str, ...]:
    """Return the liked item ids that `evidence` refers to, in order of first mention."""
    return tuple(dict.fromkeys(item_id for fact in evidence.facts for item_id in fact.likes))


def cause_of(fact: Fact, profile: UserProfile, catalog: Catalog) -> Cause:
    """Return what `fact`, which comes from a term, says that the pick's place rests on."""
    match fact.kind:
        case "collaborative" | "shared":
            return Cause(likes=tuple(catalog.row(item_id) for item_id in fact.likes))
        case "preference":
            said = {value.casefold() for value in fact.values}
            number = catalog.schema.facet(fact.facet).kind == "number"
            wishes = (wish for wish in profile.preferences if wish.facet == fact.facet)
            return Cause(
                wishes=tuple(
                    (wish.facet, wish.value)
                    for wish in wishes
                    if number or wish.value.casefold() in said
                )
            )
        case "text":
            return Cause(words=fact.values)
        case _:
            return Cause(terms=("popularity",))


def _repeats(fact: Fact, other: Fact) -> bool:
    if fact.kind == "text":
        said = " ".join(other.values).casefold()
        return other.kind == "text" or all(word.casefold() in said for word in fact.values)
    if not fact.facet or (fact.kind == "shared" and fact.likes == other.likes):
        return fact.kind == other.kind
    return fact.facet == other.facet and (
        fact.kind == other.kind or bool(set(fact.values) & set(other.values))
    )


def _facts(
    scored: Scored,
    slot: int,
    profile: UserProfile,
    catalog: Catalog,
    text: str,
    book: Phrasebook,
    standing: Standing | None,
) -> tuple[Fact, ...]:
    raising = [term for term in scored.terms if term.contribution > 0]
    stated: list[Fact] = []
    for term in sorted(raising, key=lambda term: -term.contribution):
        stated.extend(_from_term(term, scored.row, profile, catalog, text))
    stated.sort(key=lambda fact: _GENERAL.get(fact.kind, 0))
    wished = [fact for fact in stated if fact.kind == "preference"]
    if standing is not None:
        stated = _deciding(stated, scored.row, profile, catalog, standing)
    # A wish that is met without deciding the place is a condition that the pick meets.
    stated.extend(_as_condition(fact, book) for fact in wished if fact not in stated)
    item = catalog.items[scored.row]
    stated.extend(_from_constraints(item, profile.constraints, catalog, book))
    stated.sort(key=lambda fact: _GENERAL.get(fact.kind, 0))
    stated.extend(_from_facets(item, profile, catalog, book))
    found: dict[tuple[str, str, tuple[str, ...]], Fact] = {}
    for fact in stated:
        names = {item_id: book.title(catalog.item(item_id).title) for item_id in fact.likes}
        worded = replace(fact, text=describe(fact, book, names, variant=slot - 1))
        found.setdefault((fact.kind, fact.facet, fact.values), worded)
    return tuple(found.values())


def _deciding(
    facts: Sequence[Fact], row: int, profile: UserProfile, catalog: Catalog, standing: Standing
) -> list[Fact]:
    """Return those of `facts` without whose cause the pick would stand lower.

    Where there is none, the words of the person that it repeats, if its score rests on them: too
    far above the others for one reason to matter, it is still what was described.
    """
    kept: list[Fact] = []
    repeated: list[Fact] = []
    for fact in facts:
        # Words that a wish has said already, or that nobody would get to read, are not worth the
        # test, which costs two readings.
        if fact.kind == "text" and (
            len(kept) >= _MOST_REASONS or any(_repeats(fact, other) for other in kept)
        ):
            continue
        cost = standing.cost(row, cause_of(fact, profile, catalog))
        if cost > 0:
            kept.append(fact)
        elif cost == 0 and fact.kind == "text":
            repeated.append(fact)
    return kept or repeated[:1]


def _as_condition(fact: Fact, book: Phrasebook) -> Fact:
    facet = book.schema.facet(fact.facet)
    return Fact("constraint", fact.facet, (book.phrase(facet, fact.values),))


def _from_term(
    term: Term, row: int, profile: UserProfile, catalog: Catalog, text: str
) -> Iterator[Fact]:
    disliked = {opinion.item_id for opinion in profile.dislikes}
    items = [cause for cause in term.because if cause in catalog.rows and cause not in disliked]
    if items and term.name == "collaborative":
        yield Fact("collaborative", likes=tuple(items[:3]))
    elif items:
        for item_id in items[:2]:
            yield from _shared(row, item_id, profile, catalog)
    elif term.name.startswith("popular"):
        if _is_popular(row, catalog):
            yield Fact("popular")
    elif term.because:
        yield from _wishes(term, row, profile, catalog)
    elif term.name in _OF_WORDS and (
        words := _matched_words(catalog.items[row], text, profile, catalog.schema)
    ):
        yield Fact("text", values=words)


def _wishes(term: Term, row: int, profile: UserProfile, catalog: Catalog) -> Iterator[Fact]:
    """Yield one fact per facet whose wished-for values the pick really has."""
    wanted: dict[str, list[str]] = {}
    for cause in term.because:
        name, _, value = cause.partition(":")
        if catalog.schema.has(name) and not _unwanted(value, profile):
            facet, item = catalog.schema.facet(name), catalog.items[row]
            if facet.kind == "number":
                wanted[name] = [facet.display(item.numbers[name])]
                continue
            values = item.labels.get(name, ())
            # The catalogue's own spelling, whatever the person's was.
            wanted.setdefault(name, []).extend(
                v for v in values if v.casefold() == value.casefold()
            )
    for name, values in wanted.items():
        if values:
            yield Fact("preference", name, tuple(dict.fromkeys(values)))


def _shared(row: int, item_id: str, profile: UserProfile, catalog: Catalog) -> Iterator[Fact]:
    """Yield what the pick has in common with a liked item: people first, then rare values."""
    pick, other = catalog.items[row], catalog.item(item_id)
    facts: list[tuple[bool, float, Fact]] = []
    for facet in catalog.schema.facets:
        # A certificate or a country is a condition that people set, not what they like in an item.
        if facet.stance == "require":
            continue
        common = [
            (len(catalog.facets.rows_with(facet.name, value)) / len(catalog), value)
            for value in pick.labels.get(facet.name, ())
            if value in other.labels.get(facet.name, ()) and not _unwanted(value, profile)
        ]
        telling = sorted(
            (share, value)
            for share, value in common
            if share <= _COMMON_SHARE or share * len(catalog) <= 3
        )[:2]
        if telling:
            fact = Fact("shared", facet.name, tuple(v for _, v in telling), (item_id,))
            facts.append((facet.kind != "people", telling[0][0], fact))
    yield from (fact for _, _, fact in sorted(facts, key=lambda entry: entry[:2])[:2])


def _matched_words(item: Item, text: str, profile: UserProfile, schema: Schema) -> tuple[str, ...]:
    """Return the facet values, else the description's words, that `text` really asks for."""
    asked = {_stem(word) for word in _WORD.findall(text.casefold())} - _EMPTY_WORDS
    asked -= {_stem(schema.noun), _stem(schema.plural)}
    values = [
        value
        for values in item.labels.values()
        for value in values
        if value.islower()
        and not _unwanted(value, profile)
        and {_stem(word) for word in _WORD.findall(value)} & asked
    ]
    if values:
        return tuple(dict.fromkeys(values))[:3]
    described = " ".join(item.texts.values())
    words = [word for word in re.findall(r"\b[^\W\d_]{4,}\b", described) if word.islower()]
    hits = [word for word in words if _stem(word) in asked and not _unwanted(word, profile)]
    return tuple(dict.fromkeys(hits))[:3]


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _unwanted(value: str, profile: UserProfile) -> bool:
    """Tell whether the person avoids or excludes `value`, on whichever facet they said so."""
    avoided = {wish.value.casefold() for wish in profile.preferences if wish.weight < 0}
    avoided |= {str(c.value).casefold() for c in profile.constraints if c.op == "!="}
    return value.casefold() in avoided


def _is_popular(row: int, catalog: Catalog) -> bool:
    counts = catalog.popularity
    return bool(counts[row] > 0 and (counts > counts[row]).mean() < _POPULAR_SHARE)


def _from_constraints(
    item: Item, constraints: Sequence[Constraint], catalog: Catalog, book: Phrasebook
) -> Iterator[Fact]:
    ranges: dict[str, list[str]] = {}
    for constraint in constraints:
        if not catalog.satisfies(item.item_id, constraint) or _says_nothing(constraint, catalog):
            continue
        words = book.condition(constraint)
        if catalog.schema.facet(constraint.facet).kind == "number":
            ranges.setdefault(constraint.facet, []).append(words)
        else:
            yield Fact("constraint", constraint.facet, (words,))
    for name, words in ranges.items():
        facet = catalog.schema.facet(name)
        shown, label = book.value(facet, item.numbers[name]), book.label(facet)
        # "$24, at most $30": what is measured shows.
        said = (phrase.removeprefix(label).lstrip() for phrase in words if phrase != shown)
        yield Fact("constraint", name, (shown, *dict.fromkeys(said)))


def _says_nothing(constraint: Constraint, catalog: Catalog) -> bool:
    """Tell whether an item only lacks a value that hardly any item carries.

    Where one film of 9,000 is tagged "swearing", that another is not says nothing of its language.
    """
    if constraint.op != "!=" or catalog.schema.facet(constraint.facet).kind != "category":
        return False
    carried = len(catalog.facets.rows_with(constraint.facet, str(constraint.value)))
    return carried < int(_TELLING * len(catalog))


def _from_facets(
    item: Item, profile: UserProfile, catalog: Catalog, book: Phrasebook
) -> Iterator[Fact]:
    for facet in catalog.schema.facets:
        if not facet.on_card:
            continue
        values = item.labels.get(facet.name, ())
        if facet.kind == "number" and facet.name in item.numbers:
            values = (book.value(facet, item.numbers[facet.name]),)
        kept = tuple(value for value in values if not _unwanted(value, profile))[:3]
        if kept:
            yield Fact("facet", facet.name, kept)
