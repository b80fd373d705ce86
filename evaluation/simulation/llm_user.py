"""A simulated person who is put into words by a language model.

Owns: `LlmUser`. Does not own: the model (`assistant.llm`), the agenda and the fallback
(`evaluation.simulation.user`), or what counts as a leak (`evaluation.simulation.leaks`).

The rule user decides what is said, when an item is taken and when to give up; the model is never
told a target. It may guess one all the same, so every message is audited before the recommender
sees it: one that leaks is asked for again, and after that the rule user's own words go out.
"""

from __future__ import annotations

import logging
from importlib import resources

from assistant.llm import ChatModel
from assistant.prompts import Prompt, inert, parse_prompt
from assistant.state import Context, Turn
from assistant.understanding import Understander
from catalog import Catalog, Constraint
from catalog.errors import ChatModelError
from evaluation.simulation.leaks import LeakAudit
from evaluation.simulation.needs import Need
from evaluation.simulation.talking import Accept, GiveUp, Standing
from evaluation.simulation.user import RuleUser

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_LONGEST = 300


class LlmUser:
    """A `SimulatedUser` who says the rule user's messages in a model's words.

    Parameters
    ----------
    rule : RuleUser
        What is said; its audit has heard what Vouch named.
    need : Need
        What is wanted, for the prompt: conditions and examples, never targets.
    catalog : Catalog
        What is recommended.
    audit : LeakAudit
        Of this need's targets; its own, not the rule user's.
    understander : Understander
        Reads what a message means, for the rule that no message may fit too few items.
    model : ChatModel
        Writes.
    deadline_s : float
        For one message.
    """

    def __init__(
        self,
        rule: RuleUser,
        need: Need,
        catalog: Catalog,
        audit: LeakAudit,
        understander: Understander,
        model: ChatModel,
        deadline_s: float = 20.0,
    ) -> None:
        self._rule, self._need, self._catalog, self._audit = rule, need, catalog, audit
        self._understander, self._model, self._deadline_s = understander, model, deadline_s
        self._prompt = load()
        self._talk: list[str] = []
        self._turn: Turn | None = None

    @property
    def standing(self) -> Standing:
        """Nothing: what a model's words commit to is not known; Vouch's ledger is still checked."""
        return Standing()

    def open(self) -> str:
        """See `SimulatedUser.open`."""
        return self._reword(self._rule.open())

    def reply(self, turn: Turn) -> str | Accept | GiveUp:
        """See `SimulatedUser.reply`."""
        self._audit.hear(turn)
        self._turn = turn
        shown = "; ".join(f"{at}. {card.title}" for at, card in enumerate(turn.cards, 1))
        self._talk.append(f"Assistant: {inert(turn.reply, _LONGEST)} [{inert(shown, _LONGEST)}]")
        message = self._rule.reply(turn)
        return self._reword(message) if isinstance(message, str) else message

    def _reword(self, message: str) -> str:
        """Return `message` in the model's words, or as it is where they leak or do not come."""
        for _ in range(_ATTEMPTS):
            try:
                written = self._write(message)
            except ChatModelError as error:
                logger.info("the simulated person speaks by rule: %s", error)
                break
            if written and not self._leaks(written):
                message = written
                break
        self._talk.append(f"You: {message}")
        return message

    def _write(self, intent: str) -> str:
        conditions = [str(c) for fact in self._need.facts for c in fact.constraints]
        liked = [self._catalog.items[row].title for row in self._need.person.liked.tolist()[:3]]
        system, user = self._prompt.fill(
            noun=self._catalog.schema.noun,
            habits=self._need.persona.name,
            wants=inert(", ".join(conditions)) or "nothing in particular",
            examples=inert(", ".join(t for t in liked if not self._audit.leak(t))) or "nothing",
            conversation="\n".join(self._talk) or "(you speak first)",
            intent=inert(intent),
        )
        pieces = self._model.complete(system, user, deadline_s=self._deadline_s, stop=("\n\n",))
        # A slash would press a button.
        return " ".join("".join(pieces).split())[:_LONGEST].strip("\"' /")

    def _leaks(self, message: str) -> bool:
        slate = tuple(card.item_id for card in self._turn.cards) if self._turn else ()
        context = Context(len(self._talk) // 2 + 1, slate=slate)
        read = self._understander.understand(message, context)
        wishes = [Constraint(p.facet, "=", p.value) for p in read.preferences if p.weight > 0]
        numeric = {f.name for f in self._catalog.schema.facets if f.kind == "number"}
        meaning = [*read.constraints, *(wish for wish in wishes if wish.facet not in numeric)]
        return bool(self._audit.leak(message, meaning))


def load() -> Prompt:
    """Return the prompt that the model plays its part by."""
    file = resources.files("evaluation") / "simulation" / "prompts" / "user.md"
    return parse_prompt("user", file.read_text(encoding="utf-8"))
