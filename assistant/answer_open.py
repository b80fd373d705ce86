"""What is said where nothing in the catalogue answers: that, and what can be asked instead.

Owns: `unanswered`, `beyond`. Does not own: answers from help pages (`assistant.help_desk`), which
go first.
"""

from __future__ import annotations

from assistant.answer_grounds import Grounds, Part
from assistant.state import Ask
from assistant.wording import quotable

_MOST_FIELDS = 8
_NUMBERS_FIRST = ("price", "year", "duration")


def unanswered(ask: Ask, grounds: Grounds) -> Part:
    """Return that the catalogue does not say, with the fields that it has for `ask`'s items.

    A question about no item is quoted: nothing of it is repeated in words of Vouch's own.
    """
    book = grounds.book
    fields = book.listing(_fields(ask, grounds))
    if ask.items:
        titles = book.listing([grounds.name(item_id) for item_id in ask.items])
        return Part((book.say("answer.open_item", title=titles, labels=fields),), ())
    words = quotable(ask.text)
    if not words:
        return Part((book.say("answer.open", labels=fields),), ())
    return Part((book.say("answer.open_words", words=book.quoted(words), labels=fields),), ())


def beyond(grounds: Grounds) -> Part:
    """Return how many cards are on the table, where one is asked about that is not."""
    count = len(grounds.session.slate)
    key = "answer.beyond" if count else "answer.nothing_shown"
    return Part((grounds.book.say(key, count=count),), ())


def _fields(ask: Ask, grounds: Grounds) -> list[str]:
    """Return the names of the fields that are known of the items, or of any where there is none."""
    facets = grounds.catalog.schema.facets
    first = [facet for role in _NUMBERS_FIRST for facet in facets if facet.role == role]
    ordered = (*first, *(facet for facet in facets if facet not in first))
    items = [grounds.catalog.item(item_id) for item_id in ask.items]
    known = [
        facet for facet in ordered if not items or any(grounds.shown(item, facet) for item in items)
    ]
    return [grounds.book.label(facet) for facet in known[:_MOST_FIELDS]]
