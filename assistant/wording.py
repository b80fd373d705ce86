"""Small pieces of English that evidence, templates and prompts share.

Owns: lists in a sentence, counts, how one fact reads, what of a person's words may be repeated.
Does not own: which facts there are (`assistant.evidence`) or whole replies (`assistant.templates`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from assistant.state import Fact
from catalog import Constraint, Facet, Operator, Schema

_ORDER: Mapping[Operator, str] = {">=": "at least", "<=": "at most", "=": "exactly", "!=": "not"}
_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_LIKED_BY = (
    "people who liked {likes} also liked it",
    "liked by people who liked {likes}",
    "often liked along with {likes}",
)


def listing(words: Sequence[str], last: str = "and") -> str:
    """Return `words` as a list in a sentence: ``"A"``, ``"A and B"``, ``"A, B and C"``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count(number: int, schema: Schema) -> str:
    """Return how many items, to open a sentence: ``"Five films"``, ``"One film"``."""
    noun = schema.noun if number == 1 else schema.plural
    return f"{_COUNTS[number] if number < len(_COUNTS) else format(number, ',')} {noun}"


def capitalised(text: str) -> str:
    """Return `text` with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def phrase(facet: Facet, values: Sequence[str]) -> str:
    """Return the schema's fragment for `values`: ``"directed by A and B"``."""
    return facet.label if facet.kind == "flag" else facet.phrase.replace("{value}", listing(values))


def quotable(words: str, limit: int = 60) -> str:
    """Return a person's `words` fit to be repeated in a reply; empty when they are not.

    Control, format and private characters are removed, blanks joined, and words longer than
    `limit` characters are not repeated at all.
    """
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in words)
    plain = " ".join(plain.split()).strip(" .,;:!?")
    return plain if len(plain) <= limit else ""


def condition(constraint: Constraint, schema: Schema) -> str:
    """Return a condition: a measure in the person's words, else in the schema's."""
    facet, value = schema.facet(constraint.facet), constraint.value
    if facet.kind == "flag":
        return facet.display(bool(value) == (constraint.op == "="))
    if facet.kind == "number":
        bound = f"{facet.label} {_ORDER[constraint.op]} {facet.display(float(value))}"
        return quotable(constraint.text) or bound
    shown = facet.display(value)
    return f"no {shown}" if constraint.op == "!=" else phrase(facet, (shown,))


def describe(fact: Fact, schema: Schema, names: Mapping[str, str], variant: int = 0) -> str:
    """Return how `fact` reads, without a capital or a full stop.

    Parameters
    ----------
    fact : Fact
        Its `Fact.text` is not used.
    schema : Schema
        Gives the phrases.
    names : mapping of str to str
        Liked item id to what to call it: a title, or a placeholder in a prompt.
    variant : int
        Chooses among equal wordings, so that five cards do not read alike.
    """
    likes = listing([names[item_id] for item_id in fact.likes])
    if not fact.facet:
        return _without_facet(fact, schema, likes, variant)
    facet = schema.facet(fact.facet)
    if fact.kind == "shared":
        same = f"shares {listing(fact.values)} with {likes}"
        return same if facet.phrase == "{value}" else f"{phrase(facet, fact.values)}, like {likes}"
    if fact.kind == "constraint":
        # A measure comes with the person's words; other conditions are words already.
        return ", ".join(fact.values if len(fact.values) > 1 else (*fact.values, "as you asked"))
    asked = ", as you asked" if fact.kind == "preference" else ""
    return f"{phrase(facet, fact.values)}{asked}"


def _without_facet(fact: Fact, schema: Schema, likes: str, variant: int) -> str:
    if fact.kind == "collaborative":
        return _LIKED_BY[variant % len(_LIKED_BY)].replace("{likes}", likes)
    if fact.kind == "popular":
        return f"{schema.consumed} by many people"
    return f"matches your words: {', '.join(fact.values)}"


def short(title: str, most: int = 56) -> str:
    """Return a title fit for a sentence: a paragraph is cut at a word, with an ellipsis."""
    if len(title) <= most:
        return title
    return title[:most].rsplit(" ", 1)[0].rstrip(" ,;:-(") + "…"
