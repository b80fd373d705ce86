"""One simulated person talks with one system.

Owns: `play`, and what is kept of a conversation. Does not own: who talks
(`evaluation.simulation.user`, `evaluation.simulation.systems`) or what is measured over many.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from assistant.engine import Assistant
from assistant.events import Finished
from assistant.llm import ChatModel
from assistant.state import Session, Turn
from catalog import Catalog
from evaluation.simulation.facts import Facts
from evaluation.simulation.leaks import LeakAudit
from evaluation.simulation.llm_user import LlmUser
from evaluation.simulation.needs import Need
from evaluation.simulation.systems import Bench, System
from evaluation.simulation.talking import Accept, GiveUp, SimulatedUser, Standing
from evaluation.simulation.user import RuleUser
from evaluation.simulation.wording import Speaker


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and what came of it.

    Attributes
    ----------
    user, reply : str
        Both sides.
    question : str
        Facet that the reply asks about, or empty.
    items : tuple of str
        Ids shown, best first.
    broken : int
        Cards that break a condition of the ledger.
    repeated : int
        Cards that the ledger has as refused, seen or put off.
    missed : int
        Cards that go against what the person said, understood or not.
    """

    user: str
    reply: str
    question: str
    items: tuple[str, ...]
    broken: int
    repeated: int
    missed: int


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A whole conversation.

    Attributes
    ----------
    system : str
        Who recommended.
    need : Need
        Who asked for what.
    exchanges : tuple of Exchange
        In order; never empty.
    accepted : str
        Id of the target taken; empty where the person gave up.
    """

    system: str
    need: Need
    exchanges: tuple[Exchange, ...]
    accepted: str

    @property
    def turns_to_success(self) -> int | None:
        """The turn at which a target was shown, from 1."""
        return len(self.exchanges) if self.accepted else None


def rule_user(need: Need, bench: Bench, seed: int) -> RuleUser:
    """Return the simulated person of `need`, who is the same whatever the system."""
    rng = Random(f"user {seed} {need.number}")  # noqa: S311 - a simulation, no secret
    return RuleUser(
        need,
        bench.catalog,
        LeakAudit(bench.catalog, bench.titles, need.targets, bench.fewest),
        Facts(bench.catalog, bench.fewest, rng),
        Speaker(bench.catalog, need.persona, rng),
        rng,
    )


def llm_user(need: Need, bench: Bench, seed: int, model: ChatModel) -> LlmUser:
    """Return the simulated person of `need` in a language model's words."""
    audit = LeakAudit(bench.catalog, bench.titles, need.targets, bench.fewest)
    rule = rule_user(need, bench, seed)
    return LlmUser(rule, need, bench.catalog, audit, bench.parts.understander, model)


def play(need: Need, user: SimulatedUser, name: str, system: System, bench: Bench) -> Dialogue:
    """Return the conversation of `user` with `system`, which is called `name`.

    Raises
    ------
    LeakError
        When the person names a target before the system did, whoever speaks for them.
    """
    audit = LeakAudit(bench.catalog, bench.titles, need.targets, bench.fewest)
    assistant = system.build(bench, need)
    session = assistant.start()
    message: str | Accept | GiveUp = user.open()
    exchanges: list[Exchange] = []
    while isinstance(message, str):
        audit.check(message)
        session, turn = _respond(assistant, session, message)
        exchanges.append(_exchange(turn, user.standing, bench.catalog))
        audit.hear(turn)
        message = user.reply(turn)
        if not system.remembers:
            session = assistant.start()
    accepted = message.item_id if isinstance(message, Accept) else ""
    return Dialogue(name, need, tuple(exchanges), accepted)


def _respond(assistant: Assistant, session: Session, message: str) -> tuple[Session, Turn]:
    finished = [e for e in assistant.respond(session, message) if isinstance(e, Finished)]
    return finished[-1].session, finished[-1].turn


def _exchange(turn: Turn, standing: Standing, catalog: Catalog) -> Exchange:
    profile = turn.profile
    away = {o.item_id for o in (*profile.dislikes, *profile.seen, *profile.later)}
    kept = catalog.facets.mask(profile.constraints)
    meant = catalog.facets.mask(c for f in standing.facts if f.hard for c in f.constraints)
    shown = [(card.item_id, catalog.rows[card.item_id]) for card in turn.cards]
    return Exchange(
        user=turn.user,
        reply=turn.reply,
        question=turn.question.facet if turn.question else "",
        items=tuple(item_id for item_id, _ in shown),
        broken=sum(not kept[row] for _, row in shown),
        repeated=sum(item_id in away for item_id, _ in shown),
        missed=sum(item_id in standing.barred or not meant[row] for item_id, row in shown),
    )
