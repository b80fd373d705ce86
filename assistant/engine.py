"""The turn, on one page: words in, checked picks and prose out.

Owns: `Assistant`, the order of the stages, and what is stored when. Does not own: any stage. The
core is synchronous; `Assistant.respond` is a generator so that cards need not wait for prose.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.commands import Command
from assistant.events import CardsReady, Event, Finished, Prose
from assistant.explanation import Writing
from assistant.gate import Gate
from assistant.handover import called_for, handover_reason
from assistant.parts import EngineConfig, Parts
from assistant.people import People
from assistant.reading import Reader, Reading
from assistant.recall import within
from assistant.slates import SlateMaker
from assistant.state import (
    SMALL_TALK,
    Answer,
    Ask,
    Asker,
    Evidence,
    Found,
    LlmStatus,
    Session,
    Turn,
    Understanding,
)
from assistant.stopwatch import Stopwatch
from catalog import Catalog, Constraint
from catalog.errors import ChatModelError

logger = logging.getLogger(__name__)


class Assistant:
    """A catalogue's recommendation assistant. Safe to share between threads."""

    def __init__(self, parts: Parts, config: EngineConfig = EngineConfig()) -> None:
        self._parts = parts
        self._config = config
        self._gate = Gate(config.at_once)
        self._reader = Reader(parts)
        self._slates = SlateMaker(parts, config)
        self._people = People(parts.store, parts.catalog, config.memory)

    @property
    def catalog(self) -> Catalog:
        """What is recommended."""
        return self._parts.catalog

    @property
    def parts(self) -> Parts:
        """What a turn runs through."""
        return self._parts

    @property
    def config(self) -> EngineConfig:
        """How a turn runs."""
        return self._config

    @property
    def llm(self) -> LlmStatus:
        """Which tier writes the prose, as configured."""
        return self._parts.explainer.status

    @property
    def people(self) -> People:
        """Whom it talks with: what is known of them, and how to erase it."""
        return self._people

    def start(self, user_id: str | None = None) -> Session:
        """Return a new session, which knows what lasts of `user_id` from earlier ones."""
        return self._people.begin(user_id)

    def resume(self, session_id: str) -> Session:
        """Return a stored session with all its turns; raises `UnknownSessionError`."""
        return self._people.resume(session_id)

    def search(
        self,
        text: str,
        conditions: Sequence[Constraint] = (),
        limit: int = 5,
        asker: Asker = Asker(),
    ) -> Found:
        """Return the `limit` best items for `text` under `conditions`, found as a turn finds them.

        Takes no turn and stores nothing.

        Parameters
        ----------
        text : str
            What is searched for; without it, what the asker wants.
        conditions : sequence of Constraint
            Must hold, beside what the asker's profile says.
        asker : Asker
            For whom: what they refused or know does not come back.

        Raises
        ------
        ConstraintError
            When the schema cannot express a condition.
        """
        profile = asker.profile
        said = {row.facet for row in profile.constraints if row.op == "="}
        # A search narrows what the person said, it does not add an alternative to it.
        added = (replace(c, together=c.op == "=" and c.facet in said) for c in conditions)
        wanted = replace(
            profile,
            topics=(text,) if text else profile.topics,
            constraints=(*profile.constraints, *added),
        )
        return self._slates.search(asker.session, wanted, limit)

    def answer(self, asks: Sequence[Ask], session: Session) -> Answer:
        """Return what is answered to `asks` in `session`, without taking a turn.

        Raises
        ------
        UnknownItemError
            When an item is asked about that the catalogue lacks.
        """
        session = self._current(session)
        for ask in asks:
            for item_id in ask.items:
                self.catalog.row(item_id)
        language = session.turns[-1].language if session.turns else "en"
        asked = Understanding(("ask",), asks=tuple(asks), language=language)
        turn = Turn(len(session.turns) + 1, "", asked.acts, "", None, session.profile, ())
        return self._slates.answer(session, turn, asked)

    def warm_up(self) -> None:
        """Search and score once, so that the first person does not wait for files to be read."""
        self._slates.warm_up()

    def respond(
        self, session: Session, message: str | Command, *, reachable: bool = False
    ) -> Iterator[Event]:
        """Take one turn: `CardsReady`, then `Prose` pieces, then `Finished`.

        Parameters
        ----------
        session : Session
            As returned by `start`, `resume` or the last `Finished`.
        message : str or Command
            Words, a button line such as ``"/like 2"``, or a button.
        reachable : bool
            Whether the caller can bring a human into the conversation. Only then is one promised:
            the caller acts on `Turn.handover`.

        Yields
        ------
        Event
            By the time of `CardsReady` the profile change is durably stored, so a caller may stop
            listening after it.

        Raises
        ------
        StoreError
            When the turn cannot be stored, or another window has taken it.
        """
        watch = Stopwatch()
        with self._gate:
            session = self._current(session)
            number = len(session.turns) + 1
            reading = self._reader.read(session, message, number)
            watch.lap("understand")
            turn = _begun(number, message, reading)
            turn, writing = self._compose(session, turn, reading, watch, reachable)
            watch.total("cards")
        turn = replace(turn, timings_ms=watch.timings)
        longer = self._parts.store.append(session, turn)
        yield CardsReady(turn)
        second, notes = self._think_again(session, reading, message)
        if second is not None or notes:
            watch.lap("reread")
        if second is not None and (second.picks or second.profile != turn.profile):
            turn = _begun(number, message, second)
            with self._gate:
                turn, writing = self._compose(session, turn, second, watch, reachable)
            longer = self._parts.store.revise(longer, turn)
            yield CardsReady(turn)
        pieces: list[str] = []
        for piece in writing.pieces():
            pieces.append(piece)
            yield Prose(piece)
        watch.lap("explain")
        watch.total("total")
        finished = replace(
            turn,
            reply="".join(pieces),
            llm=writing.status,
            warnings=turn.warnings + notes + writing.warnings,
            timings_ms=watch.timings,
        )
        # Templates are complete in the draft: only what came later needs a second write.
        if replace(finished, timings_ms={}) != replace(longer.turns[-1], timings_ms={}):
            longer = self._parts.store.revise(longer, finished)
        longer = replace(longer, turns=(*session.turns, finished))
        yield Finished(longer, finished)

    def _think_again(
        self, session: Session, reading: Reading, message: str | Command
    ) -> tuple[Reading | None, tuple[str, ...]]:
        """Return what a capable model makes of the message, or None; and what did not work."""
        notes: tuple[str, ...] = ()
        if self._parts.planner is not None and reading.said:
            try:
                planned = self._parts.planner.plan(self, session, reading)
            except ChatModelError as error:
                planned, notes = None, (f"The agent could not be used ({error}).",)
            if planned is not None:
                return planned, notes
        return self._reader.read_again(message, reading, len(session.turns) + 1), notes

    def _compose(
        self, session: Session, turn: Turn, reading: Reading, watch: Stopwatch, reachable: bool
    ) -> tuple[Turn, Writing]:
        """Return `turn` with its slate and its reply from templates, and the reply to be told."""
        understood = reading.understood
        evidence: tuple[Evidence, ...] = ()
        config = self._config.handover
        called = reachable and called_for(turn, config) is not None
        if called or understood.only_asks or SMALL_TALK.issuperset(understood.acts):
            last = session.turns[-1] if session.turns else turn
            turn = replace(turn, cards=last.cards, suggestions=last.suggestions)
        else:
            turn, evidence = self._slates.make(session, turn, understood, watch, reading.picks)
        if understood.asks and not called:
            turn = replace(turn, answer=self._slates.answer(session, turn, understood))
        if reading.help and not called:
            turn = replace(turn, answer=reading.help.before(turn.answer))
        if reachable:
            turn = replace(turn, handover=handover_reason(session, turn, config))
        writing = self._parts.explainer.begin(session, turn, understood, evidence)
        watch.lap("compose")
        turn = replace(turn, reply=writing.draft, llm=writing.status, timings_ms=watch.timings)
        return replace(turn, language=writing.language), writing

    def _current(self, session: Session) -> Session:
        """Return `session` as the catalogue of today has it: it may have been replaced since."""
        if not session.turns:
            return replace(session, memory=within(session.memory, self.catalog))
        *past, last = session.turns
        cards = tuple(card for card in last.cards if card.item_id in self.catalog.rows)
        last = replace(last, cards=cards, profile=within(last.profile, self.catalog))
        return replace(session, turns=(*past, last))


def _begun(number: int, message: str | Command, reading: Reading) -> Turn:
    understood = reading.understood
    return Turn(
        number, str(message), understood.acts, "", None, reading.profile, (),
        missing_titles=understood.missing_titles, warnings=reading.warnings,
    )  # fmt: skip
