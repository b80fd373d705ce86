"""What lasts of a person when a conversation ends: which rows, for how long, and how they return.

Owns: `Memory`, what changes in it from one turn to the next, fading, and the profile that a new
conversation begins with. Does not own: the table (`assistant.memory_table`), contradictions
(`assistant.profile`, whose rules join old rows as if they had been said one after the other).

Stands on items and whatever is for always last; wishes of the moment, topics and what was put off
do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal

from assistant.profile import update_profile
from assistant.state import Leaning, Opinion, Preference, Understanding, UserProfile
from catalog import Constraint

Kind = Literal["like", "dislike", "seen", "constraint", "preference", "leaning"]
Entry = Opinion | Constraint | Preference | Leaning
_LEANING = "leaning"


@dataclass(frozen=True, slots=True)
class MemoryConfig:
    """How long what was said counts.

    Attributes
    ----------
    half_life_days : float
        After so many days a taste weighs half. Rules and stands on items do not fade.
    least_weight : float
        In [0, 1]; a taste that has faded below it is gone.
    anonymous_hours : float
        A conversation with nobody in particular is erased when nothing was said for so long.
    """

    half_life_days: float = 90.0
    least_weight: float = 0.1
    anonymous_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class Memory:
    """One lasting thing about a person, with its provenance.

    Attributes
    ----------
    kind : str
        What it is.
    entry : Opinion, Constraint, Preference or Leaning
        With the person's words, and the turn of the conversation that it came from.
    said_at : datetime
        When, in UTC.
    session_id : str
        In which conversation.
    """

    kind: Kind
    entry: Entry
    said_at: datetime
    session_id: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a turn does to the memory of a person.

    Attributes
    ----------
    kept : mapping of str to (Kind, Entry)
        New or changed, by what they are a stand on.
    dropped : tuple of str
        Gone.
    """

    kept: Mapping[str, tuple[Kind, Entry]]
    dropped: tuple[str, ...]


def lasting(profile: UserProfile) -> dict[str, tuple[Kind, Entry]]:
    """Return what of `profile` outlives the conversation, by what it is a stand on.

    A like and a dislike of one item have the same key: the later replaces the earlier.
    """
    groups: tuple[tuple[Kind, Sequence[Entry]], ...] = (
        ("like", profile.likes),
        ("dislike", profile.dislikes),
        ("seen", profile.seen),
        ("constraint", [row for row in profile.constraints if row.scope == "always"]),
        ("preference", [row for row in profile.preferences if row.scope == "always"]),
        ("leaning", [row for row in (profile.leaning,) if row and row.scope == "always"]),
    )
    return {_key(kind, entry): (kind, entry) for kind, rows in groups for entry in rows}


def _key(kind: Kind, entry: Entry) -> str:
    match entry:
        case Opinion():
            return f"{'seen' if kind == 'seen' else 'item'} {entry.item_id}"
        case Constraint():
            return f"rule {entry}"
        case Preference():
            return f"taste {entry.facet}: {entry.value.casefold()}"
        case Leaning():
            return _LEANING


def changes(before: UserProfile, after: UserProfile) -> Changes:
    """Return what a turn that led from `before` to `after` adds to the memory and takes from it.

    What was removed, retracted or marked as for now goes. What only gave way to a wish of the
    moment stays: "a musical tonight" does not end "I never watch musicals".
    """
    old, new = lasting(before), lasting(after)
    kept = {key: entry for key, entry in new.items() if old.get(key) != entry}
    said = {_stand(row) for row in (*before.constraints, *before.preferences)}
    wishes = [row for row in (*after.constraints, *after.preferences) if _stand(row) not in said]
    if after.leaning and before.leaning and after.leaning.text != before.leaning.text:
        old.pop(_LEANING, None)  # gave way
    gone = [
        key
        for key, (_, entry) in old.items()
        if key not in new and not any(_displaces(wish, entry) for wish in wishes)
    ]
    return Changes(kept, tuple(gone))


def faded(weight: float, age: timedelta, config: MemoryConfig = MemoryConfig()) -> float:
    """Return what `weight` is after `age`: halved every half-life, 0 once it is below the least.

    Exponential decay has no memory of its own: fading for a month and then for another is fading
    for two, so it does not matter how often a taste is written back in between.
    """
    days = max(age / timedelta(days=1), 0.0)
    left = weight * 0.5 ** (days / config.half_life_days)
    return left if abs(left) >= config.least_weight else 0.0


def remembered(
    memories: Sequence[Memory], now: datetime, config: MemoryConfig = MemoryConfig()
) -> UserProfile:
    """Return the profile that a new conversation begins with; every row is of turn 0.

    Parameters
    ----------
    memories : sequence of Memory
        Of one person, in any order.
    now : datetime
        Tastes have faded until then.

    Notes
    -----
    Conditions and tastes are joined by `update_profile` in the order in which they were said, so
    where two of them contradict the latest wins, also when two conversations went on at the same
    time. Of the stands on one item there is only ever the latest.
    """
    ordered = sorted(memories, key=lambda memory: memory.said_at)
    opinions: dict[str, tuple[Kind, Opinion]] = {}
    joined, leaning = UserProfile(), None
    for turn, (said_at, rows) in enumerate(groupby(ordered, attrgetter("said_at")), start=1):
        constraints: list[Constraint] = []
        tastes: list[Preference] = []
        for memory in rows:
            match memory.entry:
                case Opinion() as opinion:
                    place = _key(memory.kind, opinion)
                    opinions.pop(place, None)
                    opinions[place] = memory.kind, replace(opinion, turn=0)
                case Constraint() as constraint:
                    constraints.append(replace(constraint, turn=turn))
                case Preference() as taste:
                    weight = faded(taste.weight, now - said_at, config)
                    tastes += [replace(taste, weight=weight, turn=turn)] if weight else []
                case Leaning() as held:
                    novelty = faded(held.novelty, now - said_at, config)
                    leaning = replace(held, novelty=novelty, turn=0) if novelty else None
        if constraints or tastes:
            joined = update_profile(joined, _said(constraints, tastes), turn)
    return UserProfile(
        likes=tuple(opinion for kind, opinion in opinions.values() if kind == "like"),
        dislikes=tuple(opinion for kind, opinion in opinions.values() if kind == "dislike"),
        seen=tuple(opinion for kind, opinion in opinions.values() if kind == "seen"),
        constraints=tuple(replace(row, turn=0) for row in joined.constraints),
        preferences=tuple(replace(row, turn=0) for row in joined.preferences),
        leaning=leaning,
    )


def _said(constraints: Sequence[Constraint], tastes: Sequence[Preference]) -> Understanding:
    return Understanding(("request",), constraints=tuple(constraints), preferences=tuple(tastes))


def _stand(row: Constraint | Preference) -> tuple[str, str, str]:
    """Return what `row` says, whatever its weight, words and scope."""
    sign = row.op if isinstance(row, Constraint) else "+" if row.weight > 0 else "-"
    return row.facet, sign, str(row.value)


def _displaces(wish: Constraint | Preference, entry: Entry) -> bool:
    """Tell whether `wish`, of the moment, speaks of what `entry` is a stand on."""
    if isinstance(entry, Opinion | Leaning) or wish.scope == "always" or wish.facet != entry.facet:
        return False
    measured = isinstance(entry, Constraint) and not isinstance(entry.value, str)
    return measured or str(wish.value).casefold() == str(entry.value).casefold()
