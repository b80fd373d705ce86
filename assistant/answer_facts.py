"""What the catalogue says of an item, each fact with the field that it comes from.

Owns: `facts`. Does not own: comparisons or scores. What the catalogue does not say is said to be
unknown; a value that it does not list is never called absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer_grounds import Grounds, Part, grouped
from assistant.state import Ask
from assistant.wording import short
from catalog import Constraint, Facet, Item

_LONGEST_TEXT = 600


def facts(ask: Ask, grounds: Grounds) -> Part:
    """Return what is asked of each item: a value, yes or no, or all that is known."""
    schema = grounds.catalog.schema
    told: list[tuple[str, str]] = []
    for item_id in ask.items:
        item = grounds.catalog.item(item_id)
        if ask.conditions:
            told += (_verdict(item, rows, grounds) for rows in grouped(ask.conditions))
        elif ask.facet:
            told.append(_value(item, schema.facet(ask.facet), grounds))
        else:
            told += _everything(item, grounds)
    return Part(tuple(text for text, _ in told), tuple(dict.fromkeys(name for _, name in told)))


def _value(item: Item, facet: Facet, grounds: Grounds) -> tuple[str, str]:
    if facet.kind == "flag":
        return _verdict(item, (Constraint(facet.name, "=", True),), grounds)
    phrase = grounds.phrase(item, facet)
    if not phrase:
        return _unknown(item, facet, grounds)
    book = grounds.book
    text = book.say(
        "answer.fact", title=grounds.name(item.item_id), phrase=phrase, source=book.label(facet)
    )
    return text, facet.name


def _verdict(item: Item, rows: Sequence[Constraint], grounds: Grounds) -> tuple[str, str]:
    """Return whether `rows`, all on one facet, hold for `item`."""
    book, facet = grounds.book, grounds.catalog.schema.facet(rows[0].facet)
    phrase = grounds.phrase(item, facet)
    if not phrase:
        return _unknown(item, facet, grounds)
    title, source = grounds.name(item.item_id), book.label(facet)
    listed = {value.casefold() for value in item.labels.get(facet.name, ())}
    against = [str(row.value) for row in rows if row.op == "!="]
    if against and listed.issuperset(value.casefold() for value in against):
        # "Is it loud?" of what is listed as quiet.
        phrase = book.phrase(facet, against)
        return book.say("answer.no", title=title, phrase=phrase, source=source), facet.name
    holds = not against and grounds.catalog.facets.satisfies(
        grounds.catalog.row(item.item_id), rows
    )
    if holds and facet.kind in {"category", "people"}:
        asked = {str(row.value).casefold() for row in rows}
        values = [v for v in item.labels[facet.name] if v.casefold() in asked]
        phrase = book.phrase(facet, values)
    if holds or facet.kind in {"number", "flag"}:
        key = "answer.yes" if holds else "answer.no"
        return book.say(key, title=title, phrase=phrase, source=source), facet.name
    sought = book.listing([book.quoted(book.value(facet, row.value)) for row in rows], "or")
    text = book.say("answer.unlisted", title=title, what=sought, phrase=phrase, source=source)
    return text, facet.name


def _everything(item: Item, grounds: Grounds) -> Iterator[tuple[str, str]]:
    book, schema, title = grounds.book, grounds.catalog.schema, grounds.name(item.item_id)
    texts = [(name, item.texts[name]) for name in schema.texts if item.texts.get(name)]
    for name, text in texts:
        quoted = book.quoted(short(text, _LONGEST_TEXT))
        yield book.say("answer.text", title=title, text=quoted, source=name), name
    known = [(grounds.phrase(item, facet), facet.name) for facet in schema.facets]
    known = [(phrase, name) for phrase, name in known if phrase]
    if not known:
        return
    listed = book.say("pick.join").join(phrase for phrase, _ in known)
    key = "answer.also" if texts else "answer.all"
    yield book.say(key, title=title, facts=listed), known[0][1]
    yield from (("", name) for _, name in known[1:])


def _unknown(item: Item, facet: Facet, grounds: Grounds) -> tuple[str, str]:
    book = grounds.book
    label = book.quoted(book.label(facet))
    return book.say("answer.unknown", title=grounds.name(item.item_id), label=label), facet.name
