"""The profile as chips: each thing that Vouch holds of a person, removable on its own.

Owns: `Chip`, their keys and wording, finding one, removing one. Does not own: drawing them (`ui`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.state import UserProfile
from catalog import Constraint, Facet, Schema
from catalog.errors import CommandError

ChipKind = Literal["like", "dislike", "seen", "constraint", "preference", "avoid", "topic"]


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
    """

    key: str
    label: str
    kind: ChipKind
    text: str = ""
    rows: tuple[Constraint, ...] = ()


def chips(profile: UserProfile, schema: Schema) -> tuple[Chip, ...]:
    """Return every entry of `profile` as a chip: likes, dislikes, ledger, wishes, topics, seen."""
    found = [Chip(f"like:{o.item_id}", o.title, "like", o.text) for o in profile.likes]
    found += [Chip(f"dislike:{o.item_id}", o.title, "dislike", o.text) for o in profile.dislikes]
    found += [_constraint_chip(rows, schema) for rows in _runs(profile.constraints, schema)]
    for wish in profile.preferences:
        kind: ChipKind = "preference" if wish.weight > 0 else "avoid"
        facet = schema.facet(wish.facet)
        value = facet.label if facet.kind == "flag" else wish.value
        label = value if wish.weight > 0 else f"less {value}"
        found.append(Chip(f"{wish.facet}:{wish.value}", label, kind, wish.text))
    found += [Chip(f"topic:{topic}", f"“{topic}”", "topic", topic) for topic in profile.topics]
    found += [Chip(f"seen:{o.item_id}", o.title, "seen", o.text) for o in profile.seen]
    return tuple(found)


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


def _constraint_chip(rows: tuple[Constraint, ...], schema: Schema) -> Chip:
    first, last = rows[0], rows[-1]
    facet = schema.facet(first.facet)
    if len(rows) == 1:
        return Chip(str(first), constraint_label(first, facet), "constraint", first.text, rows)
    span = f"{facet.display(first.value)}–{facet.display(last.value)}"
    label = f"{'not ' if first.op == '!=' else ''}{span}"
    return Chip(f"{first}..{float(last.value):g}", label, "constraint", first.text, rows)


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
    for chip in entries:
        value = chip.key.split(":", 1)[-1].split(" ")[-1]
        if sought in {chip.label.casefold(), chip.text.casefold(), value.casefold()}:
            return chip
    known = ", ".join(repr(chip.label) for chip in entries) or "none"
    raise CommandError(f"no chip {wanted!r} to remove; there are: {known}")


def remove_chip(profile: UserProfile, chip: Chip) -> UserProfile:
    """Return `profile` without the entry that `chip` stands for."""
    name = chip.key.split(":", 1)[-1]
    match chip.kind:
        case "like":
            return replace(profile, likes=tuple(o for o in profile.likes if o.item_id != name))
        case "dislike":
            kept = tuple(o for o in profile.dislikes if o.item_id != name)
            return replace(profile, dislikes=kept)
        case "seen":
            return replace(profile, seen=tuple(o for o in profile.seen if o.item_id != name))
        case "constraint":
            kept_rows = tuple(c for c in profile.constraints if c not in chip.rows)
            return replace(profile, constraints=kept_rows)
        case "preference" | "avoid":
            wishes = tuple(p for p in profile.preferences if f"{p.facet}:{p.value}" != chip.key)
            return replace(profile, preferences=wishes)
        case "topic":
            return replace(profile, topics=tuple(t for t in profile.topics if t != name))
