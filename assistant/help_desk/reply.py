"""What is said to a question for the help pages.

Owns: `reply`. Does not own: what was found (`assistant.help_desk.desk`) or the wording
(`assistant.phrasebook`).
"""

from __future__ import annotations

from assistant.help_desk.desk import HelpReading
from assistant.phrasebook import Phrasebook
from assistant.state import Answer, Quote

# More topics than these are told as so many.
_MOST_TOPICS = 8


def reply(found: HelpReading, book: Phrasebook) -> Answer:
    """Return the quote with its source; else that the pages do not say, and what they are about."""
    passage = found.passage
    place = book.quoted(passage.place)
    if found.quote:
        text = book.say("help.quoted", place=place, text=book.quoted(found.quote))
        quote = Quote(found.quote, passage.place, passage.url)
        return Answer(text, (passage.place,), quotes=(quote,))
    topics = [book.quoted(topic) for topic in found.topics[:_MOST_TOPICS]]
    said = [
        book.say("help.unknown"),
        book.say("help.nearest", place=place),
        book.say("help.topics", topics=book.listing(topics)),
    ]
    return Answer(book.joined(said), (), pointers=(passage.place, *found.topics))
