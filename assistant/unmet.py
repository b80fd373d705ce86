"""Wishes that nothing on the slate grants.

Owns: `unmet`. Does not own: saying so (`assistant.templates`). A wish is soft: what is shown need
not grant it, but then the reply must not sound as if it did.
"""

from __future__ import annotations

import numpy as np

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
        and not np.isin(shown, catalog.facets.rows_granting(wish.facet, wish.value)).any()
    )
