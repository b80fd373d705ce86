"""The turn, on one page: words in, checked picks and prose out.

Owns: `Assistant`, the order of the stages, and what is stored when. Does not own: any stage. The
core is synchronous; `Assistant.respond` is a generator so that cards need not wait for prose.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from assistant.commands import Command, apply_command, is_command, parse_command
from assistant.events import CardsReady, Event, Finished, Prose
from assistant.evidence import evidence_for, reasons
from assistant.explanation import Explainer
from assistant.history import History, history_of
from assistant.policy import PolicyConfig, next_question
from assistant.profile import update_profile
from assistant.query import build_request
from assistant.state import (
    Card,
    Context,
    Evidence,
    LlmStatus,
    Session,
    Turn,
    Understanding,
    UserProfile,
)
from assistant.store import Store
from assistant.understanding import Understander
from catalog import Catalog, Relaxation
from catalog.errors import CommandError, UnknownItemError
from ranking.diversity import DiversityConfig, diversify
from ranking.rank import Ranker
from ranking.scoring import Scored
from retrieval.query import Retriever
from retrieval.retrieve import RetrievalConfig, allowed_rows, retrieve_all

logger = logging.getLogger(__name__)

# Acts that ask for nothing: the slate stays as it is.
_SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "help", "off_topic"})


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """How a turn runs.

    Attributes
    ----------
    k : int
        Cards on a slate.
    retrieval, diversity, policy
        Of the stages of those names.
    """

    k: int = 5
    retrieval: RetrievalConfig = RetrievalConfig()
    diversity: DiversityConfig = DiversityConfig()
    policy: PolicyConfig = PolicyConfig()


class Assistant:
    """A catalogue's recommendation assistant. Safe to share between threads.

    Everything it needs is passed in; `assistant.home.open_assistant` builds one from settings.
    """

    def __init__(
        self,
        catalog: Catalog,
        understander: Understander,
        retrievers: Sequence[Retriever],
        ranker: Ranker,
        vectors: NDArray[np.float32],
        explainer: Explainer,
        store: Store,
        config: EngineConfig = EngineConfig(),
    ) -> None:
        self.catalog = catalog
        self._understander = understander
        self._retrievers = tuple(retrievers)
        self._ranker = ranker
        self._vectors = vectors
        self._explainer = explainer
        self._store = store
        self._config = config
        self._history = lru_cache(maxsize=256)(partial(history_of, catalog))

    @property
    def llm(self) -> LlmStatus:
        """Which tier writes the prose, as configured."""
        return self._explainer.status

    def start(self, user_id: str | None = None) -> Session:
        """Return a new, empty session; `user_id` is a person of the catalogue's interactions."""
        return self._store.create(user_id)

    def resume(self, session_id: str) -> Session:
        """Return a stored session with all its turns; raises `UnknownSessionError`."""
        return self._store.load(session_id)

    def respond(self, session: Session, message: str | Command) -> Iterator[Event]:
        """Take one turn: `CardsReady`, then `Prose` pieces, then `Finished`.

        Parameters
        ----------
        session : Session
            As returned by `start`, `resume` or the last `Finished`.
        message : str or Command
            Words, a button line such as ``"/like 2"``, or a button.

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
        watch = _Stopwatch()
        session = self._current(session)
        number = len(session.turns) + 1
        understood, profile, warnings = self._read(session, message, number)
        watch.lap("understand")
        turn = Turn(
            number, str(message), understood.acts, "", None, profile, (),
            missing_titles=understood.missing_titles, warnings=warnings,
        )  # fmt: skip
        if _SMALL_TALK.issuperset(understood.acts):
            turn = replace(turn, cards=session.turns[-1].cards if session.turns else ())
            evidence: tuple[Evidence, ...] = ()
        else:
            turn, evidence = self._recommend(session, turn, understood, watch)
        watch.total("cards")
        writing = self._explainer.begin(session, turn, understood, evidence)
        turn = replace(turn, reply=writing.draft, llm=writing.status, timings_ms=watch.timings)
        session = self._store.append(session, turn)
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
            warnings=turn.warnings + writing.warnings,
            timings_ms=watch.timings,
        )
        # Templates are complete in the draft: only prose that came later needs a second write.
        if (finished.reply, finished.warnings) != (turn.reply, turn.warnings):
            session = self._store.revise(session, finished)
        session = replace(session, turns=(*session.turns[:-1], finished))
        yield Finished(session, finished)

    def _read(
        self, session: Session, message: str | Command, number: int
    ) -> tuple[Understanding, UserProfile, tuple[str, ...]]:
        before, slate = session.profile, session.slate
        if isinstance(message, str) and is_command(message):
            try:
                message = parse_command(message, slate)
            except CommandError as error:
                return Understanding(("button",)), before, (str(error),)
        if isinstance(message, Command):
            return self._press(session, message, number)
        understood = self._understander.understand(message, Context(number, before, slate))
        if understood.undo:
            return understood, self._undone(session), ()
        return understood, update_profile(before, understood, number), ()

    def _press(
        self, session: Session, command: Command, number: int
    ) -> tuple[Understanding, UserProfile, tuple[str, ...]]:
        if command.kind == "undo":
            return Understanding(("button", "undo"), undo=True), self._undone(session), ()
        if command.kind == "reset":
            return Understanding(("button", "reset"), reset=True), UserProfile(), ()
        try:
            after = apply_command(session.profile, command, self.catalog, number)
        except (CommandError, UnknownItemError) as error:
            return Understanding(("button",)), session.profile, (str(error),)
        return Understanding(("button",)), after, ()

    def _undone(self, session: Session) -> UserProfile:
        return _within(_before_last_change(session), self.catalog)

    def _current(self, session: Session) -> Session:
        """Return `session` as the catalogue of today has it: it may have been replaced since."""
        if not session.turns:
            return session
        *past, last = session.turns
        cards = tuple(card for card in last.cards if card.item_id in self.catalog.rows)
        last = replace(last, cards=cards, profile=_within(last.profile, self.catalog))
        return replace(session, turns=(*past, last))

    def _recommend(
        self, session: Session, turn: Turn, understood: Understanding, watch: _Stopwatch
    ) -> tuple[Turn, tuple[Evidence, ...]]:
        config, catalog, profile = self._config, self.catalog, turn.profile
        history: History = self._history(session.user_id)
        request = build_request(profile, catalog, history, _barred(session), understood.again)
        candidates = retrieve_all(request.query, self._retrievers, catalog, config.retrieval)
        watch.lap("retrieve")
        ranking = self._ranker.rank(request, candidates.rows)
        slate = diversify(ranking.scored, self._vectors, config.k, config.diversity)
        watch.lap("rank")
        relaxations: tuple[Relaxation, ...] = ()
        if not len(candidates) and profile.constraints:
            free = allowed_rows(replace(request.query, constraints=()), catalog)
            relaxations = catalog.facets.relaxations(profile.constraints, free)
        evidence = evidence_for(slate, profile, catalog, request.query.text)
        cards = tuple(
            self._card(scored, profile, found)
            for scored, found in zip(slate, evidence, strict=True)
        )
        question = next_question(session, profile, ranking.scored, catalog, config.k, config.policy)
        watch.lap("compose")
        return (
            replace(
                turn,
                cards=cards,
                question=question,
                relaxations=relaxations,
                warnings=turn.warnings + candidates.warnings + ranking.warnings,
            ),
            evidence,
        )

    def _card(self, scored: Scored, profile: UserProfile, evidence: Evidence) -> Card:
        item = self.catalog.items[scored.row]
        year = self.catalog.schema.by_role("year")
        known = item.numbers.get(year.name) if year else None
        return Card(
            item_id=item.item_id,
            title=item.title,
            year=None if known is None else int(known),
            score=scored.score,
            terms=tuple(sorted(scored.terms, key=lambda term: -term.contribution)),
            reasons=reasons(evidence),
            satisfies=tuple(str(constraint) for constraint in profile.constraints),
        )


def _within(profile: UserProfile, catalog: Catalog) -> UserProfile:
    """Return `profile` without what `catalog` does not have."""
    known, facets = catalog.rows, {facet.name for facet in catalog.schema.facets}
    return replace(
        profile,
        likes=tuple(o for o in profile.likes if o.item_id in known),
        dislikes=tuple(o for o in profile.dislikes if o.item_id in known),
        seen=tuple(o for o in profile.seen if o.item_id in known),
        constraints=tuple(c for c in profile.constraints if c.facet in facets),
        preferences=tuple(p for p in profile.preferences if p.facet in facets),
    )


def _before_last_change(session: Session) -> UserProfile:
    """Return the profile before the last change that still stands; undoing twice goes back two."""
    changes = [UserProfile()]
    for turn in session.turns:
        if "undo" in turn.acts:
            if len(changes) > 1:
                changes.pop()
        elif turn.profile != changes[-1]:
            changes.append(turn.profile)
    return changes[-2] if len(changes) > 1 else changes[0]


def _barred(session: Session) -> frozenset[str]:
    """Return what was refused or seen before a fresh start: it stays away all the same."""
    barred: set[str] = set()
    for before, turn in pairwise((None, *session.turns)):
        if before is not None and turn is not None and "reset" in turn.acts:
            profile = before.profile
            barred |= {opinion.item_id for opinion in (*profile.dislikes, *profile.seen)}
    return frozenset(barred)


class _Stopwatch:
    """Milliseconds by stage (`lap`) and since the start (`total`)."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._timings: dict[str, float] = {}

    @property
    def timings(self) -> dict[str, float]:
        return dict(self._timings)

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self._timings[stage] = (now - self._last) * 1000
        self._last = now

    def total(self, name: str) -> None:
        self._timings[name] = (perf_counter() - self._start) * 1000
