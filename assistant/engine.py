"""The turn, on one page: words in, checked picks and prose out.

Owns: `Assistant`, the order of the stages, and what is stored when. Does not own: any stage. The
core is synchronous; `Assistant.respond` is a generator so that cards need not wait for prose.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from assistant.answer_grounds import Grounds
from assistant.answers import answer
from assistant.commands import Command, apply_command, is_command, parse_command
from assistant.critiques import CritiqueConfig, Shown, suggest
from assistant.events import CardsReady, Event, Finished, Prose
from assistant.evidence import evidence_for, reasons
from assistant.explanation import Explainer, Writing
from assistant.history import History, history_of
from assistant.memory import MemoryConfig
from assistant.people import People
from assistant.phrasebook import phrasebook
from assistant.policy import PolicyConfig, next_question
from assistant.profile import update_profile
from assistant.query import build_request
from assistant.recall import barred_items, before_last_change, within
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
from assistant.stopwatch import Stopwatch
from assistant.store import Store
from assistant.understanding import Understander
from catalog import Catalog, Mask, Relaxation
from catalog.errors import ChatModelError, CommandError, UnknownItemError
from ranking.diversity import DiversityConfig, diversify
from ranking.rank import Ranker
from ranking.scoring import Scored
from retrieval.query import Retriever, Rows
from retrieval.retrieve import RetrievalConfig, allowed_rows, retrieve_all

logger = logging.getLogger(__name__)

# Acts that ask for nothing: the slate stays as it is.
_SMALL_TALK = frozenset(
    {"greeting", "thanks", "goodbye", "help", "off_topic", "profile", "human", "abuse"}
)


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """How a turn runs.

    Attributes
    ----------
    k : int
        Cards on a slate.
    retrieval, diversity, policy, critiques
        Of the stages of those names.
    memory : MemoryConfig
        What lasts of a known person, and how long an anonymous conversation is kept.
    """

    k: int = 5
    retrieval: RetrievalConfig = RetrievalConfig()
    diversity: DiversityConfig = DiversityConfig()
    policy: PolicyConfig = PolicyConfig()
    critiques: CritiqueConfig = CritiqueConfig()
    memory: MemoryConfig = MemoryConfig()


SecondReader = Callable[[str, Understanding, int], Understanding]
"""Given a message, what the rules understood and the turn's number, returns what a language model
adds to it; raises `ChatModelError`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn runs through, ready to use; `assistant.home` puts them together.

    Attributes
    ----------
    catalog : Catalog
        What is recommended.
    understander : Understander
        Words to meaning.
    retrievers : tuple of Retriever
        All are asked.
    ranker : Ranker
        Scores the candidates.
    vectors : float32 array, shape (n_items, dimensions)
        For the variety of the slate.
    explainer : Explainer
        Writes the reply.
    store : Store
        Keeps the turns.
    second_reader : SecondReader or None
        Asked after the first cards, where there is a capable language model.
    """

    catalog: Catalog
    understander: Understander
    retrievers: tuple[Retriever, ...]
    ranker: Ranker
    vectors: NDArray[np.float32]
    explainer: Explainer
    store: Store
    second_reader: SecondReader | None = None


class Assistant:
    """A catalogue's recommendation assistant. Safe to share between threads."""

    def __init__(self, parts: Parts, config: EngineConfig = EngineConfig()) -> None:
        self._parts = parts
        self._config = config
        self._history = lru_cache(maxsize=256)(partial(history_of, parts.catalog))
        self._people = People(parts.store, parts.catalog, config.memory)

    @property
    def catalog(self) -> Catalog:
        """What is recommended."""
        return self._parts.catalog

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

    def warm_up(self) -> None:
        """Search and score once, so that the first person does not wait for files to be read."""
        schema = self.catalog.schema
        profile = UserProfile(topics=(f"a {schema.noun}",))
        request = build_request(profile, self.catalog)
        candidates = retrieve_all(
            request.query, self._parts.retrievers, self.catalog, self._config.retrieval
        )
        self._parts.ranker.rank(request, candidates.rows)

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
        watch = Stopwatch()
        session = self._current(session)
        number = len(session.turns) + 1
        understood, profile, warnings = self._read(session, message, number)
        if "button" in understood.acts:
            understood = replace(understood, language=_language(session))
        watch.lap("understand")
        turn = Turn(
            number, str(message), understood.acts, "", None, profile, (),
            missing_titles=understood.missing_titles, warnings=warnings,
        )  # fmt: skip
        turn, writing = self._compose(session, turn, understood, watch)
        watch.total("cards")
        turn = replace(turn, timings_ms=watch.timings)
        longer = self._parts.store.append(session, turn)
        yield CardsReady(turn)
        second = self._read_again(message, understood, turn)
        if second is not None:
            understood, profile = second
            if profile != turn.profile:
                turn = replace(turn, acts=understood.acts, profile=profile, warnings=warnings)
                turn, writing = self._compose(session, turn, understood, watch)
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
            warnings=turn.warnings + writing.warnings,
            timings_ms=watch.timings,
        )
        # Templates are complete in the draft: only what came later needs a second write.
        if replace(finished, timings_ms={}) != replace(longer.turns[-1], timings_ms={}):
            longer = self._parts.store.revise(longer, finished)
        longer = replace(longer, turns=(*session.turns, finished))
        yield Finished(longer, finished)

    def _compose(
        self, session: Session, turn: Turn, understood: Understanding, watch: Stopwatch
    ) -> tuple[Turn, Writing]:
        """Return `turn` with its slate and its reply from templates, and the reply to be told."""
        evidence: tuple[Evidence, ...] = ()
        if understood.only_asks or _SMALL_TALK.issuperset(understood.acts):
            last = session.turns[-1] if session.turns else turn
            turn = replace(turn, cards=last.cards, suggestions=last.suggestions)
        else:
            turn, evidence = self._recommend(session, turn, understood, watch)
        if understood.asks:
            grounds = self._grounds(session, turn, understood)
            turn = replace(turn, answer=answer(understood.asks, grounds))
        writing = self._parts.explainer.begin(session, turn, understood, evidence)
        watch.lap("compose")
        turn = replace(turn, reply=writing.draft, llm=writing.status, timings_ms=watch.timings)
        return replace(turn, language=writing.language), writing

    def _grounds(self, session: Session, turn: Turn, understood: Understanding) -> Grounds:
        parts, catalog = self._parts, self.catalog
        history: History = self._history(session.user_id)
        request = build_request(turn.profile, catalog, history, barred_items(session))

        def pool() -> Rows:
            found = retrieve_all(request.query, parts.retrievers, catalog, self._config.retrieval)
            return found.rows

        book = phrasebook(understood.language, catalog.schema)
        return Grounds(
            catalog, book, session, turn.profile, request, parts.ranker, pool, history.met
        )

    def _read_again(
        self, message: str | Command, understood: Understanding, turn: Turn
    ) -> tuple[Understanding, UserProfile] | None:
        """Return what a language model makes of `message`, or None where none is to be asked."""
        said = isinstance(message, str) and not is_command(message)
        if self._parts.second_reader is None or not said or understood.reset or understood.undo:
            return None
        if understood.only_asks:
            return None
        try:
            better = self._parts.second_reader(str(message), understood, turn.number)
        except ChatModelError as error:
            logger.info("understanding stays with the rules: %s", error)
            return None
        # What the rules found is in the profile already; adding it again changes nothing.
        return better, update_profile(turn.profile, better, turn.number)

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
        asked = _asked(session, self.catalog)
        context = Context(number, before, slate, language=_language(session), asked=asked)
        understood = self._parts.understander.understand(message, context)
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
        return within(before_last_change(session), self.catalog)

    def _current(self, session: Session) -> Session:
        """Return `session` as the catalogue of today has it: it may have been replaced since."""
        if not session.turns:
            return replace(session, memory=within(session.memory, self.catalog))
        *past, last = session.turns
        cards = tuple(card for card in last.cards if card.item_id in self.catalog.rows)
        last = replace(last, cards=cards, profile=within(last.profile, self.catalog))
        return replace(session, turns=(*past, last))

    def _recommend(
        self, session: Session, turn: Turn, understood: Understanding, watch: Stopwatch
    ) -> tuple[Turn, tuple[Evidence, ...]]:
        config, catalog, profile = self._config, self.catalog, turn.profile
        history: History = self._history(session.user_id)
        request = build_request(profile, catalog, history, barred_items(session), understood.again)
        candidates = retrieve_all(request.query, self._parts.retrievers, catalog, config.retrieval)
        watch.lap("retrieve")
        ranking = self._parts.ranker.rank(request, candidates.rows)
        slate = diversify(ranking.scored, self._parts.vectors, config.k, config.diversity)
        watch.lap("rank")
        relaxations: tuple[Relaxation, ...] = ()
        if not len(candidates) and profile.constraints:
            free = allowed_rows(replace(request.query, constraints=()), catalog)
            relaxations = catalog.facets.relaxations(profile.constraints, free)
        evidence = evidence_for(slate, profile, catalog, request.query.text, understood.language)
        proofs = tuple((str(c), catalog.facets.mask((c,))) for c in profile.constraints)
        cards = tuple(
            self._card(scored, proofs, found) for scored, found in zip(slate, evidence, strict=True)
        )
        watch.lap("evidence")
        question = next_question(
            session, profile, ranking.scored, catalog, self._parts.ranker, config.k, config.policy,
            understood.language,
        )  # fmt: skip
        # What may come back next time: what was asked to be shown again is asked for once.
        query = build_request(profile, catalog, history, barred_items(session)).query
        rows = tuple(scored.row for scored in slate)
        suggestions = suggest(
            Shown(profile, turn.number, query, ranking.scored, rows),
            catalog,
            self._parts.ranker,
            self._parts.understander,
            phrasebook(understood.language, catalog.schema),
            config.critiques,
        )
        watch.lap("suggest")
        return (
            replace(
                turn,
                cards=cards,
                question=question,
                relaxations=relaxations,
                suggestions=suggestions,
                warnings=turn.warnings + candidates.warnings + ranking.warnings,
            ),
            evidence,
        )

    def _card(self, scored: Scored, proofs: Sequence[tuple[str, Mask]], evidence: Evidence) -> Card:
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
            # Of the alternatives on a facet, those that are true.
            satisfies=tuple(words for words, holds in proofs if holds[scored.row]),
        )


def _language(session: Session) -> str:
    """Return what the last reply was in; English before the first."""
    return session.turns[-1].language if session.turns else "en"


def _asked(session: Session, catalog: Catalog) -> tuple[str, ...]:
    """Return the items that the last turn answered about."""
    last = session.turns[-1].answer if session.turns else None
    return tuple(item for item in last.items if item in catalog.rows) if last else ()
