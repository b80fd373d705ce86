"""What a slate grants and what it cannot, beyond what its cards say.

Owns: `unmet`, `fitting`. Does not own: saying so (`assistant.templates`). A wish is soft: what is
shown need not grant it, but then the reply must not sound as if it did. What the person likes is
not shown again: where nothing else meets the conditions, the reply must not say that nothing does.
"""

from __future__ import annotations

from assistant.state import Preference, Turn
from catalog import Catalog


def unmet(turn: Turn, catalog: Catalog) -> tuple[Preference, ...]:
    """Return the wishes of `turn` that none of its cards grants; none where there are no cards."""
    shown = [catalog.row(card.item_id) for card in turn.cards]
    return tuple(
        wish
        for wish in turn.profile.preferences
        if shown
        and wish.weight > 0
        and not catalog.facets.granting(wish.facet, wish.value)[0][shown].any()
    )


def fitting(turn: Turn, catalog: Catalog) -> tuple[str, ...]:
    """Return the ids of the person's likes that meet every condition, where `turn` has no cards."""
    return tuple(
        like.item_id
        for like in turn.profile.likes
        if not turn.cards
        and catalog.facets.satisfies(catalog.row(like.item_id), turn.profile.constraints)
    )
