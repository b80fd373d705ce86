"""What earlier turns still mean: undo, refusals before a fresh start, and a replaced catalogue.

Owns: `within`, `before_last_change`, `barred_items`. Does not own: when they apply
(`assistant.engine`).
"""

from __future__ import annotations

from dataclasses import replace

from assistant.state import Session, UserProfile
from catalog import Catalog


def within(profile: UserProfile, catalog: Catalog) -> UserProfile:
    """Return `profile` without what `catalog` does not have."""
    known, facets = catalog.rows, {facet.name for facet in catalog.schema.facets}
    return replace(
        profile,
        likes=tuple(o for o in profile.likes if o.item_id in known),
        dislikes=tuple(o for o in profile.dislikes if o.item_id in known),
        seen=tuple(o for o in profile.seen if o.item_id in known),
        constraints=tuple(c for c in profile.constraints if c.facet in facets),
        preferences=tuple(p for p in profile.preferences if p.facet in facets),
        later=tuple(o for o in profile.later if o.item_id in known),
    )


def before_last_change(session: Session) -> UserProfile:
    """Return the profile before the last change that still stands; undoing twice goes back two."""
    changes = [session.memory]
    for turn in session.turns:
        if "undo" in turn.acts:
            if len(changes) > 1:
                changes.pop()
        elif turn.profile != changes[-1]:
            changes.append(turn.profile)
    return changes[-2] if len(changes) > 1 else changes[0]


def barred_items(session: Session) -> frozenset[str]:
    """Return what was refused, seen or put off before a fresh start: it stays away all the same."""
    barred: set[str] = set()
    before = session.memory
    for turn in session.turns:
        if "reset" in turn.acts:
            away = (*before.dislikes, *before.seen, *before.later)
            barred |= {opinion.item_id for opinion in away}
        before = turn.profile
    return frozenset(barred)
