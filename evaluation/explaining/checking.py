"""A simple second opinion on what is said of a pick, and whether it agrees with the person.

Owns: `Grounds`, `unsupported`, `disagreements`. Does not own: the product's check
(`assistant.grounding`), of which nothing is used here.

Each number, each name and each quotation must stand in what is known: the pick's own record, the
titles that its evidence cites, the person's words, the schema's words. Plain words are let pass,
so this catches less than the product's check; but it knows nothing of how that works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.phrasebook import Phrasebook, phrasebook
from assistant.state import Evidence, UserProfile
from assistant.wording import short
from catalog import Catalog, Item

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
# Words that open a sentence before a name.
_OPENERS = frozenset(
    ["about", "and", "because", "both", "by", "from", "in", "like", "no", "of", "on", "shares"]
) | {"with"}
_REFUSING = r"(?:no|not|without|free of|leaving out|keeps? clear of) "


@dataclass(frozen=True, slots=True)
class Grounds:
    """What statements about one pick may rest on.

    Attributes
    ----------
    words : str
        All of it, in lower case.
    numbers : frozenset of str
        All numbers in it.
    own : tuple of str
        Titles that may be named: the pick's and the liked ones, longest first.
    profile : UserProfile
        Of the person.
    likes : frozenset of str
        Item ids that the evidence cites as liked.
    """

    words: str
    numbers: frozenset[str]
    own: tuple[str, ...]
    profile: UserProfile
    likes: frozenset[str]


def grounds_of(evidence: Evidence | None, profile: UserProfile, catalog: Catalog) -> Grounds:
    """Return the grounds of a pick; of the reply's opening where there is none."""
    book = phrasebook("en", catalog.schema)
    parts = [*_of_person(profile, book), *_of_schema(catalog)]
    held = {opinion.item_id for opinion in (*profile.likes, *profile.dislikes)}
    likes: set[str] = set()
    if evidence:
        parts += _of_item(catalog.item(evidence.item_id), catalog)
        likes = {item_id for fact in evidence.facts for item_id in fact.likes}
        held = {evidence.item_id, *likes}
    titles = [catalog.item(item_id).title for item_id in sorted(held)]
    titles += [short(title) for title in titles]
    if evidence:
        titles.append(catalog.name(catalog.row(evidence.item_id)))
    words = " | ".join((*parts, *titles)).casefold()
    own = tuple(sorted(set(titles), key=lambda title: (-len(title), title)))
    return Grounds(words, frozenset(_NUMBER.findall(words)), own, profile, frozenset(likes))


def unsupported(text: str, grounds: Grounds) -> tuple[str, ...]:
    """Return the numbers, names and quotations of `text` that stand nowhere in `grounds`."""
    found = [number for number in _NUMBER.findall(text) if number not in grounds.numbers]
    for quoted in _QUOTED.findall(text):
        found += [part for part in quoted if part and part.casefold() not in grounds.words]
    known = set(_NAME.findall(grounds.words))
    for sentence in _SENTENCE.split(text):
        for name in _NAME.finditer(sentence):
            # A capital that opens a sentence makes a name only where another one follows.
            opens = not sentence[: name.start()].strip(' “"(')
            plain = name[0].casefold()
            alone = not re.match(r" [^\W\d_a-z]", sentence[name.end() :])
            if opens and (alone or plain in _OPENERS):
                continue
            forms = {plain, plain.removesuffix("'s"), plain.removesuffix("\u2019s")}
            if name[0][0].isupper() and plain != "i" and not forms & known:
                found.append(name[0])
    return tuple(dict.fromkeys(found))


def disagreements(text: str, grounds: Grounds, catalog: Catalog) -> tuple[str, ...]:
    """Return what in `text`, said for a pick, the person refused or never liked."""
    profile = grounds.profile
    held = {opinion.item_id for opinion in profile.likes}
    found = [f"not liked: {item_id}" for item_id in sorted(grounds.likes - held)]
    bare = text
    for title in grounds.own:
        bare = bare.replace(title, " ")
    refused = [opinion.title for opinion in profile.dislikes]
    found += [f"disliked: {t}" for t in refused if _says(t, bare) or _says(short(t), bare)]
    avoided = [wish.value for wish in profile.preferences if wish.weight < 0]
    avoided += [str(row.value) for row in profile.constraints if row.op == "!="]
    bare = re.sub(rf"\b{_REFUSING}[^,;.]*", " ", bare, flags=re.IGNORECASE)
    found += [f"refused: {value}" for value in avoided if _says(value, bare)]
    return tuple(found)


def _says(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def _of_item(item: Item, catalog: Catalog) -> Iterator[str]:
    yield from (value for values in item.labels.values() for value in values)
    yield from item.texts.values()
    for facet in catalog.schema.facets:
        if facet.name in item.numbers:
            number = item.numbers[facet.name]
            yield from (facet.display(number), f"{number:g}")
            if facet.role == "year":
                decade = f"{number // 10 * 10:g}"
                yield from (decade, decade[-2:])
        if facet.name in item.flags:
            yield facet.display(item.flags[facet.name])


def _of_person(profile: UserProfile, book: Phrasebook) -> Iterator[str]:
    yield from profile.topics
    for wish in profile.preferences:
        yield from (wish.value, wish.text)
    for row in profile.constraints:
        yield from (row.text, str(row.value), book.condition(row))


def _of_schema(catalog: Catalog) -> Iterator[str]:
    schema = catalog.schema
    yield from (schema.noun, schema.plural, schema.consumed)
    for facet in schema.facets:
        yield from (facet.label, facet.phrase)
