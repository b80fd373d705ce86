"""What an assertion means for the profile.

Owns: `profile_checks`, `title_checks`. Does not own: any other part of a turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.state import Opinion, UserProfile
from evaluation.dialogues.form import ProfileClaim, WholeState
from evaluation.dialogues.observed import Check, Observed, listed
from evaluation.dialogues.truth import Truth

_OPINIONS = ("likes", "dislikes", "seen", "later")


def profile_checks(claim: ProfileClaim, seen: Observed) -> Iterator[Check]:
    """Yield every statement of `claim` about the profile after the turn."""
    truth = seen.truth
    state = _state(seen.turn.profile, truth)
    for kind in (*_OPINIONS, "constraints", "preferences"):
        asked = getattr(claim, kind)
        if asked is not None:
            found = state[kind]
            for name in _read(kind, asked, truth):
                yield Check(f"profile.{kind}", name, listed(found), name in found)
    if claim.missing_titles is not None:
        yield from title_checks("profile.missing_titles", claim.missing_titles, seen)
    if claim.exactly is not None:
        yield _exactly(claim.exactly, state, truth)


def _exactly(claim: WholeState, state: Mapping[str, Sequence[str]], truth: Truth) -> Check:
    missed: list[str] = []
    beside: list[str] = []
    for kind, found in state.items():
        asked = _read(kind, getattr(claim, kind), truth)
        missed += (f"{kind}: {name}" for name in asked if name not in found)
        beside += (f"{kind}: {name}" for name in found if name not in asked)
    holds = not missed and not beside
    return Check("profile.exactly", listed(missed), listed(beside), holds)


def _read(kind: str, asked: Sequence[Any], truth: Truth) -> list[str]:
    """Return what a file asks for in the words in which a state is shown."""
    if kind in _OPINIONS:
        return [truth.shown(truth.item(name)) for name in asked]
    if kind == "constraints":
        return [truth.words(truth.constraint(condition)) for condition in asked]
    return [truth.wish(wish) for wish in asked]


def _state(profile: UserProfile, truth: Truth) -> dict[str, list[str]]:
    def titles(opinions: Sequence[Opinion]) -> list[str]:
        return [truth.shown(opinion.item_id) for opinion in opinions]

    return {
        **{kind: titles(getattr(profile, kind)) for kind in _OPINIONS},
        "constraints": [truth.words(row) for row in profile.constraints],
        "preferences": [
            f"{'not ' if row.weight < 0 else ''}{row.facet}: {row.value}"
            for row in profile.preferences
        ],
    }


def title_checks(what: str, names: Sequence[str], seen: Observed) -> Iterator[Check]:
    """Yield, per name, whether the turn says that the catalogue lacks it."""
    found = seen.turn.missing_titles
    for name in names:
        yield Check(what, name, listed(found), _fold(name) in {_fold(title) for title in found})


def _fold(title: str) -> str:
    return " ".join(title.casefold().strip(" \"'“”.,!?").split()).removeprefix("the ")
