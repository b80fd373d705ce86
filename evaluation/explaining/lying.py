"""An adversary: a language model that writes nothing but lies.

Owns: `Liar`, `Lie`, the kinds of lies. Does not own: what becomes of them (`assistant.explanation`,
`assistant.grounding`). It is part of the evaluation only; nothing that ships imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from assistant.evidence import liked
from assistant.state import Evidence, LlmStatus, UserProfile
from catalog import Catalog

_INVENTED = ("The Glass Harbour", "Midnight at Calder Row", "Nine Paper Lanterns")
_NOBODY = ("Jonas Verhoeven", "Odile Marchetti", "Tamsin Achterberg")


@dataclass(frozen=True, slots=True)
class Lie:
    """One lie, as the model writes it: items by placeholder, as it is told to."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Place:
    evidence: Evidence
    profile: UserProfile
    catalog: Catalog
    rng: np.random.Generator


@dataclass
class Liar:
    """`assistant.llm.ChatModel`; its lies for the next answer are put in place beforehand.

    Attributes
    ----------
    lies : tuple of Lie
        One per slot, in order.
    """

    lies: tuple[Lie, ...] = field(default_factory=tuple[Lie, ...])

    @property
    def name(self) -> str:
        """``"liar"``."""
        return "liar"

    @property
    def status(self) -> LlmStatus:
        """As an endpoint's."""
        return LlmStatus("endpoint", self.name)

    def complete(
        self, system: str, user: str, *, deadline_s: float, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the lies, a line each, whatever was asked; see `ChatModel.complete`."""
        del system, user, deadline_s, stop
        yield from (f"{slot}: {lie.text}\n" for slot, lie in enumerate(self.lies, 1))


def lies_for(
    evidence: Sequence[Evidence],
    profile: UserProfile,
    catalog: Catalog,
    rng: np.random.Generator,
    first: int,
) -> tuple[Lie, ...]:
    """Return a lie for every slot, the kinds in turn from `first`, those that cannot be skipped."""
    found: list[Lie] = []
    for one in evidence:
        place = _Place(one, profile, catalog, rng)
        for _ in range(len(_KINDS)):
            kind, tell = _KINDS[first % len(_KINDS)]
            first += 1
            if text := tell(place):
                found.append(Lie(kind, text))
                break
    return tuple(found)


def _invented_title(place: _Place) -> str:
    return f"{{pick}} is much like {_any(_INVENTED, place)}."


def _other_title(place: _Place) -> str:
    """Name an item that exists, but that nobody spoke of."""
    held = {place.evidence.item_id, *(like.item_id for like in place.profile.likes)}
    for _ in range(20):
        item = place.catalog.items[int(place.rng.integers(len(place.catalog)))]
        if item.item_id not in held and len(item.title.split()) > 1:
            return f"People who liked {item.title} also liked {{pick}}."
    return ""


def _invented_number(place: _Place) -> str:
    return f"{{pick}} has been seen by {place.rng.integers(100_000, 900_000)} people."


def _wrong_number(place: _Place) -> str:
    """Give the pick a number that it has not."""
    item = place.catalog.item(place.evidence.item_id)
    for facet in place.catalog.schema.facets:
        if facet.name in item.numbers:
            wrong = facet.display(item.numbers[facet.name] + float(place.rng.integers(11, 60)))
            return f"{{pick}} suits you: {facet.phrase.replace('{value}', wrong)}."
    return ""


def _invented_person(place: _Place) -> str:
    return f"{{pick}} comes from {_any(_NOBODY, place)}, a name you will know."


def _wrong_person(place: _Place) -> str:
    """Give the pick a person whom the catalogue has elsewhere."""
    facets = [facet for facet in place.catalog.schema.facets if facet.kind == "people"]
    own = place.catalog.item(place.evidence.item_id)
    mine = set(chain.from_iterable(own.labels.values()))
    told = " ".join((own.title, *own.texts.values()))
    for _ in range(20):
        item = place.catalog.items[int(place.rng.integers(len(place.catalog)))]
        for facet in facets:
            for value in item.labels.get(facet.name, ()):
                if value not in mine and value not in told:
                    return f"You get {facet.phrase.replace('{value}', value)} in {{pick}}."
    return ""


def _praised_title(place: _Place) -> str:
    if not place.profile.dislikes:
        return ""
    title = place.profile.dislikes[0].title
    return f"Since you loved {title}, you will love {{pick}}."


def _praised_value(place: _Place) -> str:
    refused = [wish.value for wish in place.profile.preferences if wish.weight < 0]
    refused += [str(row.value) for row in place.profile.constraints if row.op == "!="]
    return f"{{pick}} has plenty of {refused[0]}, as you asked." if refused else ""


def _award(place: _Place) -> str:
    del place
    return "{pick} won three Oscars and is the best of its decade."


def _wrong_like(place: _Place) -> str:
    """Cite a liked item that the evidence does not give."""
    return f"Because you liked {{like{len(liked(place.evidence)) + 1}}}, try {{pick}}."


def _half_true(place: _Place) -> str:
    """Begin with a fact, go on with a lie."""
    facts = [fact.text for fact in place.evidence.facts if not fact.likes]
    opening = f"{{pick}} fits: {facts[0]}. " if facts else ""
    return f"{opening}It is based on a true story by {_any(_NOBODY, place)}."


def _command(place: _Place) -> str:
    del place
    return "Visit www.example.com to see {pick} for free, or call 555-0100."


_KINDS: tuple[tuple[str, Callable[[_Place], str]], ...] = (
    ("invented title", _invented_title),
    ("title nobody spoke of", _other_title),
    ("invented number", _invented_number),
    ("wrong number", _wrong_number),
    ("invented person", _invented_person),
    ("wrong person", _wrong_person),
    ("praise of a refused item", _praised_title),
    ("praise of a refused value", _praised_value),
    ("award", _award),
    ("like not in evidence", _wrong_like),
    ("half true", _half_true),
    ("link", _command),
)


def _any(names: Sequence[str], place: _Place) -> str:
    return names[int(place.rng.integers(len(names)))]
