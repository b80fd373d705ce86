"""How one fact about a pick reads, in the person's language.

Owns: `describe`. Does not own: which facts there are (`assistant.evidence`), the sentence around
them (`assistant.templates`) or the words (`assistant.phrasebook`).
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.phrasebook import Phrasebook
from assistant.state import Fact


def describe(fact: Fact, book: Phrasebook, names: Mapping[str, str], variant: int = 0) -> str:
    """Return how `fact` reads, without a capital or a full stop.

    Parameters
    ----------
    fact : Fact
        Its `Fact.text` is not used.
    book : Phrasebook
        Gives the phrases.
    names : mapping of str to str
        Liked item id to what to call it: a title, or a placeholder in a prompt.
    variant : int
        Chooses among equal wordings, so that five cards do not read alike.
    """
    likes = book.listing([names[item_id] for item_id in fact.likes])
    match fact.kind:
        case "collaborative":
            return book.say("reason.liked_by", variant=variant, likes=likes)
        case "popular":
            return book.say("reason.popular")
        case "text":
            words = [book.word(word) for word in fact.values]
            return book.say("reason.words", words=book.commas(words))
        case "constraint":
            # A measure comes with the person's words; other conditions are words already.
            told = book.commas(fact.values)
            return told if len(fact.values) > 1 else book.say("reason.asked", phrase=told)
        case _:
            return _of_facet(fact, book, likes)


def _of_facet(fact: Fact, book: Phrasebook, likes: str) -> str:
    facet = book.schema.facet(fact.facet)
    phrase = book.phrase(facet, fact.values)
    if fact.kind == "shared":
        # Without words of its own, the facet's values say little.
        plain = phrase == book.values(facet, fact.values)
        return book.say("reason.shares" if plain else "reason.like", phrase=phrase, likes=likes)
    return book.say("reason.asked", phrase=phrase) if fact.kind == "preference" else phrase
