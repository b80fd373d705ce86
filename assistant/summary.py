"""What Vouch holds of a person, in plain sentences.

Owns: `summary`. Does not own: the sentences (`assistant.phrasebook`) or the profile as chips
(`assistant.chips`). It says what the profile says: nothing is inferred from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from assistant.phrasebook import Phrasebook, phrasebook
from assistant.state import Opinion, Preference, UserProfile
from assistant.wording import capitalised, quotable
from catalog import Constraint, Schema, Scope

_TITLES = 5
"""Titles named of a list; the rest are counted."""


def summary(profile: UserProfile, schema: Schema, language: str = "en") -> str:
    """Return one to five sentences on `profile`: items, what is always true, what is for now.

    Parameters
    ----------
    profile : UserProfile
        All of it is told; only long lists of titles end in a number.
    schema : Schema
        Gives the words.
    language : str
        ISO 639-1 code.
    """
    book = phrasebook(language, schema)
    sentences = [
        *_items(profile, book),
        *_wants("always", profile, book),
        *_wants("now", profile, book),
        *([book.say("memory.later", titles=_titles(profile.later, book))] * bool(profile.later)),
    ]
    return book.joined([capitalised(sentence) for sentence in sentences] or [_nothing(book)])


def _nothing(book: Phrasebook) -> str:
    return book.say("memory.nothing")


def _items(profile: UserProfile, book: Phrasebook) -> list[str]:
    stands = (
        ("memory.liked", profile.likes),
        ("memory.disliked", profile.dislikes),
        ("memory.seen", profile.seen),
    )
    told = [book.say(key, titles=_titles(held, book)) for key, held in stands if held]
    return [book.say("memory.sentence", told=book.say("memory.join").join(told))] if told else []


def _titles(opinions: Sequence[Opinion], book: Phrasebook) -> str:
    """Return the newest titles as a list, and how many there are besides."""
    titles = [book.title(opinion.title) for opinion in opinions[-_TITLES:]]
    more = len(opinions) - len(titles)
    if not more:
        return book.listing(titles)
    return book.say("memory.more", titles=book.commas(titles), count=more)


def _wants(scope: Scope, profile: UserProfile, book: Phrasebook) -> list[str]:
    """Return a sentence on the conditions, then the leanings, that are of `scope`."""
    conditions = [book.condition(row) for row in profile.constraints if row.scope == scope]
    if scope == "now":
        # A topic that is a wish as well is told once, as the wish.
        known = {
            word.casefold() for wish in profile.preferences for word in (wish.value, wish.text)
        }
        topics = (quotable(topic) for topic in profile.topics if topic.casefold() not in known)
        conditions += [book.quoted(topic) for topic in topics if topic]
    if profile.leaning and profile.leaning.scope == scope:
        conditions.append(book.quoted(quotable(profile.leaning.text)))
    wishes = [wish for wish in profile.preferences if wish.scope == scope]
    told: list[str] = []
    if conditions:
        told.append(book.commas(list(dict.fromkeys(conditions))))
    if leanings := _leanings(wishes, book):
        told.append(book.say("memory.leaning", what=book.commas(leanings)))
    if not told:
        return []
    return [book.say(f"memory.{scope}", what=book.say("memory.join").join(told))]


def _leanings(wishes: Sequence[Preference], book: Phrasebook) -> list[str]:
    towards = [_value(wish, book) for wish in wishes if wish.weight > 0]
    away = [book.say("change.less", value=_value(wish, book)) for wish in wishes if wish.weight < 0]
    return list(dict.fromkeys(chain(towards, away)))


def _value(wish: Preference, book: Phrasebook) -> str:
    bound = Constraint.wished(wish.facet, wish.value)
    if bound is not None:
        return quotable(wish.text) or book.bound(bound)
    facet = book.schema.facet(wish.facet)
    return book.label(facet) if facet.kind == "flag" else book.value(facet, wish.value)
