"""What an assertion means for the cards.

Owns: `item_checks`, `gone`. Does not own: any other part of a turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.state import Session, Turn, UserProfile
from catalog import Catalog, Constraint
from evaluation.dialogues.form import ItemsClaim
from evaluation.dialogues.observed import Check, Observed, listed
from evaluation.dialogues.truth import Truth


def item_checks(claim: ItemsClaim, seen: Observed) -> Iterator[Check]:
    """Yield every statement of `claim` about the cards of the turn."""
    truth, shown = seen.truth, seen.shown
    titles = [truth.shown(item_id) for item_id in shown]
    count = len(shown)
    if claim.in_catalogue:
        yield from _in_catalogue(seen)
    if claim.satisfy is not None:
        rows = seen.turn.profile.constraints
        if claim.satisfy != "constraints":
            rows = tuple(truth.constraint(condition) for condition in claim.satisfy)
        yield from _satisfy(rows, seen, truth)
    for name in claim.contains or ():
        item = truth.item(name)
        yield Check("items.contains", truth.shown(item), listed(titles), item in shown)
    for name in claim.excludes or ():
        item = truth.item(name)
        expected = f"without {truth.shown(item)}"
        yield Check("items.excludes", expected, listed(titles), item not in shown)
    if claim.first is not None:
        first = [truth.shown(truth.item(name)) for name in claim.first]
        found = titles[: len(first)]
        yield Check("items.first", listed(first), listed(found), first == found)
    for pair in claim.above or ():
        yield _above(pair, shown, titles, truth)
    if claim.min is not None:
        yield Check("items.min", f"at least {claim.min}", str(count), count >= claim.min)
    if claim.max is not None:
        yield Check("items.max", f"at most {claim.max}", str(count), count <= claim.max)
    if claim.never_again:
        back = [truth.shown(i) for i in shown if i in gone(seen.session, seen.turn, seen.catalog)]
        expected = "nothing refused, seen or put off"
        yield Check("items.never_again", expected, listed(back), not back)
    if claim.changed is not None:
        changed = shown != seen.session.slate
        words = {True: "another slate", False: "the same slate"}
        yield Check("items.changed", words[claim.changed], words[changed], changed == claim.changed)


def _in_catalogue(seen: Observed) -> Iterator[Check]:
    for card in seen.turn.cards:
        row = seen.catalog.rows.get(card.item_id)
        title = "(no such item)" if row is None else seen.catalog.items[row].title
        found = f"{card.item_id}: {title}"
        expected = f"{card.item_id}: {card.title}"
        yield Check("items.in_catalogue", expected, found, expected == found)


def _satisfy(rows: Sequence[Constraint], seen: Observed, truth: Truth) -> Iterator[Check]:
    """Yield, per card that fails, the conditions that it fails; alternatives hold together."""
    catalog = seen.catalog
    words = ", ".join(truth.words(row) for row in rows)
    for item_id in seen.shown:
        row = catalog.rows.get(item_id)
        holds = row is not None and catalog.facets.satisfies(row, rows)
        if row is not None and not holds:
            failed = [one for one in rows if not catalog.facets.satisfies(row, (one,))]
            words = ", ".join(truth.words(one) for one in failed) or words
        shown = truth.shown(item_id)
        facts = ", ".join(dict.fromkeys(truth.fact(item_id, one.facet) for one in rows))
        yield Check("items.satisfy", f"{shown}: {words}", f"{shown}: {facts}", holds)


def _above(
    pair: tuple[str, str], shown: Sequence[str], titles: Sequence[str], truth: Truth
) -> Check:
    upper, lower = (truth.item(name) for name in pair)
    holds = upper in shown and (lower not in shown or shown.index(upper) < shown.index(lower))
    expected = f"{truth.shown(upper)} above {truth.shown(lower)}"
    return Check("items.above", expected, listed(titles), holds)


def gone(session: Session, turn: Turn, catalog: Catalog) -> frozenset[str]:
    """Return what was refused, seen or put off so far and not taken back: it may not be shown.

    A fresh start takes nothing back.
    """
    away: set[str] = set()
    before = session.memory
    for one in (*session.turns, turn):
        if "reset" not in one.acts:
            away -= _away(before) - _away(one.profile)
        away |= _away(one.profile)
        before = one.profile
    # What is asked for by name may come back.
    return frozenset(i for i in away if not _names(turn.user, catalog.item(i).title))


def _names(message: str, title: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(title)}(?!\w)", message, re.IGNORECASE))


def _away(profile: UserProfile) -> set[str]:
    return {o.item_id for o in (*profile.dislikes, *profile.seen, *profile.later)}
