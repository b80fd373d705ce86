"""From a profile to a slate: retrieve, rank, diversify, prove, ask, suggest.

Owns: `SlateMaker`, the order of those stages. Does not own: any stage, nor when a slate is made
(`assistant.engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain

import numpy as np

from assistant.answer_grounds import Grounds
from assistant.answers import answer
from assistant.critiques import Shown, suggest
from assistant.evidence import evidence_for, reasons
from assistant.history import History, history_of
from assistant.parts import EngineConfig, Parts
from assistant.phrasebook import phrasebook
from assistant.policy import next_question
from assistant.query import build_request
from assistant.readback import ReadBack
from assistant.recall import barred_items
from assistant.state import Answer, Card, Evidence, Found, Session, Turn, Understanding, UserProfile
from assistant.stopwatch import Stopwatch
from catalog import Mask, Relaxation
from ranking.calibrated import Categories
from ranking.deletion import Standing
from ranking.diversity import diversify
from ranking.scoring import Scored
from retrieval.query import Rows
from retrieval.retrieve import allowed_rows, retrieve_all


class SlateMaker:
    """Makes slates, and answers questions from what a slate rests on."""

    def __init__(self, parts: Parts, config: EngineConfig) -> None:
        self._parts = parts
        self._config = config
        self._history = lru_cache(maxsize=256)(partial(history_of, parts.catalog))
        self._readback = ReadBack(parts.understander)
        # What nobody looks at need not be counted.
        calibrated = config.diversity.calibration > 0
        self._categories = Categories(parts.catalog) if calibrated else None

    def warm_up(self) -> None:
        """Search and score once, so that the first person does not wait for files to be read."""
        schema = self._parts.catalog.schema
        profile = UserProfile(topics=(f"a {schema.noun}",))
        request = build_request(profile, self._parts.catalog)
        candidates = retrieve_all(
            request.query, self._parts.retrievers, self._parts.catalog, self._config.retrieval
        )
        self._parts.ranker.rank(request, candidates.rows)

    def make(
        self,
        session: Session,
        turn: Turn,
        understood: Understanding,
        watch: Stopwatch,
        picks: Sequence[str] = (),
    ) -> tuple[Turn, tuple[Evidence, ...]]:
        """Return `turn` with slate, question and suggestions, and the evidence for the slate.

        With `picks`, item ids, the slate is made of these, in their order.
        """
        config, catalog, profile = self._config, self._parts.catalog, turn.profile
        history: History = self._history(session.user_id)
        barred = barred_items(session) | _put_away(session, understood)
        # Undoing brings a slate back as it was: neither it nor what followed counts as shown.
        slates = _slates(session)[: -2 if "undo" in turn.acts else None]
        shown = () if understood.reset else chain.from_iterable(slates)
        request = build_request(
            profile, catalog, history, barred, understood.again, shown, config.novelty
        )
        candidates = retrieve_all(request.query, self._parts.retrievers, catalog, config.retrieval)
        watch.lap("retrieve")
        chosen = np.array([catalog.row(item_id) for item_id in picks], np.int32)
        pool = np.union1d(candidates.rows, chosen).astype(np.int32) if picks else candidates.rows
        ranking = self._parts.ranker.rank(request, pool)
        if picks:
            scored_of = {scored.row: scored for scored in ranking.scored}
            slate = tuple(scored_of[row] for row in chosen.tolist())
        else:
            taste = self._categories.taste(request) if self._categories else None
            slate = diversify(
                ranking.scored, self._parts.vectors, config.k, config.diversity, taste
            )
        watch.lap("rank")
        relaxations: tuple[Relaxation, ...] = ()
        if not len(candidates) and profile.constraints:
            free = allowed_rows(replace(request.query, constraints=()), catalog)
            relaxations = catalog.facets.relaxations(profile.constraints, free)
        standing = Standing(self._parts.ranker, request, ranking.scored, config.k)
        evidence = evidence_for(
            slate, profile, catalog, request.query.text, understood.language, standing
        )
        proofs = self._proofs(profile)
        cards = tuple(
            self._card(scored, proofs, found) for scored, found in zip(slate, evidence, strict=True)
        )
        watch.lap("evidence")
        question = next_question(
            session, profile, ranking.scored, catalog, self._parts.ranker, config.k, config.policy,
            understood.language,
        )  # fmt: skip
        # What may come back next time: what was asked to be shown again is asked for once.
        query = request.query
        if understood.again:
            query = build_request(profile, catalog, history, barred).query
        rows = tuple(scored.row for scored in slate)
        suggestions = suggest(
            Shown(profile, turn.number, query, ranking.scored, rows),
            catalog,
            self._parts.ranker,
            self._readback,
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

    def search(self, session: Session, profile: UserProfile, k: int) -> Found:
        """Return the `k` best items for `profile` in `session`, best first, without variety."""
        history, barred = self._history(session.user_id), barred_items(session)
        request = build_request(profile, self._parts.catalog, history, barred)
        candidates = retrieve_all(
            request.query, self._parts.retrievers, self._parts.catalog, self._config.retrieval
        )
        ranking = self._parts.ranker.rank(request, candidates.rows)
        best = ranking.scored[:k]
        evidence = evidence_for(best, profile, self._parts.catalog, request.query.text)
        proofs = self._proofs(profile)
        cards = tuple(
            self._card(entry, proofs, found) for entry, found in zip(best, evidence, strict=True)
        )
        return Found(cards, candidates.warnings + ranking.warnings)

    def answer(self, session: Session, turn: Turn, understood: Understanding) -> Answer:
        """Return the answer to what the person asks about items."""
        parts, catalog = self._parts, self._parts.catalog
        history: History = self._history(session.user_id)
        before = chain.from_iterable(_slates(session)[:-1])  # as the slate on the table was made
        request = build_request(
            turn.profile, catalog, history, barred_items(session),
            shown=before, novelty=self._config.novelty,
        )  # fmt: skip

        def pool() -> Rows:
            found = retrieve_all(request.query, parts.retrievers, catalog, self._config.retrieval)
            return found.rows

        book = phrasebook(understood.language, catalog.schema)
        grounds = Grounds(
            catalog, book, session, turn.profile, request, parts.ranker, pool, history.met
        )
        return answer(understood.asks, grounds)

    def _proofs(self, profile: UserProfile) -> tuple[tuple[str, Mask], ...]:
        facets = self._parts.catalog.facets
        return tuple((str(c), facets.mask((c,))) for c in profile.constraints)

    def _card(self, scored: Scored, proofs: Sequence[tuple[str, Mask]], evidence: Evidence) -> Card:
        item = self._parts.catalog.items[scored.row]
        year = self._parts.catalog.schema.by_role("year")
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


def _slates(session: Session) -> list[tuple[str, ...]]:
    """Return the item ids of every slate since the last fresh start.

    A turn that only answers or greets leaves the slate on the table: that is one slate.
    """
    turns = _since_reset(session)
    slates = [tuple(card.item_id for card in turn.cards) for turn in turns if turn.cards]
    return [slate for slate, before in zip(slates, [(), *slates], strict=False) if slate != before]


def _since_reset(session: Session) -> Sequence[Turn]:
    resets = [place for place, turn in enumerate(session.turns) if "reset" in turn.acts]
    return session.turns[max(resets, default=0) :]


def _put_away(session: Session, understood: Understanding) -> set[str]:
    """Return what "something else" put away, now or before: all cards shown until it was said.

    A fresh start brings them back.
    """
    since = _since_reset(session)
    asked = [place for place, turn in enumerate(since) if "others" in turn.acts]
    until = len(since) if "others" in understood.acts else max(asked, default=0)
    cards = () if understood.reset else (card for turn in since[:until] for card in turn.cards)
    return {card.item_id for card in cards}
