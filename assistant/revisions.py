"""What a turn took out of a profile, and what stands in its place.

Owns: `Revisions`, `revisions`. Does not own: how the profile changes
(`assistant.profile`) or how that is said (`assistant.templates`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assistant.phrasebook import Phrasebook
from assistant.state import Preference, UserProfile
from assistant.wording import short
from catalog import Constraint

Pair = tuple[str, str]
"""What was said before, and what counts now."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """What is gone from a profile, in words as the person would read them, without repeats.

    Attributes
    ----------
    clashes : tuple of (str, str)
        A stand that the person turned around: ``("no Horror", "in the Horror genre")``.
    replaced : tuple of (str, str)
        A stand that another on the same facet replaced: ``("under two hours", "under 90 min")``.
    lifted : tuple of str
        Conditions that nothing replaced.
    left : tuple of str
        All that nothing replaced: conditions, wishes and opinions on items.
    """

    clashes: tuple[Pair, ...]
    replaced: tuple[Pair, ...]
    lifted: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        """Everything that no longer counts."""
        replaced = (old for old, _ in (*self.clashes, *self.replaced))
        return tuple(dict.fromkeys((*replaced, *self.left)))


@dataclass(frozen=True, slots=True)
class _Stand:
    """A condition or a wish, alike: equal where both admit the same."""

    facet: str
    op: str
    value: str | float
    words: str = field(compare=False)
    hard: bool = field(compare=False)


def revisions(before: UserProfile, after: UserProfile, book: Phrasebook) -> Revisions:
    """Return what `before` holds that `after` does not, each beside what replaced it."""
    old, new = _stands(before, book), _stands(after, book)
    added = [stand for stand in new if stand not in old]
    clashes: list[Pair] = []
    replaced: list[Pair] = []
    alone: list[_Stand] = []
    for stand in old:
        if stand in new:
            continue
        if other := _first(added, stand, _opposite):
            clashes.append((stand.words, other.words))
        elif other := _first(added, stand, _same_kind) or _first(added, stand, _other_bound):
            replaced.append((stand.words, other.words))
        else:
            alone.append(stand)
    left = [*(stand.words for stand in alone), *_forgotten(before, after, book)]
    return Revisions(
        clashes=tuple(dict.fromkeys(clashes)),
        replaced=tuple(dict.fromkeys(replaced)),
        lifted=tuple(dict.fromkeys(stand.words for stand in alone if stand.hard)),
        left=tuple(dict.fromkeys(left)),
    )


def _stands(profile: UserProfile, book: Phrasebook) -> list[_Stand]:
    return [
        *(_stand(row, book.condition(row), hard=True) for row in profile.constraints),
        *(_stand(_as_row(wish), book.wish(wish), hard=False) for wish in profile.preferences),
    ]


def _stand(row: Constraint, words: str, *, hard: bool) -> _Stand:
    value = row.value.casefold() if isinstance(row.value, str) else row.value
    return _Stand(row.facet, row.op, value, words, hard)


def _as_row(wish: Preference) -> Constraint:
    """Return the condition that says firmly what `wish` says softly."""
    bound = Constraint.wished(wish.facet, wish.value)
    return bound or Constraint(wish.facet, "=" if wish.weight > 0 else "!=", wish.value)


def _forgotten(before: UserProfile, after: UserProfile, book: Phrasebook) -> list[str]:
    kept = (*after.likes, *after.dislikes, *after.seen, *after.later)
    held = {opinion.item_id for opinion in kept}
    stood = (*before.likes, *before.dislikes, *before.seen, *before.later)
    return [short(opinion.title) for opinion in stood if opinion.item_id not in held]


def _first(
    stands: Iterable[_Stand], old: _Stand, relation: Callable[[_Stand, _Stand], bool]
) -> _Stand | None:
    return next((new for new in stands if new.facet == old.facet and relation(new, old)), None)


def _opposite(new: _Stand, old: _Stand) -> bool:
    return new.value == old.value and {new.op, old.op} == {"=", "!="}


def _same_kind(new: _Stand, old: _Stand) -> bool:
    return new.op == old.op


def _other_bound(new: _Stand, old: _Stand) -> bool:
    return not isinstance(new.value, str) and "!=" not in {new.op, old.op}
