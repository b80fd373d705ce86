"""What a model keeps of who met what, so that it can learn more.

Owns: `History`, and that people are in it under pseudonyms. Does not own: how a model learns from
it (each model's `updated`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions
from catalog.errors import ModelError


@dataclass(frozen=True, slots=True)
class History:
    """What a model was fitted on, and with which settings.

    A person is a hash of their id: enough to know them again when they come with more, and no
    list of ids; but whoever has an id can look for it, so the file is as private as its source.

    Attributes
    ----------
    interactions : Interactions
        Sorted by time; its users are pseudonyms of 16 hexadecimal digits.
    settings : mapping of str to value
        The fields of the model's config.
    """

    interactions: Interactions
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, interactions: Interactions, config: Any) -> History:  # noqa: ANN401 - any dataclass
        """Return the history of a model fitted on `interactions` with `config`."""
        return cls(pseudonymous(interactions), asdict(config))

    def plus(self, interactions: Interactions) -> History:
        """Return the history with `interactions`, whose users are ids, sorted in by time.

        Of the same time, the new come last.
        """
        return History(_joined(self.interactions, pseudonymous(interactions)), self.settings)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep, under names that begin with ``past_``."""
        past = self.interactions
        return {
            "past_settings": np.array(json.dumps(dict(self.settings))),
            "past_users": np.array(past.users, "S16"),
            "past_user": past.user,
            "past_row": past.row,
            "past_value": past.value,
            "past_timestamp": past.timestamp,
        }


def kept(past: History | None, model: str) -> History:
    """Return `past`.

    Raises
    ------
    ModelError
        When `model` was fitted without it.
    """
    if past is None:
        raise ModelError(f"{model!r} keeps no history to add to; fit it with updatable=True")
    return past


def stored_history(arrays: Mapping[str, NDArray[Any]]) -> History | None:
    """Return the history among a file's `arrays`, or None where the model kept none."""
    if "past_user" not in arrays:
        return None
    users: list[str] = arrays["past_users"].astype(str).tolist()
    columns = (arrays[f"past_{name}"] for name in ("user", "row", "value", "timestamp"))
    return History(Interactions(tuple(users), *columns), json.loads(str(arrays["past_settings"])))


def pseudonymous(interactions: Interactions) -> Interactions:
    """Return `interactions` with users hashed, and without the users who have none."""
    names = [blake2b(user.encode(), digest_size=8).hexdigest() for user in interactions.users]
    return _joined(Interactions(tuple(names), *_columns(interactions)), Interactions.empty())


def of_people(interactions: Interactions, names: set[str]) -> Interactions:
    """Return the interactions of the users called `names`, positions as they were."""
    wanted = np.array([user in names for user in interactions.users], np.bool_)
    return interactions.kept(wanted[interactions.user])


def _columns(one: Interactions) -> tuple[NDArray[Any], ...]:
    return one.user, one.row, one.value, one.timestamp


def _joined(first: Interactions, second: Interactions) -> Interactions:
    pairs = zip(_columns(first)[1:], _columns(second)[1:], strict=True)
    users = [one.users[at] for one in (first, second) for at in one.user.tolist()]
    return Interactions.build(users, *(np.concatenate(pair) for pair in pairs))
