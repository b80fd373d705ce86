"""Wishes for what an item has: "more from this brand", "what else did that director make".

Owns: `SameReader`, `with_same`. Does not own: values that are named (`values`), or what an item has
where a question asks for it (`asks`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.state import Ask, Context, Preference, Understanding
from assistant.understanding.mentions import Mention
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Constraint, Facet

_WANT = (
    r"(?:what else|anything else|something else|anything|something|more|others?|else|another|what"
    r" other|which other|got any|do you have|have you got|is there|are there|show me|any|all|also)"
)
_THAT = r"(?:this|that|these|those|the same|same|its|his|her|their)"
_POINTING = re.compile(r"\b(?:this|that|these|those|same|its|his|her|their|him|them)\b")
"""What every such wish has a word of."""
_VERBS = (
    r"(?:made?|makes?|directs?|directed|write|wrote|do|done|did|in|star in|been in|sells?|have)"
)
_PERSON = r"(?:him|her|them|the same one|the same person|the same people)"
_PLAYERS = frozenset({"with", "starring", "featuring", "played by"})
_ACTORS = frozenset({"actor", "actress", "star"})
"""What people call those whom such words bring in, whatever the schema calls them."""


@dataclass(frozen=True, slots=True)
class Same:
    """A wish for an item's own value.

    Attributes
    ----------
    mention : Mention
        The words, which say nothing else.
    row : Preference, Constraint or None
        The wish; None where the catalogue does not know the item's value.
    ask : Ask or None
        What is to be said in its place.
    """

    mention: Mention
    row: Preference | Constraint | None
    ask: Ask | None = None


class SameReader:
    """Reads wishes for the values of items of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        nouns = "|".join(
            re.escape(word)
            for word in sorted({catalog.schema.noun, catalog.schema.plural, "movies", "movie"})
        )
        facets = [f for f in catalog.schema.facets if f.kind in {"category", "people"}]
        self._rules = tuple(
            (facet, rule) for facet in facets for rule in _rules(facet, f"(?:{nouns})")
        )

    def read(self, text: Text, mentions: Sequence[Mention], context: Context) -> Same | None:
        """Return the wish for a value of the item named last, asked about, or shown first."""
        if not _POINTING.search(text.flat):
            return None
        for facet, rule in self._rules:
            for start, end, _ in text.find(rule):
                said = Mention(start, end, "act")
                named = [m for m in mentions if m.items and m.end <= start]
                items = named[-1].items[-1:] if named else (*context.asked, *context.slate)[:1]
                # A word of it may be a value of its own: films are "about actors".
                if items and not any(m.overlaps(said) and len(m) >= len(said) for m in mentions):
                    return self._same(text, said, facet, items[0], context)
        return None

    def _same(
        self, text: Text, mention: Mention, facet: Facet, item_id: str, context: Context
    ) -> Same:
        words = text.surface(mention.start, mention.end)
        values = self._catalog.item(item_id).labels.get(facet.name, ())
        if not values:
            return Same(mention, None, Ask("fact", (item_id,), facet.name, words))
        if facet.stance == "require":
            return Same(mention, Constraint(facet.name, "=", values[0], context.turn, words))
        return Same(mention, Preference(facet.name, values[0], 1.0, context.turn, words))


def with_same(understood: Understanding, same: Same) -> Understanding:
    """Return `understood` with the wish, or with the question in its place."""
    acts = [act for act in understood.acts if act != "off_topic"]
    row = same.row
    if isinstance(row, Preference):
        return replace(
            understood,
            acts=tuple(dict.fromkeys((*acts, "prefer", "request"))),
            preferences=(*understood.preferences, row),
        )
    if row is not None:
        return replace(
            understood,
            acts=tuple(dict.fromkeys((*acts, "constrain", "request"))),
            constraints=(*understood.constraints, row),
        )
    asks = (*understood.asks, *([same.ask] if same.ask else []))
    acts = [act for act in acts if act != "request"]
    return replace(understood, acts=tuple(dict.fromkeys((*acts, "ask"))), asks=asks)


def _rules(facet: Facet, nouns: str) -> tuple[re.Pattern[str], ...]:
    """Return how a wish for the same value of a facet is worded."""
    words = {normalise(word) for word in (facet.label, facet.name.replace("_", " "))}
    cues = {normalise(cue) for cue in facet.cues}
    words |= {word.removesuffix("s") for word in words}
    if facet.kind == "people":
        words |= _ACTORS if cues & _PLAYERS else frozenset()
    named = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    before = "|".join(re.escape(cue) for cue in sorted(cues, key=len, reverse=True)) or "(?!)"
    link = rf"(?:(?:{before}|from|by|with|of|in|is|are) )?"
    own = rf"{_THAT} (?:{named})s?"
    asked = (
        rf"{_WANT}(?: [^ .,@]+){{0,3}}? {link}{own}(?: {_VERBS})*",
        rf"{own}(?: {_WANT})+",
        rf"(?:other |more )?{nouns} {link}{own}(?: {_VERBS})*",
        rf"^{link}(?:the same|same) (?:{named})s?(?: please)?$",
    )
    person = (
        rf"(?:{_WANT} |(?:other |more )?{nouns} )(?:{nouns} )?(?:else )?(?:{before}) {_PERSON}"
        if facet.kind == "people"
        else "(?!)"
    )
    ends = r"(?= [.,]|$| please| tonight| instead)"
    return tuple(re.compile(rf"(?<![^ ])(?:{source}){ends}") for source in (*asked, person))
