"""How a message changes what is known of a person.

Owns: `update_profile`, pure: a profile and an understanding in, a new profile out. Does not own:
undo (the session goes back to the profile before).

The latest word wins: a new opinion on an item replaces the old, a stand on a facet value replaces
every other stand on it, a new bound replaces the bound in the same direction on that facet. What is
said again for the moment only stays as lasting as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from assistant.state import Leaning, Opinion, Preference, Retraction, Understanding, UserProfile
from catalog import Constraint

_Row = TypeVar("_Row", Constraint, Preference)
MAX_TOPICS = 5
"""Topics kept, the newest; older ones no longer say what the person wants now."""


def update_profile(profile: UserProfile, understood: Understanding, turn: int) -> UserProfile:
    """Return `profile` after the message that was understood.

    Parameters
    ----------
    profile : UserProfile
        Before the message; not changed.
    understood : Understanding
        What the message says. A reset empties the profile before anything is added.
    turn : int
        Number of the turn, from 1. Rows without one (``turn`` 0) get it.

    Returns
    -------
    UserProfile
        Oldest row first, without repeats; an item is in at most one of likes and dislikes.

    Notes
    -----
    Linear in the profile for every row added, a few dozen rows in all.
    """
    base = UserProfile() if understood.reset else profile
    for retraction in understood.retractions:
        base = _retract(base, retraction)
    refused = {opinion.item_id for opinion in understood.dislikes}
    liked = [opinion for opinion in understood.likes if opinion.item_id not in refused]
    return UserProfile(
        likes=_opinions(base.likes, liked, understood.dislikes),
        dislikes=_opinions(base.dislikes, understood.dislikes, liked),
        seen=_opinions(base.seen, understood.seen, ()),
        constraints=_constraints(base.constraints, understood, turn),
        preferences=_preferences(base.preferences, understood),
        topics=_topics(base.topics, understood.topic),
        later=_later(base.later, understood),
        leaning=_leaning(base.leaning, understood.leaning),
    )


def _opinions(
    old: Iterable[Opinion], new: Iterable[Opinion], against: Iterable[Opinion]
) -> tuple[Opinion, ...]:
    gone = {opinion.item_id for opinion in against}
    kept = {opinion.item_id: opinion for opinion in old if opinion.item_id not in gone}
    for opinion in new:
        kept.setdefault(opinion.item_id, opinion)
    return tuple(kept.values())


def _later(old: Iterable[Opinion], understood: Understanding) -> tuple[Opinion, ...]:
    """Return what is put off: any other word on an item, or asking for it, calls it back."""
    stands = (*understood.likes, *understood.seen)
    called = {*(opinion.item_id for opinion in stands), *understood.again}
    called -= {opinion.item_id for opinion in understood.later}
    waiting = [opinion for opinion in old if opinion.item_id not in called]
    return _opinions(waiting, understood.later, understood.dislikes)


def _leaning(old: Leaning | None, new: Leaning | None) -> Leaning | None:
    """Return the latest word; one of no leaning takes the old one back."""
    if new is None:
        return old
    if old and old.novelty * new.novelty > 0 and old.scope == "always":
        return replace(new, scope="always")
    return new if new.novelty else None


def _retract(profile: UserProfile, retraction: Retraction) -> UserProfile:
    def stays(opinion: Opinion) -> bool:
        return not retraction.item_id or opinion.item_id != retraction.item_id

    return UserProfile(
        likes=tuple(filter(stays, profile.likes)),
        dislikes=tuple(filter(stays, profile.dislikes)),
        seen=tuple(filter(stays, profile.seen)),
        constraints=tuple(
            row
            for row in profile.constraints
            if not (_matches(row, retraction) and (not retraction.ops or row.op in retraction.ops))
        ),
        preferences=tuple(
            row
            for row in profile.preferences
            if not (_matches(row, retraction) and not retraction.ops)
        ),
        topics=profile.topics,
        later=tuple(filter(stays, profile.later)),
        leaning=profile.leaning,
    )


def _matches(row: Constraint | Preference, retraction: Retraction) -> bool:
    same = retraction.value is None or _fold(row.value) == _fold(retraction.value)
    return bool(retraction.facet) and row.facet == retraction.facet and same


def _constraints(
    old: Iterable[Constraint], understood: Understanding, turn: int
) -> tuple[Constraint, ...]:
    wished = {(row.facet, _fold(row.value)): row for row in understood.preferences}
    kept = {row: row for row in old}
    for row in old:
        wish = wished.get((row.facet, _fold(row.value)))
        if wish and (wish.weight > 0) == (row.op == "!="):
            kept.pop(row)
    for new in understood.constraints:
        for row in tuple(kept):
            if row.turn != (new.turn or turn) and _replaces(new, row):
                kept.pop(row, None)
    for new in understood.constraints:
        kept[new] = _lasting(kept.get(new, new), new)
    return tuple(_consistent(kept.values()))


def _consistent(rows: Iterable[Constraint]) -> Iterable[Constraint]:
    """Return `rows` without those that a later row on the same value or bound contradicts."""
    listed = list(rows)
    for place, row in enumerate(listed):
        later = listed[place + 1 :]
        if not any(_contradicts(new, row) for new in later):
            yield row


def _replaces(new: Constraint, old: Constraint) -> bool:
    """Tell whether a row of this turn takes the place of one of an earlier turn."""
    if new.facet != old.facet:
        return False
    if isinstance(new.value, str) or isinstance(old.value, str) or isinstance(new.value, bool):
        return _contradicts(new, old)
    if "!=" in {new.op, old.op}:
        return _contradicts(new, old)
    return new.op == old.op or "=" in {new.op, old.op} or _contradicts(new, old)


def _contradicts(new: Constraint, old: Constraint) -> bool:
    """Tell whether `new` leaves no room for `old`, judged on the two rows alone.

    No item can satisfy both, or it is the same value, now beside the others or instead of them.
    """
    if new.facet != old.facet:
        return False
    stands = {(row.op, row.together) for row in (new, old) if row.op in {"=", "!="}}
    if len(stands) == 2:
        return _fold(new.value) == _fold(old.value)
    if isinstance(new.value, str) or isinstance(old.value, str):
        return False
    if new.op == ">=" and old.op == "<=":
        return new.value > old.value
    if new.op == "<=" and old.op == ">=":
        return new.value < old.value
    return new.op == old.op and new.op in {">=", "<="}


def _preferences(old: Iterable[Preference], understood: Understanding) -> tuple[Preference, ...]:
    stood = {(row.facet, _fold(row.value)): row for row in understood.constraints}
    # "Ideally under two hours" gives way to "under two hours".
    bounded = {(row.facet, row.op) for row in understood.constraints if row.op in {">=", "<="}}
    standing = (row for row in old if not bounded & {_key(row)})
    kept: dict[tuple[str, str | float], Preference] = {}
    for row in (*standing, *understood.preferences):
        key = _key(row)
        held = kept.get(key)
        if held and held.value == row.value and held.weight * row.weight > 0:
            if held.weight == row.weight and held.turn:
                kept[key] = _lasting(held, row)
                continue
            row = _lasting(row, held)  # noqa: PLW2901 - the row as it will be kept
        kept.pop(key, None)
        kept[key] = row
    for key, constraint in stood.items():
        held = kept.get(key)
        if held and (held.weight > 0) == (constraint.op == "!="):
            kept.pop(key)
    return tuple(kept.values())


def _key(row: Preference) -> tuple[str, str | float]:
    bound = Constraint.wished(row.facet, row.value)
    return row.facet, bound.op if bound else _fold(row.value)


def _lasting(row: _Row, other: _Row) -> _Row:
    """Return `row`, kept for always where it or the same stand in `other` is."""
    return replace(row, scope=other.scope) if other.scope == "always" else row


def _topics(old: tuple[str, ...], new: str) -> tuple[str, ...]:
    if not new:
        return old
    return (*(topic for topic in old if topic != new), new)[-MAX_TOPICS:]


def _fold(value: str | float | bool) -> str | float:
    return value.casefold() if isinstance(value, str) else value
