"""What a simulated person still has to say.

Owns: `Agenda`. Does not own: when any of it is said (`evaluation.simulation.user`).

An agenda is a stack: what comes to mind first is on top (Schatzmann et al., "Agenda-based user
simulation for bootstrapping a POMDP dialogue system", NAACL-HLT 2007).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from assistant.state import Question
from catalog import Catalog, Item
from evaluation.simulation.facts import Fact, Facts
from evaluation.simulation.needs import Need

_EXAMPLES = 3


class Agenda:
    """Facts and examples, taken off as they are said.

    Attributes
    ----------
    facts : list of Fact
        Not yet said, next first.
    examples : list of Item
        Liked before and not yet named, next first.
    mistake : Fact or None
        Said, or about to be, and wrong; None once it is corrected.
    corrected : Fact or None
        What is right instead.
    """

    def __init__(self, need: Need, catalog: Catalog, facts: Facts, rng: Random) -> None:
        self._need, self._catalog, self._source, self._rng = need, catalog, facts, rng
        self.mistake = need.mistake
        # Who errs says the wrong thing first, and the right one when they notice.
        self.corrected = need.facts[0] if need.mistake else None
        self.facts = list(need.facts[1:] if need.mistake else need.facts)
        self.examples = self._examples()

    def take(self, most: int, beside: Sequence[Fact] = ()) -> list[Fact]:
        """Take the next facts, as many as can be said together, and with those `beside` them."""
        taken: list[Fact] = []
        for fact in list(self.facts):
            if len(taken) < most and self._source.fits(*beside, *taken, fact):
                taken.append(fact)
                self.facts.remove(fact)
        return taken

    def answer(self, question: Question, said: Collection[Fact]) -> list[Fact]:
        """Return what truly answers `question`, off the agenda where it was on it."""
        for fact in self.facts:
            if fact.facet == question.facet and not fact.negative:
                self.facts.remove(fact)
                return [fact]
        facet = self._catalog.schema.facet(question.facet)
        targets = sorted(self._need.targets)
        if facet.kind == "number":
            return self._source.shared_bounds(facet, targets)
        return self._source.shared_values(facet, targets, said)[:1]

    def _examples(self) -> list[Item]:
        """Return items to name, those most like what is wanted more often first."""
        need, rng = self._need, self._rng
        positive = [fact for fact in need.facts if not fact.negative]
        rows = need.person.liked.tolist()

        def order(row: int) -> float:
            alike = sum(not self._source.breaks(row, fact) for fact in positive)
            return rng.random() ** (1 / (1 + alike))

        chosen = sorted(rows, key=order, reverse=True)[:_EXAMPLES]
        return [self._catalog.items[row] for row in chosen]
