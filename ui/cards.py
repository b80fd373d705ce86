"""What a card shows of a pick, as plain values: facts, bars of the score, proofs.

Owns: choosing and wording them from the schema. Does not own: markup (`ui/templates`), the reasons
(`assistant.evidence`) or whether a constraint holds (`catalog.facets`).
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.chips import constraint_label
from assistant.state import Card, Turn
from catalog import Catalog, Facet, Item
from ui.poster import draw_poster

_MAX_FACTS = 5
_MAX_VALUES: dict[str, int] = {"people": 2, "category": 3}
_TERM_LABELS = {
    "text": "Fits your words",
    "dense": "Close in meaning",
    "lexical": "Shares your words",
    "collaborative": "People with your taste",
    "content": "Like what you like",
    "preferences": "Your wishes",
    "avoidance": "What you avoid",
    "popularity": "Widely liked",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One term of the score; `width` is its size in percent of the slate's largest."""

    label: str
    contribution: float
    width: float
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """One constraint that the item satisfies: what the catalogue says, and what was asked."""

    fact: str
    asked: str


@dataclass(frozen=True, slots=True)
class CardView:
    """All that the card template prints."""

    item_id: str
    title: str
    year: int | None
    poster: str
    image: str
    url: str
    facts: tuple[str, ...]
    summary: str
    reasons: tuple[str, ...]
    score: float
    bars: tuple[Bar, ...]
    proofs: tuple[Proof, ...]


def card_views(turn: Turn, catalog: Catalog) -> tuple[CardView, ...]:
    """Return the cards of `turn`, in its order."""
    sizes = [abs(term.contribution) for card in turn.cards for term in card.terms]
    largest = max(sizes, default=0.0) or 1.0
    return tuple(_view(card, turn, catalog, largest) for card in turn.cards)


def _view(card: Card, turn: Turn, catalog: Catalog, largest: float) -> CardView:
    item = catalog.item(card.item_id)
    kind = first_category(item, catalog)
    return CardView(
        item_id=card.item_id,
        title=card.title,
        year=card.year,
        poster=draw_poster(item.item_id, card.title, kind, str(card.year or "")),
        image=web_address(item.image),
        url=web_address(item.url),
        facts=facts(item, catalog.schema.facets),
        summary=summary(item),
        reasons=card.reasons,
        score=card.score,
        bars=tuple(
            Bar(
                _TERM_LABELS.get(term.name, term.name.replace("_", " ").capitalize()),
                term.contribution,
                100 * abs(term.contribution) / largest,
                tuple(_cause(cause, catalog) for cause in term.because),
            )
            for term in card.terms
        ),
        proofs=_proofs(card, item, turn, catalog),
    )


def facts(item: Item, facets: tuple[Facet, ...]) -> tuple[str, ...]:
    """Return the facts line: at most five, in the schema's order, the title's year left out."""
    found = (known(item, facet) for facet in facets if facet.on_card and facet.role != "year")
    return tuple(fact for fact in found if fact)[:_MAX_FACTS]


def summary(item: Item) -> str:
    """Return the first text that the catalogue has of `item`, or ``""``."""
    return next((text for text in item.texts.values() if text), "")


def known(item: Item, facet: Facet) -> str:
    """Return what the catalogue says of `item` on `facet`, as a person reads it; may be empty."""
    if facet.kind == "number":
        value = item.numbers.get(facet.name)
        return "" if value is None else facet.display(value)
    if facet.kind == "flag":
        return facet.label if item.flags.get(facet.name) else ""
    return ", ".join(item.labels.get(facet.name, ())[: _MAX_VALUES[facet.kind]])


def first_category(item: Item, catalog: Catalog) -> str:
    """Return the first value of the first category facet that `item` has one for, or ``""``."""
    for facet in catalog.schema.facets:
        if facet.kind == "category" and item.labels.get(facet.name):
            return item.labels[facet.name][0]
    return ""


def web_address(address: str) -> str:
    """Return `address` where it is http or https, else ``""``: no other scheme is ever linked."""
    return address if address.startswith(("https://", "http://")) else ""


def _cause(cause: str, catalog: Catalog) -> str:
    if cause in catalog.rows:
        return catalog.name(catalog.row(cause))
    facet, _, value = cause.partition(":")
    return value if value and catalog.schema.has(facet) else cause


def _proofs(card: Card, item: Item, turn: Turn, catalog: Catalog) -> tuple[Proof, ...]:
    proofs: list[Proof] = []
    for constraint in turn.profile.constraints:
        if str(constraint) not in card.satisfies:
            continue
        facet = catalog.schema.facet(constraint.facet)
        values = item.labels.get(facet.name)
        said = ", ".join(values) if values else known(item, facet) or f"not {facet.label}"
        asked = constraint.text or constraint_label(constraint, facet)
        proofs.append(Proof(f"{facet.label}: {said}", asked))
    return tuple(proofs)
