"""What pressing a suggestion will be understood as, kept: the same few are offered again and again.

Owns: `ReadBack`. Does not own: understanding (`assistant.understanding`), or what is offered
(`assistant.critiques`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.state import Context, Understanding
from assistant.understanding import Understander
from catalog import Constraint
from ranking.scoring import Wish

# A catalogue's measures and values in five languages; a kept reading is about 1 KB.
_MOST = 4096


class ReadBack:
    """Tells whether a message means some conditions or a wish, and nothing else.

    Of a message such as "shorter" the slate decides the number only. So its reading is kept once
    with the facets that it speaks of, and serves every slate; of a profile that has a bound on one
    of these it is read anew. Safe to share between threads.
    """

    def __init__(self, understander: Understander) -> None:
        self._understander = understander
        self._kept: dict[tuple[object, ...], tuple[Understanding | None]] = {}

    def read(
        self, message: str, bounds: Sequence[Constraint], wish: Wish | None, context: Context
    ) -> Understanding | None:
        """Return what `message` says in `context` if that is just `bounds` and `wish`, else None.

        Without its findings, which are of one slate.

        Takes a millisecond or two for a message that is new, else microseconds.
        """
        bound_already = {row.facet for row in context.profile.constraints}
        if any(bound.op != "!=" and bound.facet in bound_already for bound in bounds):
            return self._read(message, bounds, wish, context)
        kinds = tuple((b.facet, b.op, b.value if b.op == "!=" else None) for b in bounds)
        key = (message, context.language, kinds, wish)
        kept = self._kept.get(key)
        if kept is None:
            kept = (self._read(message, bounds, wish, context),)
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = kept
        return kept[0] and replace(kept[0], constraints=tuple(bounds))

    def _read(
        self, message: str, bounds: Sequence[Constraint], wish: Wish | None, context: Context
    ) -> Understanding | None:
        said = self._understander.understand(message, context)
        wishes = [Wish(one.facet, one.value, one.weight) for one in said.preferences]
        opinions = said.likes or said.dislikes or said.seen
        meant = said.constraints == tuple(bounds) and wishes == ([wish] if wish else [])
        return replace(said, findings=()) if meant and not opinions else None
