"""Buttons: what a person does without words, as typed values and as lines (``/like 2``).

Owns: `Command`, its line form, and its effect on a profile. Does not own: what words do
(`assistant.understanding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from assistant.chips import find_chip, remove_chip, rescope_chip
from assistant.state import Opinion, UserProfile
from catalog import Catalog
from catalog.errors import CommandError

CommandKind = Literal[
    "like", "dislike", "seen", "later", "more", "remove", "always", "now", "undo", "reset"
]

_ON_A_CARD: tuple[CommandKind, ...] = ("like", "dislike", "seen", "later", "more")
_ON_A_CHIP: tuple[CommandKind, ...] = ("remove", "always", "now")


@dataclass(frozen=True, slots=True)
class Command:
    """One press of a button.

    Attributes
    ----------
    kind : str
        What to do.
    target : str
        An item id for ``like``, ``dislike``, ``seen``, ``later`` and ``more``; a chip's key, label
        or words, several one a line, for ``remove``, ``always`` and ``now``; empty otherwise.
    """

    kind: CommandKind
    target: str = ""

    def __str__(self) -> str:
        """Return the line form, with the target as it is."""
        return f"/{self.kind} {self.target}".rstrip()


def is_command(line: str) -> bool:
    """Tell whether `line` is meant as a button and not as a message: it starts with a slash."""
    return line.startswith("/")


def parse_command(line: str, slate: Sequence[str]) -> Command:
    """Return the command in `line`; card numbers count from 1 on `slate`, the last cards shown.

    Raises
    ------
    CommandError
        For an unknown command or a card number that is not on the slate.
    """
    name, _, argument = line.strip().removeprefix("/").partition(" ")
    argument = argument.strip()
    if name not in get_args(CommandKind):
        known = ", ".join(f"/{kind}" for kind in get_args(CommandKind))
        raise CommandError(f"unknown command {line!r}; there are: {known}")
    kind = cast(CommandKind, name)
    if kind in _ON_A_CARD:
        if not argument.isdecimal() or not 1 <= int(argument) <= len(slate):
            shown = (
                f"a card number from 1 to {len(slate)}" if slate else "cards, and none are shown"
            )
            raise CommandError(f"/{kind} needs {shown}, not {argument!r}")
        return Command(kind, slate[int(argument) - 1])
    if kind in _ON_A_CHIP and not argument:
        raise CommandError(f"/{kind} needs a chip, for instance /{kind} no Horror")
    return Command(kind, argument)


def apply_command(
    profile: UserProfile, command: Command, catalog: Catalog, turn: int
) -> UserProfile:
    """Return `profile` after `command`; ``undo`` is the engine's, which knows the past.

    Raises
    ------
    UnknownItemError
        When the item is not in the catalogue.
    CommandError
        When there is no such chip.
    """
    if command.kind in _ON_A_CHIP:
        return _on_a_chip(profile, command, catalog)
    if command.kind == "reset":
        return UserProfile()
    if command.kind == "undo":
        raise CommandError("undo needs a session")
    item = catalog.item(command.target)
    words = {"more": "more like this", "seen": catalog.schema.consumed, "later": "not now"}
    opinion = Opinion(item.item_id, item.title, turn, words.get(command.kind, command.kind))
    if command.kind == "later":
        return replace(profile, later=_with(profile.later, opinion))
    profile = replace(profile, later=_without(profile.later, opinion))
    if command.kind == "seen":
        return replace(profile, seen=_with(profile.seen, opinion))
    if command.kind == "dislike":
        return replace(
            profile,
            dislikes=_with(profile.dislikes, opinion),
            likes=_without(profile.likes, opinion),
        )
    return replace(
        profile,
        likes=_with(profile.likes, opinion),
        dislikes=_without(profile.dislikes, opinion),
    )


def _on_a_chip(profile: UserProfile, command: Command, catalog: Catalog) -> UserProfile:
    if command.kind == "remove":
        for line in command.target.split("\n"):
            profile = remove_chip(profile, find_chip(line, profile, catalog.schema))
        return profile
    chip = find_chip(command.target, profile, catalog.schema)
    return rescope_chip(profile, chip, "always" if command.kind == "always" else "now")


def _with(opinions: tuple[Opinion, ...], added: Opinion) -> tuple[Opinion, ...]:
    return (*_without(opinions, added), added)


def _without(opinions: tuple[Opinion, ...], removed: Opinion) -> tuple[Opinion, ...]:
    return tuple(opinion for opinion in opinions if opinion.item_id != removed.item_id)
