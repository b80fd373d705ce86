"""A simulated person with an agenda: what to say next, given what is shown.

Owns: `RuleUser`, which needs no language model. Does not own: the need
(`evaluation.simulation.needs`), what is left of it to say (`evaluation.simulation.agenda`), or the
words (`evaluation.simulation.wording`).

What a turn brings up goes before the rest of the agenda; see `evaluation.simulation.agenda`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from assistant.state import Card, Turn
from catalog import Catalog, Constraint
from evaluation.simulation.agenda import Agenda
from evaluation.simulation.facts import Fact, Facts
from evaluation.simulation.leaks import LeakAudit, LeakError
from evaluation.simulation.needs import Need
from evaluation.simulation.talking import Accept, GiveUp, Standing
from evaluation.simulation.wording import Speaker

PATIENCE = 8
_PHRASINGS = 15
_SEEN_AT_ONCE = 3
# Chances, a turn, of what does not depend on the persona.
_MENTIONS_SEEN, _CORRECTS, _LIKENS, _NAMES_EXAMPLE = 0.8, 0.6, 0.15, 0.25


@dataclass(frozen=True, slots=True)
class _Said:
    """A message, and what it commits the person to."""

    text: str
    facts: tuple[Fact, ...] = ()
    barred: tuple[str, ...] = ()


_Act = Callable[[Turn], _Said | None]


class RuleUser:
    """Follows an agenda, in seeded words; every message has passed the leak audit.

    Parameters
    ----------
    need : Need
        What they want.
    catalog : Catalog
        What is recommended.
    audit : LeakAudit
        Of this need's targets.
    facts : Facts
        What can be said of items.
    speaker : Speaker
        Puts it into words.
    rng : Random
        What chance decides.
    """

    def __init__(
        self,
        need: Need,
        catalog: Catalog,
        audit: LeakAudit,
        facts: Facts,
        speaker: Speaker,
        rng: Random,
    ) -> None:
        self._need, self._catalog, self._audit = need, catalog, audit
        self._facts, self._speaker, self._rng = facts, speaker, rng
        self._turns = 0
        self._strayed = self._asked = False
        self._standing = Standing()
        self._agenda = Agenda(need, catalog, facts, rng)

    @property
    def standing(self) -> Standing:
        """See `SimulatedUser.standing`."""
        return self._standing

    def open(self) -> str:
        """See `SimulatedUser.open`."""
        self._turns = 1
        facts = [self._agenda.mistake] if self._agenda.mistake else []
        facts += self._agenda.take(self._need.persona.facts - len(facts), facts)
        names = self._agenda.examples and self._rng.random() < self._need.persona.example
        example = self._agenda.examples.pop(0) if names else None
        said = (
            self._put(lambda: self._speaker.opening(facts, example), facts)
            or self._put(lambda: self._speaker.opening(facts), facts)
            or self._put(lambda: self._speaker.opening(()))
        )
        return self._commit(said)

    def reply(self, turn: Turn) -> str | Accept | GiveUp:
        """See `SimulatedUser.reply`."""
        self._audit.hear(turn)
        for card in turn.cards:
            if self._catalog.rows[card.item_id] in self._need.targets:
                return Accept(card.item_id)
        if self._turns >= PATIENCE:
            return GiveUp()
        self._turns += 1
        for act in self._acts():
            said = act(turn)
            if said is not None:
                return self._commit(said)
        return self._commit(self._put(lambda: self._speaker.more(())))

    def _acts(self) -> Iterator[_Act]:
        """Yield what may come up this turn, most pressing first."""
        persona, chance = self._need.persona, self._rng.random
        yield self._answer
        if self._agenda.mistake and (self._turns > 2 or chance() < _CORRECTS):
            yield self._correct
        if chance() < _MENTIONS_SEEN:
            yield self._seen
        if chance() < persona.strays and not self._strayed:
            yield self._stray
        if chance() < persona.asks and not self._asked:
            yield self._ask
        if chance() < persona.refuses:
            yield self._refuse
        if chance() < _LIKENS:
            yield self._liken
        if chance() < _NAMES_EXAMPLE:
            yield self._name_example
        yield self._add
        yield self._name_example

    def _answer(self, turn: Turn) -> _Said | None:
        if turn.question is None:
            return None
        facts = self._agenda.answer(turn.question, self._standing.facts)
        if not facts or self._rng.random() < self._need.persona.passes:
            return self._put(self._speaker.passing)
        said = self._put(lambda: self._speaker.answer(facts), facts)
        return said or self._put(self._speaker.passing)

    def _correct(self, turn: Turn) -> _Said | None:
        right = self._agenda.corrected
        assert right is not None
        said = self._put(lambda: self._speaker.correct(right), [right])
        if said is not None:
            wrong, self._agenda.mistake = self._agenda.mistake, None
            kept = tuple(fact for fact in self._standing.facts if fact != wrong)
            self._standing = Standing(kept, self._standing.barred)
        return said

    def _seen(self, turn: Turn) -> _Said | None:
        known = self._places(turn, lambda row: row in self._need.person.met)
        if not known:
            return None
        places = sorted(self._rng.sample(known, min(len(known), _SEEN_AT_ONCE)))
        facts = self._agenda.take(1) if self._rng.random() < 0.5 else []
        barred = [turn.cards[place].item_id for place in places]
        return self._put(lambda: self._speaker.seen(places, facts), facts, barred)

    def _stray(self, turn: Turn) -> _Said | None:
        self._strayed = True
        return self._put(self._speaker.stray)

    def _ask(self, turn: Turn) -> _Said | None:
        if not turn.cards:
            return None
        self._asked = True
        if len(turn.cards) > 1 and self._rng.random() < 0.3:
            first, second = sorted(self._rng.sample(range(len(turn.cards)), 2))
            return self._put(lambda: self._speaker.compare(first, second))
        place = self._rng.randrange(len(turn.cards))
        asked = [facet for facet in self._catalog.schema.facets if facet.asks]
        if not asked:
            return None
        facet = self._rng.choice(asked)
        return self._put(lambda: self._speaker.ask(facet, place))

    def _refuse(self, turn: Turn) -> _Said | None:
        """Refuse a card for something that is not wanted, unsaid so far where there is any."""
        for fact in self._agenda.facts:
            broken = self._places(turn, lambda row, fact=fact: self._facts.breaks(row, fact))
            if broken:
                place = self._rng.choice(broken)
                said = self._refusal(turn.cards[place], place, fact)
                if said is not None:
                    self._agenda.facts.remove(fact)
                    return said
        unwanted = [
            (place, fact)
            for facet in self._catalog.schema.facets
            for fact in self._facts.unwanted(facet, sorted(self._need.targets))
            for place in self._places(turn, lambda row, fact=fact: self._facts.breaks(row, fact))
        ]
        if not unwanted:
            return None
        place, fact = self._rng.choice(unwanted)
        return self._refusal(turn.cards[place], place, fact)

    def _refusal(self, card: Card, place: int, fact: Fact) -> _Said | None:
        return self._put(lambda: self._speaker.refuse(place, fact), [fact], [card.item_id])

    def _liken(self, turn: Turn) -> _Said | None:
        close = self._places(
            turn, lambda row: not any(self._facts.breaks(row, fact) for fact in self._need.facts)
        )
        if not close or not self._need.facts:
            return None
        place = self._rng.choice(close)
        return self._put(lambda: self._speaker.likeness(place))

    def _name_example(self, turn: Turn) -> _Said | None:
        while self._agenda.examples:
            item = self._agenda.examples.pop(0)
            said = self._put(lambda item=item: self._speaker.example(item))
            if said is not None:
                return said
        return None

    def _add(self, turn: Turn) -> _Said | None:
        while facts := self._agenda.take(self._need.persona.facts):
            said = self._put(lambda facts=facts: self._speaker.more(facts), facts)
            if said is not None:
                return said
        return None

    def _places(self, turn: Turn, test: Callable[[int], bool]) -> list[int]:
        """Return the places of cards that pass `test` and were not barred before."""
        return [
            place
            for place, card in enumerate(turn.cards)
            if card.item_id not in self._standing.barred and test(self._catalog.rows[card.item_id])
        ]

    def _put(
        self, say: Callable[[], str], facts: Sequence[Fact] = (), barred: Sequence[str] = ()
    ) -> _Said | None:
        """Return the first phrasing that gives nothing away, or None where all do."""
        meaning: list[Constraint] = [c for fact in facts for c in fact.constraints]
        for _ in range(_PHRASINGS):
            text = say()
            if not self._audit.leak(text, meaning):
                return _Said(text, tuple(facts), tuple(barred))
        return None

    def _commit(self, said: _Said | None) -> str:
        if said is None:
            raise LeakError(f"simulated person {self._need.number} has nothing to say but a target")
        standing = self._standing
        # A new bound is taken to replace the last one on its facet.
        replaced = {f.facet for f in said.facts if f.constraints[0].op in (">=", "<=")}
        kept = [f for f in standing.facts if f.facet not in replaced and f not in said.facts]
        self._standing = Standing((*kept, *said.facts), standing.barred.union(said.barred))
        return said.text
