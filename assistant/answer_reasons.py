"""Why an item was picked, and why another was not: from the score and the ledger.

Owns: `why`, `why_not`. Does not own: the evidence (`assistant.evidence`) or the score (`ranking`).
Nothing is guessed: a reason is a term that counted, a condition that fails, something the person
said, or the place that the item has among the candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.answer_comparison import lead
from assistant.answer_grounds import Grounds, Part
from assistant.evidence import evidence_for
from assistant.recall import barred_items
from assistant.state import Ask, Card, Opinion
from assistant.wording import quotable
from ranking.deletion import Standing
from ranking.scoring import Scored
from retrieval.query import Rows

_MOST_FACTS = 6
_LEAST = 0.005
_LONGEST_QUOTE = 120


def why(ask: Ask, grounds: Grounds) -> Part:
    """Return why each item was picked: its reasons and the parts of its score, biggest first."""
    sentences: list[str] = []
    sources: dict[str, None] = {}
    for item_id in ask.items:
        card = _card(item_id, grounds)
        if card is None:
            title = grounds.name(item_id)
            sentences.append(grounds.book.say("answer.not_shown", title=title))
            part = why_not(Ask("why_not", (item_id,), text=ask.text), grounds)
        else:
            part = _picked(card, grounds)
        sentences += part.sentences
        sources.update(dict.fromkeys(part.sources))
    return Part(tuple(sentences), tuple(sources))


def why_not(ask: Ask, grounds: Grounds) -> Part:
    """Return why each item is not on the table: computed, whatever the reason."""
    sentences: list[str] = []
    sources: dict[str, None] = {}
    for item_id in ask.items:
        found = list(_on_the_table(item_id, grounds))
        found = found or [*_said(item_id, grounds), *_failures(item_id, grounds)]
        found = found or list(_outranked(item_id, grounds))
        sentences += [text for text, _ in found]
        sources.update(dict.fromkeys(source for _, source in found))
    return Part(tuple(sentences), tuple(sources))


def _card(item_id: str, grounds: Grounds) -> Card | None:
    """Return the card that last showed the item."""
    cards = (card for turn in reversed(grounds.session.turns) for card in turn.cards)
    return next((card for card in cards if card.item_id == item_id), None)


def _picked(card: Card, grounds: Grounds) -> Part:
    book, profile = grounds.book, grounds.profile
    scored = Scored(grounds.catalog.row(card.item_id), card.score, card.terms)
    candidates = grounds.ranker.rank(grounds.request, _pool([card.item_id], grounds)).scored
    standing = Standing(grounds.ranker, grounds.request, candidates, len(grounds.session.slate))
    (evidence,) = evidence_for(
        [scored], profile, grounds.catalog, grounds.request.query.text, book.language, standing
    )
    # The same values are one reason, however many terms they count in.
    told: dict[tuple[str, ...], str] = {}
    for fact in evidence.facts:
        if fact.kind != "facet":
            told.setdefault((fact.facet, *fact.values) if fact.facet else (fact.text,), fact.text)
    facts = list(told.values())
    title = grounds.name(card.item_id)
    sentences: list[str] = []
    if facts:
        listed = book.say("pick.join").join(facts[:_MOST_FACTS])
        sentences.append(book.say("answer.why", title=title, facts=listed))
    counted = [term for term in card.terms if abs(term.contribution) >= _LEAST]
    parts = [_share(term.name, term.contribution, grounds) for term in counted]
    if parts:
        score, listed = f"{card.score:.2f}", book.listing(parts)
        sentences.append(book.say("answer.score", title=title, score=score, parts=listed))
    kept = any(fact.kind == "constraint" for fact in evidence.facts)
    return Part(tuple(sentences), ("score", "ledger") if kept else ("score",))


def _on_the_table(item_id: str, grounds: Grounds) -> Iterator[tuple[str, str]]:
    slate = grounds.session.slate
    if item_id in slate:
        place = slate.index(item_id) + 1
        title = grounds.name(item_id)
        yield grounds.book.say("answer.on_the_table", title=title, place=place), "score"


def _said(item_id: str, grounds: Grounds) -> Iterator[tuple[str, str]]:
    """Yield what the person said that keeps the item away."""
    book, title = grounds.book, grounds.name(item_id)
    past = [turn.profile for turn in reversed(grounds.session.turns)]
    # What was refused before a fresh start stays away, and stands in an earlier profile only.
    barred = item_id in barred_items(grounds.session)
    for profile in (grounds.profile, *(past if barred else ())):
        rows = (
            ("refused", profile.dislikes),
            ("known", profile.seen),
            ("put_off", profile.later),
            ("example", profile.likes),
        )
        for key, opinions in rows:
            found = next((one for one in opinions if one.item_id == item_id), None)
            if found is not None:
                when = _in_words(found, grounds)
                yield book.say(f"answer.{key}", title=title, when=when), "ledger"
                return
    if grounds.catalog.row(item_id) in grounds.met:
        yield book.say("answer.met_before", title=title), "ledger"


def _failures(item_id: str, grounds: Grounds) -> Iterator[tuple[str, str]]:
    """Yield every condition that the item fails, or cannot be vouched for under."""
    book, catalog = grounds.book, grounds.catalog
    item, title = catalog.item(item_id), grounds.name(item_id)
    for rows in grounds.conditions():
        if catalog.facets.satisfies(catalog.row(item_id), rows):
            continue
        facet = catalog.schema.facet(rows[0].facet)
        condition = book.quoted(grounds.condition(rows))
        when, label = _when(rows[0].turn, grounds), book.label(facet)
        phrase = grounds.phrase(item, facet)
        text = (
            book.say("answer.fails", title=title, condition=condition, when=when, phrase=phrase,
                     source=label)
            if phrase
            else book.say("answer.cannot_vouch", title=title, condition=condition, when=when,
                          label=book.quoted(label))
        )  # fmt: skip
        yield text, "ledger"


def _outranked(item_id: str, grounds: Grounds) -> Iterator[tuple[str, str]]:
    """Yield the item's place among the candidates, and what it lacks beside the last card."""
    book, catalog, title = grounds.book, grounds.catalog, grounds.name(item_id)
    slate = [card for card in grounds.session.slate if card in catalog.rows]
    scored = grounds.ranker.rank(grounds.request, _pool([*slate, item_id], grounds)).scored
    place = {entry.row: at for at, entry in enumerate(scored)}
    mine = scored[place[catalog.row(item_id)]]
    yield (
        book.say(
            "answer.ranked",
            title=title,
            place=place[mine.row] + 1,
            total=len(scored),
            score=f"{mine.score:.2f}",
        ),
        "score",
    )
    if not slate:
        return
    last = scored[place[catalog.row(slate[-1])]]
    shown = grounds.name(slate[-1])
    if mine.score >= last.score:
        yield (
            book.say("answer.variety", title=title, last=shown, score=f"{last.score:.2f}"),
            "score",
        )
        return
    gaps = lead(last, mine)[:2]
    parts = [
        book.say(
            "answer.gap",
            term=book.say(f"answer.term.{name}"),
            more=f"{theirs:.2f}",
            less=f"{ours:.2f}",
        )
        for name, theirs, ours in gaps
    ]
    yield (
        book.say("answer.behind", last=shown, score=f"{last.score:.2f}", gaps=book.listing(parts)),
        "score",
    )


def _pool(item_ids: Sequence[str], grounds: Grounds) -> Rows:
    """Return the candidates, `item_ids` among them whatever retrieval finds."""
    rows = np.array([grounds.catalog.row(item_id) for item_id in item_ids], np.int32)
    return np.union1d(grounds.pool(), rows).astype(np.int32)


def _share(term: str, contribution: float, grounds: Grounds) -> str:
    book = grounds.book
    words = book.say(f"answer.term.{term}")
    return book.say("answer.share", term=words, amount=f"{contribution:.2f}")


def _when(turn: int, grounds: Grounds) -> str:
    book = grounds.book
    return book.say("answer.in_turn", turn=turn) if turn else book.say("answer.earlier")


def _in_words(opinion: Opinion, grounds: Grounds) -> str:
    """Return when an opinion was given, with the person's words where they can be repeated."""
    turns, turn = grounds.session.turns, opinion.turn
    said = turns[turn - 1].user if 0 < turn <= len(turns) else ""
    words = "" if said.startswith("/") else quotable(said, _LONGEST_QUOTE)
    if not words:
        return _when(turn, grounds)
    return grounds.book.say("answer.in_turn_said", turn=turn, words=grounds.book.quoted(words))
