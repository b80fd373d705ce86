"""One person's action, turned into a stream of page updates.

Owns: the order in which the regions change, what an error looks like, two presses at once. Does
not own: the turn itself (`assistant.engine`), markup (`ui.rendering`) or Gradio (`ui.page`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Literal, get_args
from weakref import WeakValueDictionary

from assistant.commands import Command, CommandKind
from assistant.events import CardsReady, Event, Finished, Prose
from assistant.people import device_id, is_device
from assistant.state import Session, Turn
from catalog.errors import UnknownSessionError, VouchError
from ui.rendering import Renderer, quotes_of

if TYPE_CHECKING:
    from assistant.engine import Assistant

PageKind = Literal["say", "relax", "new", "open", "remember", "forget"]
ActionKind = Literal[CommandKind, PageKind]

_PROSE_INTERVAL = 0.06
"""Seconds between two updates of a reply being written: more is not seen, and costs a message."""

LOST = "That conversation is no longer kept here, so this is a new one."
REMEMBERED = "You are remembered on this device from now on."
FORGOTTEN = "Everything that was kept of you is erased."
FAILED = "Something went wrong on our side. Nothing you said before is lost: please try again."


@dataclass(frozen=True, slots=True)
class Action:
    """What the person did.

    Attributes
    ----------
    kind : str
        A button of `Command`; ``say`` with the words as target; ``relax`` with conditions, one a
        line; ``new``; ``open`` with a session id; ``remember`` and ``forget`` the person.
    target : str
        What it was done to.
    """

    kind: ActionKind
    target: str = ""

    @classmethod
    def parse(cls, kind: object, target: object) -> Action:
        """Return the action that a browser asked for.

        Raises
        ------
        VouchError
            When it is not one that the page has.
        """
        for known in (*get_args(CommandKind), *get_args(PageKind)):
            if kind == known:
                return cls(known, str(target))
        raise VouchError(f"the page has no action {kind!r}; reload it")


@dataclass(frozen=True, slots=True)
class View:
    """New contents of the page's regions; None leaves one as it is.

    Attributes
    ----------
    session_id : str or None
        The conversation that the page now shows.
    message : str or None
        The composer's text.
    header, thread, reply, slate, ask, profile : str or None
        HTML.
    status : str or None
        Said by screen readers.
    """

    session_id: str | None = None
    message: str | None = None
    header: str | None = None
    thread: str | None = None
    reply: str | None = None
    slate: str | None = None
    ask: str | None = None
    profile: str | None = None
    status: str | None = None


@dataclass(slots=True, weakref_slot=True)
class _Lane:
    """What happens in one session now: who may start a turn, and whose output is shown."""

    lock: Lock = field(default_factory=Lock)
    latest: object = None


class Conversations:
    """All conversations of one server. Nothing of them is kept here: the store is the truth."""

    def __init__(self, assistant: Assistant, renderer: Renderer) -> None:
        self._assistant = assistant
        self._renderer = renderer
        self._lanes: WeakValueDictionary[str, _Lane] = WeakValueDictionary()
        self._lanes_lock = Lock()

    def opened(self, session_id: str, person: str = "") -> View:
        """Return the whole page for a session; a new, empty one for ``""`` or an unknown id.

        `person` is whom the browser says it is for: an id that it was given, or ``""``.
        """
        if not session_id:
            return self._whole(self._unbegun(person), person)
        try:
            return self._whole(self._resumed(session_id, person), person)
        except UnknownSessionError:
            return replace(
                self._whole(self._unbegun(person), person),
                header=self._renderer.header(None, self._assistant.llm, lost=session_id),
                reply=self._renderer.reply(LOST),
                status=LOST,
            )

    def act(self, session_id: str, action: Action, person: str = "") -> Iterator[View]:
        """Carry out `action` and yield what changes: cards first, prose as it comes.

        A `VouchError` becomes a reply, and what was typed goes back to the composer.
        """
        try:
            yield from self._turns(session_id, action, person)
        except VouchError as error:
            yield self._failed(session_id, action, str(error), person)

    def failed(self, session_id: str, words: str, person: str = "") -> View:
        """Return what the page shows after an error that nobody foresaw; `words` go back."""
        return self._failed(session_id, Action("say", words), FAILED, person)

    def _turns(self, session_id: str, action: Action, person: str) -> Iterator[View]:
        target = action.target
        match action.kind:
            case "new" | "open":
                yield self.opened(target, person)
            case "remember":
                yield self._remembered(session_id, person)
            case "forget":
                yield self._forgotten(person)
            case "say":
                if not target.strip():
                    return
                session = self._begun(session_id, person)
                yield self._pending(session, target)
                yield from self._turn(session.session_id, target, person)
            case "relax":
                yield from self._turn(session_id, Command("remove", target), person)
            case kind:
                session = self._begun(session_id, person)
                yield from self._turn(session.session_id, Command(kind, target), person)

    def _resumed(self, session_id: str, person: str) -> Session:
        """Return a conversation that is nobody's, or this person's; another's is not told of.

        Raises
        ------
        UnknownSessionError
            For every other.
        """
        session = self._assistant.resume(session_id)
        if session.user_id is not None and session.user_id != person:
            raise UnknownSessionError(f"no conversation {session_id!r}; start a new one")
        return session

    def _unbegun(self, person: str) -> Session | None:
        """Return what a conversation would begin with, without storing it; None with a stranger."""
        if not is_device(person):
            return None
        return Session("", person, memory=self._assistant.people.known(person))

    def _begun(self, session_id: str, person: str) -> Session:
        """Return the session; it starts with the first words or press, not with the page."""
        user_id = person if is_device(person) else None
        if not session_id:
            return self._assistant.start(user_id)
        session = self._resumed(session_id, person)
        if user_id is not None and session.user_id is None:
            return self._assistant.people.adopt(session_id, user_id)
        return session

    def _remembered(self, session_id: str, person: str) -> View:
        person = person if is_device(person) else device_id()
        session = self._begun(session_id, person) if session_id else self._unbegun(person)
        return replace(
            self._whole(session, person),
            header=self._renderer.header(session, self._assistant.llm, person=person),
            status=REMEMBERED,
        )

    def _forgotten(self, person: str) -> View:
        if is_device(person):
            self._assistant.people.forget(person)
        return replace(
            self._whole(None, ""),
            header=self._renderer.header(None, self._assistant.llm, forgotten=True),
            reply=self._renderer.reply(FORGOTTEN),
            status=FORGOTTEN,
        )

    def _turn(self, session_id: str, message: str | Command, person: str) -> Iterator[View]:
        lane, token = self._lane(session_id), object()
        with lane.lock:  # The turn is stored with its cards: the next one may start from there.
            lane.latest = token
            before = self._resumed(session_id, person)
            events = self._assistant.respond(before, message)
            first = next(events)
        for view in self._views(before, first, events, person):
            # Prose of a turn that is no longer the last one is stored, but not shown.
            if lane.latest is token:
                yield view

    def _views(
        self, before: Session, first: Event, rest: Iterator[Event], person: str
    ) -> Iterator[View]:
        reply, language, shown_at = "", "en", 0.0
        for event in chain((first,), rest):
            match event:
                case CardsReady(turn):
                    language = turn.language
                    yield self._cards(before, turn, person)
                case Prose(text):
                    reply += text
                    if monotonic() - shown_at >= _PROSE_INTERVAL:
                        shown_at = monotonic()
                        yield View(reply=self._renderer.reply(reply, "writing", language=language))
                case Finished(session, turn):
                    yield self._finished(session, turn, person)

    def _lane(self, session_id: str) -> _Lane:
        with self._lanes_lock:
            lane = self._lanes.get(session_id)
            if lane is None:
                lane = self._lanes[session_id] = _Lane()
            return lane

    def _pending(self, session: Session, words: str) -> View:
        return View(
            session_id=session.session_id,
            message="",
            thread=self._renderer.thread(session.turns, words),
            reply=self._renderer.reply("", "waiting"),
            ask=self._renderer.ask(None),
            status="",
        )

    def _cards(self, before: Session, turn: Turn, person: str) -> View:
        after = replace(before, turns=(*before.turns, turn))
        return View(
            thread=self._renderer.thread(after.turns),
            reply=self._renderer.reply("", "writing"),
            slate=self._renderer.slate(turn),
            ask=self._renderer.ask(turn),
            profile=self._profile(after, person),
            status=self._renderer.found(turn) if turn.cards else "",
        )

    def _finished(self, session: Session, turn: Turn, person: str) -> View:
        said = (*((self._renderer.found(turn),) if turn.cards else ()), turn.reply)
        return replace(self._whole(session, person), status=". ".join(said))

    def _profile(self, session: Session | None, person: str) -> str:
        hours = self._assistant.people.config.anonymous_hours
        return self._renderer.profile(session, hours, remembered=is_device(person))

    def _reply(self, turn: Turn) -> str:
        draw = self._renderer
        table, quotes = draw.table(turn), quotes_of(turn)
        return draw.reply(turn.reply, "done", turn.warnings, turn.language, table, quotes)

    def _whole(self, session: Session | None, person: str) -> View:
        turns = session.turns if session else ()
        last = turns[-1] if turns else None
        draw = self._renderer
        return View(
            session_id=session.session_id if session else "",
            header=draw.header(session, self._assistant.llm),
            thread=draw.thread(turns),
            reply=self._reply(last) if last else "",
            slate=draw.slate(last),
            ask=draw.ask(last),
            profile=self._profile(session, person),
            status="",
        )

    def _failed(self, session_id: str, action: Action, message: str, person: str) -> View:
        view = self.opened(session_id, person)
        words = action.target if action.kind == "say" else None
        return replace(
            view,
            message=words,
            reply=self._renderer.reply("", "failed", (message,)),
            status=message,
        )
