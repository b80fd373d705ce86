"""HTML for every region of the page, from Jinja templates that escape by default.

Owns: which values each template gets, and the wording around them. Does not own: the flow of a
turn (`ui.conversation`), the parts of a card (`ui.cards`), Gradio (`ui.page`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

from assistant.chips import ChipKind, chips, condition_labels
from assistant.state import LlmStatus, Quote, Session, Suggestion, Turn
from assistant.summary import summary
from catalog import Catalog, Relaxation, Schema
from ui.cards import card_views
from ui.tables import TableView, table_view

_GROUPS: tuple[tuple[str, str, tuple[ChipKind, ...]], ...] = (
    ("You like", "like", ("like", "preference", "topic")),
    ("You avoid", "avoid", ("dislike", "avoid")),
    ("Must have", "must", ("constraint",)),
    ("Put off for now", "later", ("later",)),
)
_EVENTS = {
    "like": "You liked {title}",
    "dislike": "Not for you: {title}",
    "seen": "You have {consumed} {title}",
    "later": "Not now: {title}",
    "more": "More like {title}",
    "remove": "Removed {title}",
    "always": "For always: {title}",
    "now": "For now only: {title}",
    "undo": "Took back the last step",
    "reset": "Started over",
}
_TIER_NOTES = {
    "none": "No language model is used: replies are put together from the evidence.",
    "embedded": "The language model runs on this machine; it words replies and picks nothing.",
    "endpoint": "The language model is a remote service; it words replies and picks nothing.",
}
_SILENT_NOTE = "The language model gave nothing usable for this reply; the note below it says why."
_LABEL_LENGTH = 60

ReplyStage = Literal["waiting", "writing", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the transcript: what the person did, and what was answered."""

    text: str
    kind: str = "say"
    reply: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    language: str = "en"
    table: TableView | None = None
    quotes: tuple[Quote, ...] = ()

    @property
    def button(self) -> bool:
        """Whether it was a button and not words."""
        return self.kind != "say"

    @property
    def icon(self) -> str:
        """The drawing beside a button's line."""
        return "undo" if self.kind == "reset" else self.kind


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done next as a button: what it does, its label, and how many items that leaves.

    A suggestion says its target; a relaxation removes its target's conditions, one a line.
    """

    target: str
    label: str
    gain: str


class Renderer:
    """Turns sessions into HTML. Every value is escaped by the templates, posters by `ui.poster`."""

    def __init__(self, catalog: Catalog, name: str) -> None:
        self._catalog = catalog
        self._name = name
        self._templates = Environment(
            loader=PackageLoader("ui"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def header(
        self,
        session: Session | None,
        llm: LlmStatus,
        lost: str = "",
        person: str = "",
        *,
        forgotten: bool = False,
    ) -> str:
        """Return the bar at the top.

        It says who words the replies: `llm` as configured, unless that failed in the last turn. It
        carries the session's id and label for the browser's list, and the id of a session that is
        `lost`, to be taken off it. `person` is an id for the browser to keep; after `forgotten` it
        keeps nothing.
        """
        turns = session.turns if session else ()
        said = [turn.user for turn in turns if not _is_button(turn)]
        # A model that gave nothing usable leaves a warning, and the templates' mark on the turn.
        silent = bool(
            llm.tier != "none" and turns and turns[-1].llm.tier == "none" and turns[-1].warnings
        )
        return self._render(
            "header.html",
            name=self._name,
            session_id=session.session_id if session else "",
            label=_shorten(said[0]) if said else "",
            lost=lost,
            person=person,
            forgotten=forgotten,
            tier="down" if silent else llm.tier,
            tier_label="Replies by templates for now" if silent else _tier_label(llm),
            tier_note=_SILENT_NOTE if silent else _TIER_NOTES[llm.tier],
        )

    def thread(self, turns: Sequence[Turn], pending: str | None = None) -> str:
        """Return the transcript up to and with the last thing the person said.

        Parameters
        ----------
        turns : sequence of Turn
            Oldest first. Without `pending`, the last one's reply is left to `reply`.
        pending : str, optional
            What the person said just now, before there is a turn for it.
        """
        schema = self._catalog.schema
        entries = [self._entry(turn, last=False) for turn in turns]
        if pending is not None:
            entries.append(Entry(pending))
        elif turns:
            entries[-1] = self._entry(turns[-1], last=True)
        return self._render(
            "thread.html",
            name=self._name,
            empty=not entries,
            entries=entries,
            openers=schema.openers,
            count=f"{len(self._catalog):,}",
            plural=schema.plural,
        )

    def reply(
        self,
        text: str,
        stage: ReplyStage = "done",
        warnings: tuple[str, ...] = (),
        language: str = "en",
        table: TableView | None = None,
        quotes: tuple[Quote, ...] = (),
    ) -> str:
        """Return the latest answer.

        Parameters
        ----------
        text : str
            Plain; lines become paragraphs.
        stage : {"waiting", "writing", "done", "failed"}
            ``waiting`` for the cards, ``writing`` the prose; ``failed`` is brought into sight.
        warnings : tuple of str
            Shown below.
        language : str
            Of `text`, for screen readers; the page itself is in English.
        table : TableView, optional
            Shown below the text.
        quotes : tuple of Quote
            Whose pages are linked to below the text.
        """
        return self._render(
            "reply.html",
            name=self._name,
            stage=stage,
            paragraphs=_paragraphs(text),
            warnings=warnings,
            language=language,
            table=table,
            quotes=quotes,
        )

    def table(self, turn: Turn) -> TableView | None:
        """Return the comparison that `turn` answers with, if it does."""
        return table_view(turn, self._catalog.schema)

    def slate(self, turn: Turn | None) -> str:
        """Return the cards of `turn`; empty where it has none."""
        cards = card_views(turn, self._catalog) if turn else ()
        return self._render(
            "slate.html",
            cards=cards,
            heading=self.found(turn) if turn else "",
            language=turn.language if turn else "en",
            suggestions=[self._suggestion(one) for one in turn.suggestions] if turn else [],
            consumed=self._catalog.schema.consumed.capitalize(),
        )

    def found(self, turn: Turn) -> str:
        """Return how many cards there are, in words: the slate's heading and announcement."""
        schema, count = self._catalog.schema, len(turn.cards)
        return f"{count} {schema.noun if count == 1 else schema.plural} for you"

    def ask(self, turn: Turn | None) -> str:
        """Return the question's quick replies and the relaxations that `turn` offers."""
        return self._render(
            "ask.html",
            question=turn.question if turn else None,
            language=turn.language if turn else "en",
            said=bool(turn and turn.question and turn.question.text in turn.reply),
            offers=[self._offer(relaxation) for relaxation in turn.relaxations] if turn else [],
        )

    def profile(
        self, session: Session | None, hours: float = 24, *, remembered: bool = False
    ) -> str:
        """Return all that is held of the person, as chips in groups and in plain words.

        Parameters
        ----------
        session : Session or None
            None before the first words of a stranger.
        hours : float
            How long an anonymous conversation is kept.
        remembered : bool
            Whether the person asked to be known again on this device.
        """
        schema = self._catalog.schema
        entries = chips(session.profile, schema) if session else ()
        wanted = (*_GROUPS, (schema.consumed.capitalize(), "seen", ("seen",)))
        groups = [
            {"title": title, "kind": kind, "chips": [c for c in entries if c.kind in kinds]}
            for title, kind, kinds in wanted
        ]
        return self._render(
            "profile.html",
            groups=[group for group in groups if group["chips"]],
            can_undo=bool(session and session.turns),
            plainly=_plainly(session, schema) if session and entries else "",
            remembered=remembered,
            hours=f"{hours:g}",
        )

    def _entry(self, turn: Turn, *, last: bool) -> Entry:
        text, kind = self._event(turn) if _is_button(turn) else (turn.user, "say")
        # A press leaves one line: the cards that it changed are those below.
        if last or kind != "say":
            return Entry(text, kind)
        titles = tuple(card.title for card in turn.cards)
        reply, table = _paragraphs(turn.reply), self.table(turn)
        return Entry(text, kind, reply, titles, turn.language, table, quotes_of(turn))

    def _event(self, turn: Turn) -> tuple[str, str]:
        kind, _, target = turn.user.removeprefix("/").partition(" ")
        title = _shorten(target.replace("\n", ", "))
        if target in self._catalog.rows:
            title = self._catalog.item(target).title
        consumed = self._catalog.schema.consumed
        return _EVENTS.get(kind, turn.user).format(title=title, consumed=consumed), kind

    def _offer(self, relaxation: Relaxation) -> Offer:
        labels = condition_labels(relaxation.drop, self._catalog.schema)
        return Offer(
            target="\n".join(str(row) for row in relaxation.drop),
            label=" and ".join(labels),
            gain=self._count(relaxation.items),
        )

    def _suggestion(self, suggestion: Suggestion) -> Offer:
        return Offer(suggestion.message, suggestion.label, self._count(suggestion.items))

    def _count(self, number: int) -> str:
        schema = self._catalog.schema
        return f"{number:,} {schema.noun if number == 1 else schema.plural}"

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(**values)


def quotes_of(turn: Turn) -> tuple[Quote, ...]:
    """Return what `turn` quotes of the help pages."""
    return turn.answer.quotes if turn.answer else ()


def _plainly(session: Session, schema: Schema) -> str:
    language = session.turns[-1].language if session.turns else "en"
    return summary(session.profile, schema, language)


def _is_button(turn: Turn) -> bool:
    return "button" in turn.acts


def _tier_label(llm: LlmStatus) -> str:
    if llm.tier == "none":
        return "Replies by templates"
    return f"Language model: {llm.model or llm.tier}"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _shorten(text: str) -> str:
    return text if len(text) <= _LABEL_LENGTH else f"{text[: _LABEL_LENGTH - 1].rstrip()}…"
