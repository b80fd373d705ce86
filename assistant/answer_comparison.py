"""Items side by side, by the person's own criteria first, and which one fits better.

Owns: `compare`. Does not own: the score, which is the real one, whether or not an item was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer_grounds import Grounds, Part
from assistant.state import Ask, Comparison, Preference, UserProfile
from catalog import Constraint, Facet, Item
from ranking.scoring import Scored

_MOST_VALUES = 4
_MOST_LIKES = 3
_ALIKE = 0.005
_NUMBERS_FIRST = ("price", "year", "duration")
Row = tuple[str, tuple[str, ...]]


def compare(ask: Ask, grounds: Grounds) -> Part:
    """Return the table of `ask`'s items, and in words which fits better and why.

    Rows are the person's conditions, wishes and likes, then the score for them, then price, year
    and duration, then whatever else differs.
    """
    items = [grounds.catalog.item(item_id) for item_id in ask.items]
    scored = [grounds.scored(item.item_id) for item in items]
    own = [
        *_conditions(items, grounds),
        *_wishes(items, grounds),
        *_likes(scored, grounds),
        *_scores(scored, grounds),
    ]
    asked = [grounds.catalog.schema.facet(ask.facet)] if ask.facet else []
    told = {row.facet for row in grounds.profile.constraints} - {ask.facet}
    others = [f for f in _ordered(grounds) if f.name not in told and f not in asked]
    plain = [_facet(facet, items, grounds) for facet in (*asked, *others)]
    kept = [row for row, facet in zip(plain, (*asked, *others), strict=True)
            if facet in asked or _tells(facet, row, grounds)]  # fmt: skip
    titles = tuple(grounds.name(item.item_id) for item in items)
    sentences = [_order(facet, items, grounds) for facet in asked]
    sentences.append(_better(items, scored, grounds))
    sources = tuple(facet.name for facet in asked)
    if grounds.profile.constraints:
        sources += ("ledger",)
    return Part(tuple(sentences), (*sources, "score"), Comparison(titles, (*own, *kept)))


def _conditions(items: Sequence[Item], grounds: Grounds) -> Iterator[Row]:
    for rows in grounds.conditions():
        facet = grounds.catalog.schema.facet(rows[0].facet)
        cells = [_judged(item, facet, _holds(item, rows, grounds), grounds) for item in items]
        yield grounds.condition(rows), tuple(cells)


def _wishes(items: Sequence[Item], grounds: Grounds) -> Iterator[Row]:
    book = grounds.book
    for wish in grounds.profile.preferences:
        facet = grounds.catalog.schema.facet(wish.facet)
        cells: list[str] = []
        for item in items:
            row = grounds.catalog.row(item.item_id)
            granted = bool(grounds.catalog.facets.granting(wish.facet, wish.value)[0][row])
            if facet.kind == "number":
                cells.append(_judged(item, facet, granted, grounds))
            elif grounds.shown(item, facet):
                cells.append(book.say("answer.listed" if granted else "answer.not_listed"))
            else:
                cells.append(book.say("answer.no_data"))
        yield _wished(wish, grounds), tuple(cells)


def _wished(wish: Preference, grounds: Grounds) -> str:
    book, facet = grounds.book, grounds.catalog.schema.facet(wish.facet)
    bound = Constraint.wished(wish.facet, wish.value) if facet.kind == "number" else None
    words = book.bound(bound) if bound else book.phrase(facet, (wish.value,))
    return words if wish.weight > 0 else book.say("answer.avoided", what=words)


def _likes(scored: Sequence[Scored], grounds: Grounds) -> Iterator[Row]:
    """Yield the likes whose fans also liked one of the items."""
    book = grounds.book
    cited = [
        {cause for term in entry.terms if term.name == "collaborative" and term.contribution > 0
         for cause in term.because}
        for entry in scored
    ]  # fmt: skip
    likes = [o.item_id for o in grounds.profile.likes if any(o.item_id in c for c in cited)]
    for item_id in likes[:_MOST_LIKES]:
        cells = (book.say("answer.liked_too" if item_id in causes else "answer.no_sign")
                 for causes in cited)  # fmt: skip
        yield book.say("answer.fans", title=grounds.name(item_id)), tuple(cells)


def _scores(scored: Sequence[Scored], grounds: Grounds) -> Iterator[Row]:
    """Yield the score for the person, where anything is known of them."""
    if grounds.profile != UserProfile():
        yield grounds.book.say("answer.score_row"), tuple(f"{one.score:.2f}" for one in scored)


def _facet(facet: Facet, items: Sequence[Item], grounds: Grounds) -> Row:
    cells = tuple(_cell(item, facet, grounds) for item in items)
    return grounds.book.label(facet), cells


def _cell(item: Item, facet: Facet, grounds: Grounds) -> str:
    shown = grounds.shown(item, facet)
    if not shown:
        return grounds.book.say("answer.no_data")
    return grounds.book.commas(shown[:_MOST_VALUES])


def _judged(item: Item, facet: Facet, holds: bool, grounds: Grounds) -> str:
    """Return whether something holds, with the value that shows it."""
    if not grounds.shown(item, facet):
        return grounds.book.say("answer.no_data")
    key = "answer.met" if holds else "answer.unmet"
    return grounds.book.say(key, value=_cell(item, facet, grounds))


def _holds(item: Item, rows: Sequence[Constraint], grounds: Grounds) -> bool:
    return grounds.catalog.facets.satisfies(grounds.catalog.row(item.item_id), rows)


def _ordered(grounds: Grounds) -> list[Facet]:
    facets = grounds.catalog.schema.facets
    first = [facet for role in _NUMBERS_FIRST for facet in facets if facet.role == role]
    return [*first, *(facet for facet in facets if facet not in first)]


def _tells(facet: Facet, row: Row, grounds: Grounds) -> bool:
    """Tell whether a row is worth its place: something is known, and it differs or counts."""
    known = set(row[1]) != {grounds.book.say("answer.no_data")}
    return known and (facet.role in _NUMBERS_FIRST or len(set(row[1])) > 1)


def _order(facet: Facet, items: Sequence[Item], grounds: Grounds) -> str:
    """Return the items by the number that was asked about, least first, unknown ones last."""
    ranked = sorted(items, key=lambda item: item.numbers.get(facet.name, float("inf")))
    named = [
        grounds.book.say(
            "answer.measured",
            title=grounds.name(item.item_id),
            value=_cell(item, facet, grounds),
        )
        for item in ranked
    ]
    return grounds.book.say(
        "answer.order", label=grounds.book.label(facet), items=grounds.book.commas(named)
    )


def _better(items: Sequence[Item], scored: Sequence[Scored], grounds: Grounds) -> str:
    """Return which item fits better: one that meets every condition first, then by score."""
    book = grounds.book
    fits = [_holds(item, grounds.profile.constraints, grounds) for item in items]
    order = sorted(range(len(items)), key=lambda at: (not fits[at], -scored[at].score))
    best, second = order[0], order[1]
    title = grounds.name(items[best].item_id)
    others = book.listing([grounds.name(items[at].item_id) for at in order[1:]])
    if grounds.profile.constraints and not fits[best]:
        return book.say("answer.none_fits")
    if not any(fits[at] for at in order[1:]) and grounds.profile.constraints:
        rest = len(items) - 1
        return book.say("answer.only_one", count=rest, title=title, others=others)
    if scored[best].score - scored[second].score < _ALIKE:
        return book.say("answer.even", title=title, others=others)
    key = "answer.better_blind" if grounds.profile == UserProfile() else "answer.better"
    return book.say(
        key,
        title=title,
        score=f"{scored[best].score:.2f}",
        others=book.listing([f"{scored[at].score:.2f}" for at in order[1:]]),
        term=book.say(f"answer.term.{lead(scored[best], scored[second])[0][0]}"),
    )


def lead(ahead: Scored, behind: Scored) -> list[tuple[str, float, float]]:
    """Return the terms in which `ahead` leads: name, its share and the other's, most first."""
    mine = {term.name: term.contribution for term in ahead.terms}
    theirs = {term.name: term.contribution for term in behind.terms}
    names = sorted({*mine, *theirs}, key=lambda n: theirs.get(n, 0.0) - mine.get(n, 0.0))
    gaps = [(name, mine.get(name, 0.0), theirs.get(name, 0.0)) for name in names]
    return [gap for gap in gaps if gap[1] > gap[2]]
