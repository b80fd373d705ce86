"""How a message changes what is known of a person.

Owns: `update_profile`, pure: a profile and an understanding in, a new profile out. Does not own:
undo (the session goes back to the profile before).

The latest word wins: a new opinion on an item replaces the old, a stand on a facet value replaces
every other stand on it, a new bound replaces the bound in the same direction on that facet.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.state import Opinion, Preference, Retraction, Understanding, UserProfile
from catalog import Constraint

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
    )


def _opinions(
    old: Iterable[Opinion], new: Iterable[Opinion], against: Iterable[Opinion]
) -> tuple[Opinion, ...]:
    gone = {opinion.item_id for opinion in against}
    kept = {opinion.item_id: opinion for opinion in old if opinion.item_id not in gone}
    for opinion in new:
        kept.setdefault(opinion.item_id, opinion)
    return tuple(kept.values())


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
        kept.setdefault(new, new)
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
    """Tell whether no item can satisfy both, judged on the two rows alone."""
    if new.facet != old.facet:
        return False
    if {new.op, old.op} == {"=", "!="}:
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
    kept: dict[tuple[str, str | float], Preference] = {}
    for row in (*old, *understood.preferences):
        key = row.facet, _fold(row.value)
        if key in kept and kept[key].weight == row.weight:
            continue
        kept.pop(key, None)
        kept[key] = row
    for key, constraint in stood.items():
        held = kept.get(key)
        if held and (held.weight > 0) == (constraint.op == "!="):
            kept.pop(key)
    return tuple(kept.values())


def _topics(old: tuple[str, ...], new: str) -> tuple[str, ...]:
    if not new:
        return old
    return (*(topic for topic in old if topic != new), new)[-MAX_TOPICS:]


def _fold(value: str | float | bool) -> str | float:
    return value.casefold() if isinstance(value, str) else value
