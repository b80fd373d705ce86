"""The profile as chips: each thing that Vouch holds of a person, removable on its own.

Owns: `Chip`, their keys and wording, finding one, removing one, letting one last. Does not own:
drawing them (`ui`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.state import Leaning, Opinion, Preference, UserProfile
from catalog import Constraint, Facet, Schema, Scope
from catalog.errors import CommandError

ChipKind = Literal["like", "dislike", "seen", "later", "constraint", "preference", "avoid", "topic"]

_LEANING = "how well known"


@dataclass(frozen=True, slots=True)
class Chip:
    """One removable entry of a profile.

    Attributes
    ----------
    key : str
        Unique within the profile and stable: ``"like:6"``, ``"year >= 1991"``, ``"mood:tense"``.
    label : str
        As shown: ``"Heat"``, ``"year 1991 or later"``, ``"no Horror"``.
    kind : str
        Which group it belongs to.
    text : str
        The person's own words; may be empty.
    rows : tuple of Constraint
        Of a condition: the ledger's rows. "From the 70s" is ten years and one chip.
    scope : {"now", "always"} or None
        Of a condition or a wish, which may be for the moment or for always; None for the others.
    before : bool
        Whether it is known from before this conversation.
    """

    key: str
    label: str
    kind: ChipKind
    text: str = ""
    rows: tuple[Constraint, ...] = ()
    scope: Scope | None = None
    before: bool = False


def chips(profile: UserProfile, schema: Schema) -> tuple[Chip, ...]:
    """Return every entry of `profile` as a chip.

    Likes first, then dislikes, ledger, wishes, topics, seen and put off.
    """
    found = _opinion_chips("like", profile.likes) + _opinion_chips("dislike", profile.dislikes)
    found += [_constraint_chip(rows, schema) for rows in _runs(profile.constraints, schema)]
    found += [_wish_chip(wish, schema) for wish in profile.preferences]
    found += [_leaning_chip(profile.leaning)] if profile.leaning else []
    found += [Chip(f"topic:{topic}", f"“{topic}”", "topic", topic) for topic in profile.topics]
    found += _opinion_chips("seen", profile.seen) + _opinion_chips("later", profile.later)
    return tuple(found)


def _opinion_chips(kind: ChipKind, opinions: Sequence[Opinion]) -> list[Chip]:
    return [Chip(f"{kind}:{o.item_id}", o.title, kind, o.text, before=not o.turn) for o in opinions]


def constraint_label(constraint: Constraint, facet: Facet) -> str:
    """Return a constraint as a person reads it: ``"year 1991 or later"``, ``"no Horror"``."""
    value = constraint.value
    shown = facet.display(value)
    if facet.kind == "flag":
        wanted = (constraint.op == "=") == bool(value)
        return facet.label if wanted else f"not {facet.label}"
    if constraint.op == "=":
        return shown if facet.kind != "number" else f"{facet.label} {shown}"
    if constraint.op == "!=":
        return f"no {shown}"
    if facet.role == "year":
        return f"{shown} or {'later' if constraint.op == '>=' else 'earlier'}"
    return f"{facet.label} {'at least' if constraint.op == '>=' else 'at most'} {shown}"


def condition_labels(rows: Sequence[Constraint], schema: Schema) -> tuple[str, ...]:
    """Return the labels that the chips of `rows` have: ten years in a row are one."""
    return tuple(_constraint_chip(run, schema).label for run in _runs(rows, schema))


def _runs(constraints: Sequence[Constraint], schema: Schema) -> list[tuple[Constraint, ...]]:
    """Return the ledger with whole numbers that follow each other put together."""
    runs: list[list[Constraint]] = []
    for row in constraints:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and schema.facet(row.facet).kind == "number"
            and (row.facet, row.op, row.turn) == (last.facet, last.op, last.turn)
            and row.op in ("=", "!=")
            and float(row.value) == float(last.value) + 1
        ):
            runs[-1].append(row)
        else:
            runs.append([row])
    return [tuple(run) for run in runs]


def _wish_chip(wish: Preference, schema: Schema) -> Chip:
    facet, bound = schema.facet(wish.facet), Constraint.wished(wish.facet, wish.value)
    value = facet.label if facet.kind == "flag" else wish.value
    value = constraint_label(bound, facet) if bound else value
    kind, label = ("preference", value) if wish.weight > 0 else ("avoid", f"less {value}")
    return Chip(
        f"{wish.facet}:{wish.value}", label, kind, wish.text,
        scope=wish.scope, before=not wish.turn,
    )  # fmt: skip


def _leaning_chip(leaning: Leaning) -> Chip:
    return Chip(
        _LEANING, f"“{leaning.text}”", "preference", leaning.text,
        scope=leaning.scope, before=not leaning.turn,
    )  # fmt: skip


def _constraint_chip(rows: tuple[Constraint, ...], schema: Schema) -> Chip:
    first, last = rows[0], rows[-1]
    facet = schema.facet(first.facet)
    key, label = str(first), constraint_label(first, facet)
    if len(rows) > 1:
        span = f"{facet.display(first.value)}–{facet.display(last.value)}"
        key, label = f"{key}..{float(last.value):g}", f"{'not ' * (first.op == '!=')}{span}"
    return Chip(
        key, label, "constraint", first.text, rows, scope=first.scope, before=not first.turn
    )


def find_chip(wanted: str, profile: UserProfile, schema: Schema) -> Chip:
    """Return the chip that `wanted` names: by key, label, value or the person's words.

    Raises
    ------
    CommandError
        When no chip matches; the message lists those there are.
    """
    entries = chips(profile, schema)
    sought = wanted.strip().casefold()
    for chip in entries:
        if sought == chip.key.casefold():
            return chip
    for row in profile.constraints:
        if sought == str(row).casefold():  # One row of several that are one chip.
            return _constraint_chip((row,), schema)
    for chip in entries:
        value = chip.key.split(":", 1)[-1].split(" ")[-1]
        if sought in {chip.label.casefold(), chip.text.casefold(), value.casefold()}:
            return chip
    known = ", ".join(repr(chip.label) for chip in entries) or "none"
    raise CommandError(f"no chip {wanted!r}; there are: {known}")


def rescope_chip(profile: UserProfile, chip: Chip, scope: Scope) -> UserProfile:
    """Return `profile` with the condition or wish of `chip` kept for always, or for now only.

    Raises
    ------
    CommandError
        For a chip that has no such choice: what is said of items lasts, a topic does not.
    """
    if chip.scope is None:
        raise CommandError(f"{chip.label!r} is neither a condition nor a wish: it has no scope")
    if chip.kind == "constraint":
        rows = tuple(replace(c, scope=scope) if c in chip.rows else c for c in profile.constraints)
        return replace(profile, constraints=rows)
    if chip.key == _LEANING and profile.leaning:
        return replace(profile, leaning=replace(profile.leaning, scope=scope))
    wishes = tuple(
        replace(p, scope=scope) if f"{p.facet}:{p.value}" == chip.key else p
        for p in profile.preferences
    )
    return replace(profile, preferences=wishes)


def remove_chip(profile: UserProfile, chip: Chip) -> UserProfile:
    """Return `profile` without the entry that `chip` stands for."""
    return replace(
        profile,
        likes=_others("like", profile.likes, chip),
        dislikes=_others("dislike", profile.dislikes, chip),
        seen=_others("seen", profile.seen, chip),
        later=_others("later", profile.later, chip),
        constraints=tuple(c for c in profile.constraints if c not in chip.rows),
        preferences=tuple(p for p in profile.preferences if f"{p.facet}:{p.value}" != chip.key),
        topics=tuple(topic for topic in profile.topics if f"topic:{topic}" != chip.key),
        leaning=None if chip.key == _LEANING else profile.leaning,
    )


def _others(kind: ChipKind, opinions: Sequence[Opinion], chip: Chip) -> tuple[Opinion, ...]:
    return tuple(o for o in opinions if f"{kind}:{o.item_id}" != chip.key)
