"""What is learned from, who is served, and what is the right answer.

Owns: the three protocols, as `Fold`s of `Case`s. Does not own: the models or the measures.

In all three a right answer of a person is nowhere in what the models learn from, and nowhere in
what is folded in. Every item competes but those that the person has met and that are no right
answer. Repeats are dropped first: a person's first interaction with an item counts.

``sessions``
    Some of the people are held out with all they did. The right answer is the last interaction
    that a person liked; the session is the `k` liked ones before it. What the person met at any
    other time does not compete.
``leave_last_out``
    Every interaction counts, liked or not. The right answer is everybody's last; those before it
    are folded in; the models learn from all but these last ones.
``time``
    The models learn from the first 80% of all interactions, at one moment for everybody. Served is
    who did anything after it: what they did before is folded in or, for those who did nothing
    before, their first five after it; right are all that they liked since. What they did not like
    competes, as the system cannot know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions
from catalog.errors import CatalogError
from ranking.cf.folds import fold_people, without
from retrieval.query import Rows

Protocol = Literal["sessions", "leave_last_out", "time"]

SESSIONS = (1, 3, 5)
"""Likes folded in."""
HELD_OUT = 3
"""With one fold, one person in so many is held out."""
BEFORE = 0.8
"""Share of the interactions that the time split learns from."""
FIRST = 5
"""Interactions folded in for people whom the time split knows nothing of."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person to be served, once.

    Attributes
    ----------
    user : int
        Position in `Interactions.users`.
    history : int32 array, shape (n,)
        Rows folded in, oldest first.
    values : float32 array, shape (n,)
        What the person gave to them.
    relevant : int32 array, shape (m,)
        Rows of the right answers, at least one, without repeats.
    met : int32 array, shape (o,)
        Rows that do not compete.
    later : int32 array, shape (p,)
        Rows whose values are to be predicted; none but in the time split.
    later_values : float32 array, shape (p,)
        What the person gave to those.
    """

    user: int
    history: Rows
    values: NDArray[np.float32]
    relevant: Rows
    met: Rows
    later: Rows
    later_values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fold:
    """One fit, and who is served by it.

    Attributes
    ----------
    protocol : str
        Which it belongs to.
    training : Interactions
        What models may learn from.
    cases : mapping of str to tuple of Case
        By setting, as ``"k=3"``; the same people in each.
    """

    protocol: Protocol
    training: Interactions
    cases: Mapping[str, tuple[Case, ...]]


@dataclass(frozen=True, slots=True)
class _History:
    """All of one person's interactions, oldest first."""

    user: int
    rows: Rows
    values: NDArray[np.float32]
    at: NDArray[np.intp]
    """Positions in the interactions."""


def once(interactions: Interactions) -> Interactions:
    """Return `interactions` without repeats: the first of a person with an item stays."""
    width = int(interactions.row.max(initial=0)) + 1
    pairs = interactions.user.astype(np.int64) * width + interactions.row
    first = np.zeros(len(pairs), np.bool_)
    first[np.unique(pairs, return_index=True)[1]] = True
    return interactions.kept(first)


def split(
    protocol: Protocol,
    interactions: Interactions,
    *,
    liked: float = 4.0,
    folds: int = 1,
    people: int | None = None,
    seed: int = 0,
) -> tuple[Fold, ...]:
    """Return the folds of `protocol`; seeded.

    Parameters
    ----------
    protocol : str
        One of the three above.
    interactions : Interactions
        Without repeats (see `once`).
    liked : float
        Least value of an interaction that was liked.
    folds : int
        Of ``sessions``: 1 holds out a third of the people, more hold out everybody in turn.
    people : int, optional
        Serve at most so many, drawn at random; the models learn from the same as ever.

    Raises
    ------
    CatalogError
        When nobody can be served; the message says why.
    """
    match protocol:
        case "sessions":
            found = tuple(_sessions(interactions, liked, folds, seed))
        case "leave_last_out":
            found = (_leave_last_out(interactions),)
        case "time":
            found = (_time(interactions, liked),)
    served = [case.user for fold in found for case in _any(fold)]
    if not served:
        raise CatalogError(
            f"protocol {protocol!r} finds nobody to serve among {len(interactions.users):,} people "
            f"with a value of {liked:g} for what they like; more interactions are needed, or "
            "another --liked"
        )
    if people is None or people >= len(served):
        return found
    chosen = np.random.default_rng(seed).choice(np.array(served), people, replace=False)
    return tuple(_only(fold, frozenset(chosen.tolist())) for fold in found)


def _sessions(interactions: Interactions, liked: float, folds: int, seed: int) -> Iterator[Fold]:
    fold_of = fold_people(len(interactions.users), HELD_OUT if folds == 1 else folds, seed)
    for fold in range(folds):
        out = fold_of == fold
        histories = [history for history in _histories(interactions) if out[history.user]]
        cases = {
            f"k={k}": tuple(
                case for history in histories if (case := _session(history, liked, k)) is not None
            )
            for k in SESSIONS
        }
        yield Fold("sessions", without(interactions, out), cases)


def _session(history: _History, liked: float, k: int) -> Case | None:
    """Return a case for who has enough likes for the longest session: all lengths, same people."""
    likes = np.flatnonzero(history.values >= liked)
    if len(likes) <= max(SESSIONS):
        return None
    return _case(history, likes[-1 - k : -1], likes[-1:])


def _leave_last_out(interactions: Interactions) -> Fold:
    histories = [history for history in _histories(interactions) if len(history.rows) > 1]
    learned = np.ones(len(interactions), np.bool_)
    learned[[history.at[-1] for history in histories]] = False
    cases = tuple(
        _case(history, np.arange(len(history.rows) - 1), np.array([len(history.rows) - 1]))
        for history in histories
    )
    return Fold("leave_last_out", interactions.kept(learned), {"all": cases})


def _time(interactions: Interactions, liked: float) -> Fold:
    times = interactions.timestamp
    learned = times < (times[int(BEFORE * len(times))] if len(times) else 0)
    if not learned.any():
        raise CatalogError("protocol 'time' needs interactions at different times")
    cases: list[Case] = []
    for history in _histories(interactions):
        after = np.flatnonzero(~learned[history.at])
        before = np.flatnonzero(learned[history.at])
        known, later = (before, after) if len(before) else (after[:FIRST], after[FIRST:])
        right = later[history.values[later] >= liked]
        if len(right):
            case = _case(history, known, right)
            cases.append(
                replace(
                    case,
                    met=case.history,
                    later=history.rows[later],
                    later_values=history.values[later],
                )
            )
    return Fold("time", interactions.kept(learned), {"all": tuple(cases)})


def _histories(interactions: Interactions) -> Iterator[_History]:
    order = np.argsort(interactions.user, kind="stable")  # keeps each person's own order in time
    ends = np.cumsum(np.bincount(interactions.user, minlength=len(interactions.users)))
    for user, at in enumerate(np.split(order, ends[:-1])):
        if len(at):
            yield _History(user, interactions.row[at], interactions.value[at], at)


def _case(history: _History, known: NDArray[np.intp], right: NDArray[np.intp]) -> Case:
    """Return the case that folds in positions `known` of a history and looks for `right`."""
    others = np.ones(len(history.rows), np.bool_)
    others[right] = False
    return Case(
        user=history.user,
        history=history.rows[known],
        values=history.values[known],
        relevant=history.rows[right],
        met=history.rows[others],
        later=np.empty(0, np.int32),
        later_values=np.empty(0, np.float32),
    )


def _any(fold: Fold) -> Sequence[Case]:
    return next(iter(fold.cases.values()))


def _only(fold: Fold, users: frozenset[int]) -> Fold:
    cases = {
        setting: tuple(case for case in cases if case.user in users)
        for setting, cases in fold.cases.items()
    }
    return replace(fold, cases=cases)
