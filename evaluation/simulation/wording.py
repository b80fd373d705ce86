"""How simulated people put things: small seeded grammars, many phrasings an act, no model.

Owns: `Speaker`. Does not own: what is said when (`evaluation.simulation.user`). Words for facets
and their values come from the schema; the sentences around them are this module's own, written
from how people type and not from what Vouch understands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from catalog import Catalog, Constraint, Facet, Item
from evaluation.simulation import grammar
from evaluation.simulation.facts import Fact
from evaluation.simulation.personas import Persona

_WORD = re.compile(r"[^\W\d_]{5,}")
_ALIAS, _SHORT = 0.1, 0.15
_AN = re.compile(r"\ba (?=[aeiou])", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


class Speaker:
    """Puts acts into one person's words; seeded, so that the same calls give the same words."""

    def __init__(self, catalog: Catalog, persona: Persona, rng: Random) -> None:
        self._catalog = catalog
        self._schema = catalog.schema
        self._persona = persona
        self._rng = rng

    def opening(self, facts: Sequence[Fact], example: Item | None = None) -> str:
        """Return a first message that says `facts` and names something liked."""
        parts = [self._pick(grammar.EXAMPLE, title=self._title(example))] if example else []
        if facts:
            forms = grammar.ALSO_OPENING if example else grammar.OPENING
            parts.append(self._stated(forms, facts))
        if not parts:
            parts = [self._pick(grammar.VAGUE)]
        return self.finish(self._pick(grammar.JOINS).join(parts))

    def more(self, facts: Sequence[Fact]) -> str:
        """Return a later message that adds `facts`, or asks for others where there are none."""
        if not facts:
            return self.finish(self._pick(grammar.OTHERS))
        return self.finish(self._added(facts))

    def example(self, item: Item) -> str:
        """Return a later message that names something liked."""
        return self.finish(self._pick(grammar.EXAMPLE, title=self._title(item)))

    def correct(self, fact: Fact) -> str:
        """Return a message that takes back what was said on the facet of `fact`."""
        return self.finish(self._pick(grammar.CORRECTING, want=self.wanted([fact], headed=False)))

    def refuse(self, place: int, fact: Fact | None) -> str:
        """Return a refusal of the card at `place`, from 0, with the fact that it breaks."""
        ref = self._ref(place)
        if fact is None:
            return self.finish(self._pick(grammar.REFUSING, ref=ref))
        want = self.wanted([fact], headed=False)
        return self.finish(self._pick(grammar.REFUSING_BECAUSE, ref=ref, want=want))

    def seen(self, places: Sequence[int], facts: Sequence[Fact]) -> str:
        """Return that the cards at `places` are known already, and `facts`."""
        refs = " and ".join(self._ref(place) for place in places)
        text = self._pick(grammar.SEEN, ref=refs, consumed=self._schema.consumed)
        if facts:
            text += self._pick(grammar.JOINS) + self._added(facts)
        return self.finish(text)

    def likeness(self, place: int) -> str:
        """Return that the card at `place` is on the right track."""
        return self.finish(self._pick(grammar.MORE_LIKE, ref=self._ref(place)))

    def ask(self, facet: Facet, place: int) -> str:
        """Return a question about the card at `place`, in the schema's own words."""
        form = self._rng.choice(facet.asks)
        ref = self._ref(place)
        text = form.replace("{item}", ref) if "{item}" in form else f"{form} {ref}"
        return self.finish(text, end="?")

    def compare(self, first: int, second: int) -> str:
        """Return a wish to see two cards side by side."""
        return self.finish(
            self._pick(grammar.COMPARING, a=self._ref(first), b=self._ref(second)), end="?"
        )

    def stray(self) -> str:
        """Return something that has nothing to do with the matter."""
        return self.finish(self._pick(grammar.STRAYING))

    def passing(self) -> str:
        """Return that there is no preference."""
        return self.finish(self._pick(grammar.PASSING))

    def answer(self, facts: Sequence[Fact]) -> str:
        """Return `facts` as the answer to a question."""
        return self.finish(self._stated(grammar.ANSWERING, facts, headed=False))

    def _added(self, facts: Sequence[Fact]) -> str:
        negative = all(fact.negative for fact in facts)
        return self._stated(grammar.ADDING_WITHOUT if negative else grammar.ADDING, facts)

    def _stated(self, forms: tuple[str, ...], facts: Sequence[Fact], *, headed: bool = True) -> str:
        """Return `facts` in one of `forms`; what is meant without exception is not hedged."""
        forms = grammar.firm(forms) if any(fact.hard for fact in facts) else forms
        return self._pick(forms, want=self.wanted(facts, headed=headed))

    def wanted(self, facts: Sequence[Fact], *, headed: bool = True) -> str:
        """Return `facts` as one phrase: ``"a tense film from the 90s, no robots"``.

        Parameters
        ----------
        headed : bool
            Whether it stands for a thing that is wanted, and not for an answer.
        """
        plain = [fact for fact in facts if self._is_plain(fact)]
        words = [self._value(fact) for fact in plain]
        rest = [self.fact(fact) for fact in facts if fact not in plain]
        if words:
            joined = self._rng.choice((" and ", ", ", " ")).join(words)
            known = all(word == self._own(fact) for word, fact in zip(words, plain, strict=True))
            form = (grammar.HEADED if headed else grammar.VALUE) if known else ("{value}",)
            rest.insert(0, self._pick(form, value=joined))
        elif headed and not all(fact.negative for fact in facts):
            rest[0] = f"{self._pick(grammar.HEADS)} {rest[0]}"
        return self._rng.choice((", ", " and ", ", ")).join(rest)

    def fact(self, fact: Fact) -> str:
        """Return one fact in words."""
        facet = self._schema.facet(fact.facet)
        if facet.kind == "number":
            return self._bound(facet, fact.constraints)
        value = self._value(fact)
        if fact.negative:
            forms = grammar.WITHOUT if value == self._own(fact) else grammar.WITHOUT_OTHER_WORDS
            return self._pick(forms, value=value)
        if self._is_plain(fact):
            return self._pick(grammar.VALUE, value=value)
        # The schema's first cue is the one that most people use; other words bring their own.
        return f"{facet.cues[0]} {value}" if facet.cues and value == self._own(fact) else value

    def _is_plain(self, fact: Fact) -> bool:
        """Tell whether a value is said without a cue: "tense", not "with Al Pacino"."""
        facet = self._schema.facet(fact.facet)
        return facet.kind == "category" and not fact.negative and bool(facet.question)

    def _value(self, fact: Fact) -> str:
        """Return the value of a fact, or another word that people use for it."""
        facet, value = self._schema.facet(fact.facet), str(fact.constraints[0].value)
        others = [
            word
            for word in facet.synonyms.get(value, ())
            if sum(word in words for words in facet.synonyms.values()) == 1
        ]
        if others and self._rng.random() < 0.3:
            return self._rng.choice(others)
        return self._own(fact)

    def _own(self, fact: Fact) -> str:
        """Return the value itself; nobody writes "Comedy" in a sentence, names keep capitals."""
        value = str(fact.constraints[0].value)
        return value.lower() if self._schema.facet(fact.facet).question else value

    def _bound(self, facet: Facet, bounds: Sequence[Constraint]) -> str:
        low = next((float(c.value) for c in bounds if c.op == ">="), None)
        high = next((float(c.value) for c in bounds if c.op == "<="), None)
        if facet.role == "year":
            if low is not None and high is not None:
                return self._pick(grammar.DECADE, decade=f"{low:g}", short=f"{low % 100:02g}")
            if low is not None:
                return self._pick(grammar.SINCE, value=f"{low:g}", before=f"{low - 1:g}")
            assert high is not None
            return self._pick(grammar.UNTIL, value=f"{high:g}", after=f"{high + 1:g}")
        if high is not None:
            return self._pick(grammar.AT_MOST, value=self._amount(facet, high))
        assert low is not None
        return self._pick(grammar.AT_LEAST, value=self._amount(facet, low))

    def _amount(self, facet: Facet, value: float) -> str:
        """Return a number in the largest unit that it is a whole number of, or as displayed."""
        units = [(size, word) for word, size in facet.units.items() if value % size == 0]
        if not units or self._rng.random() < 0.3:
            return facet.display(value)
        largest = max(size for size, _ in units)
        word = self._rng.choice([word for size, word in units if size == largest])
        return f"{value / largest:g} {word}"

    def _title(self, item: Item) -> str:
        """Return a title as people type it: at times another one, the short form, no article."""
        chance, title = self._rng.random, item.title
        # Titles in another script are not typed within an English sentence.
        aliases = [alias for alias in item.aliases if alias.isascii()]
        if aliases and chance() < _ALIAS:
            title = self._rng.choice(aliases)
        if chance() < _SHORT:
            title = title.split(": ")[0]
        if chance() < self._persona.careless / 2:
            title = re.sub(r"^(The|A|An) ", "", title)
        return title

    def _ref(self, place: int) -> str:
        if place >= len(_ORDINALS):
            return f"number {place + 1}"
        return self._pick(grammar.REFS, ordinal=_ORDINALS[place], number=str(place + 1))

    def finish(self, text: str, end: str = ".") -> str:
        """Return `text` as this person would type it."""
        persona, rng = self._persona, self._rng
        if rng.random() < persona.filler and end == "." and text not in grammar.STRAYING:
            text = self._pick(grammar.FILLING, text=text)
        text = _WORD.sub(lambda found: self._slip(found.group()), text)
        text = _AN.sub("an ", " ".join(text.split()))
        if rng.random() < persona.careless:
            return text.lower()
        return text[:1].upper() + text[1:] + ("" if text.endswith(("!", "?", ".")) else end)

    def _slip(self, word: str) -> str:
        """Return `word`, at times with two letters swapped, one lost or one doubled."""
        if self._rng.random() >= self._persona.typos:
            return word
        at = self._rng.randrange(1, len(word) - 2)
        kind = self._rng.randrange(3)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at + 1 :] if kind == 1 else word[:at] + word[at] + word[at:]

    def _pick(self, forms: Sequence[str], **values: str) -> str:
        named = {"noun": self._schema.noun, "plural": self._schema.plural, **values}
        return self._rng.choice(forms).format(**named)


def everyday_words(catalog: Catalog) -> frozenset[str]:
    """Return every word that a message may hold whatever is wanted, in lower case.

    Sentences, places on the slate, units and comparisons; not values, which can be left unsaid.
    """
    schema = catalog.schema
    sources = [*_ORDINALS, schema.noun, schema.plural, schema.consumed, *grammar.ALL]
    for facet in schema.facets:
        sources += [*facet.asks, *facet.cues, *facet.units]
    return frozenset(
        re.findall(r"\w+", " ".join(re.sub(r"{\w+}", " ", s) for s in sources).lower())
    )
