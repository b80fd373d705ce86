"""The installation, from its operator's side: what runs, what people said, what they missed.

Owns: the routes under ``/admin`` that the operator's page reads; they change nothing. Does not own:
the page (``ui/operator``), what is counted (`assistant.reporting`), the agents' routes
(`ui.api.desk`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant import recent
from assistant.people import is_device
from assistant.recall import within
from assistant.recent import Conversation
from assistant.reporting import report, tally
from assistant.reports import Report, Tally
from assistant.state import Turn
from assistant.wire import Json
from catalog import Catalog
from catalog.quality import CatalogQuality
from ui.api.bodies import TurnOut, turn_body
from ui.api.callers import Operating, Serving
from ui.overview import Dials, Status

router = APIRouter(prefix="/admin", tags=["operator"], dependencies=[Operating])

MOST_TURNS = 5_000
_PAGE = 20
_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Window:
    """What conversations come to, and which ones.

    Attributes
    ----------
    days : int
        Those in which something was said in so many days, the newest first.
    most_turns : int
        And of these no more than the newest so many turns.
    anonymous_hours : float
        Conversations with nobody in particular are erased, and not counted, after so long.
    report : Report
        What they come to.
    """

    days: int
    most_turns: int
    anonymous_hours: float
    report: Report


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list.

    Attributes
    ----------
    session_id : str
        Its id.
    who : {"anonymous", "device", "known"}
        Nobody in particular, remembered on one device, or vouched for by the site.
    began, last : datetime
        When it was opened, and when something was last said.
    language : str
        Of the last reply.
    first : str
        The beginning of the first message.
    warned : int
        Turns with a warning.
    tally : Tally
        What was shown, and what became of it.
    """

    session_id: str
    who: Literal["anonymous", "device", "known"]
    began: datetime
    last: datetime
    language: str
    first: str
    warned: int
    tally: Tally


class ConversationsOut(BaseModel):
    """A page of conversations, newest first."""

    model_config = ConfigDict(frozen=True)

    total: int
    conversations: tuple[ConversationRow, ...]


class ConversationOut(BaseModel):
    """A conversation, with why each item was shown."""

    model_config = ConfigDict(frozen=True)

    about: ConversationRow
    turns: list[TurnOut]
    names: dict[str, str] = Field(description="Of the items that terms came from, by id.")


@router.get("/status")
def read_status(service: Serving) -> Status:
    """Read what is served, with what, and whether that is well."""
    return Status.of(service)


@router.get("/quality")
def read_quality(service: Serving) -> CatalogQuality:
    """Read what the catalogue says of its items, and what it does not."""
    return CatalogQuality.of(service.assistant.catalog)


@router.get("/dials")
def read_dials(service: Serving) -> Dials:
    """Read the numbers that decide what is shown, as they run."""
    return Dials.of(service)


@router.get("/report")
def read_report(service: Serving, days: Annotated[int, Query(ge=1, le=366)] = 30) -> Window:
    """Read what the conversations of the last days come to."""
    since = datetime.now(UTC) - timedelta(days=days)
    counted = report(recent.recent(service.database, since, MOST_TURNS))
    hours = service.assistant.config.memory.anonymous_hours
    return Window(days, MOST_TURNS, hours, counted)


@router.get("/conversations", response_model=ConversationsOut)
def list_conversations(
    service: Serving, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Json:
    """List conversations, newest first, twenty at a time."""
    total, found = recent.page(service.database, offset, _PAGE)
    return {"total": total, "conversations": [_row(one) for one in found]}


@router.get("/conversations/{session_id}", response_model=ConversationOut)
def read_conversation(service: Serving, session_id: Annotated[str, Path(max_length=64)]) -> Json:
    """Read one conversation: what was said, what was shown, and why."""
    found, catalog = recent.find(service.database, session_id), service.assistant.catalog
    return {
        "about": _row(found),
        "turns": [turn_body(_today(turn, catalog), catalog) for turn in found.turns],
        "names": _names(found, catalog),
    }


def _row(conversation: Conversation) -> ConversationRow:
    user, turns = conversation.user_id, conversation.turns
    who = "anonymous" if user is None else "device" if is_device(user) else "known"
    return ConversationRow(
        conversation.session_id,
        who,
        conversation.began,
        conversation.last,
        turns[-1].language,
        turns[0].user[:_EXCERPT],
        sum(bool(turn.warnings) for turn in turns),
        tally(turns),
    )


def _today(turn: Turn, catalog: Catalog) -> Turn:
    """Return `turn` as the catalogue of today can tell it: that may have been replaced since."""
    known = {facet.name for facet in catalog.schema.facets}
    ways_out = (way for way in turn.relaxations if known.issuperset(row.facet for row in way.drop))
    return replace(turn, profile=within(turn.profile, catalog), relaxations=tuple(ways_out))


def _names(conversation: Conversation, catalog: Catalog) -> dict[str, str]:
    """Return the names of the items that the scores of `conversation` came from."""
    causes = {
        cause
        for turn in conversation.turns
        for card in turn.cards
        for term in card.terms
        for cause in term.because
    }
    return {cause: catalog.name(catalog.rows[cause]) for cause in causes if cause in catalog.rows}
