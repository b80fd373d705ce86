"""What the embedded model reads about one pick: a few lines, in the order in which to tell them.

Owns: `Line`, `Brief`, `lines_of`, `plan`, `way_of`, `render`, `gist`. Does not own: the facts
(`assistant.evidence`) or the words of the answer (the model's, checked by `assistant.grounding`).

A brief names no title: the pick is ``{pick}``, liked items are ``{like1}`` and so on. It holds only
what is to be told, so it is short, and its order is the order of telling. The last line is a way, a
digit: equal facts told in other ways read differently, so that five cards do not read alike::

    film
    asked: tense in mood
    crowd: {like1} and {like2}
    about: A driven detective pursues a disciplined thief through Los Angeles
    way 3:
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import liked
from assistant.phrasebook import Phrasebook
from assistant.state import Evidence, Fact
from assistant.vocabulary import FUNCTION
from catalog import Catalog, Item

WAYS = 10
"""How many ways there are of telling the same; the first is the freest."""
_MOST_REASONS = 3
_WISHED = frozenset({"asked", "meets", "words"})
_MOST_WORDS = 30
_LEAST_WORDS = 6
# Not after "Mr." or an initial.
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Dr|St)\.)(?<!\bMrs\.)\s+")
# Where a description may be cut without leaving half a thought.
_CLAUSE = re.compile(r"; |, (?=(?:while|but|until|before|after|who|which|where|as|in|leaving) )")


# What a thing does, or what to do with it, without a subject: "Boils a full jug".
_HEADLESS = re.compile(
    r"(?!A |An |The )\w+(?<!ed) (?:a|an|the|it|you|your|slowly|back|up|into|down) "
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell.

    Attributes
    ----------
    kind : {"asked", "like", "crowd", "meets", "popular", "words", "has", "about"}
        What it is to the person: what they asked for, what a liked item has too, who else liked
        it, a condition, a count of people, words of theirs, what is known, the description.
    text : str
        The schema's phrase for it: ``"directed by Michael Mann"``.
    values : tuple of str
        What the phrase is about: ``("Michael Mann",)``.
    likes : str
        Placeholders of the liked items: ``"{like1} and {like2}"``.
    words : str
        The person's own: ``"after 1990"``.
    facet : str
        Its name, or empty.
    """

    kind: str
    text: str = ""
    values: tuple[str, ...] = ()
    likes: str = ""
    words: str = ""
    facet: str = ""

    def __str__(self) -> str:
        """Return the line as the model reads it."""
        match self.kind:
            case "like":
                return f"like {self.likes}: {self.text}"
            case "crowd":
                return f"crowd: {self.likes}"
            case "meets" if self.text:
                return f"meets: {self.text} ({self.words})"
            case "meets":
                return f"meets: {self.words}"
            case _:
                return f"{self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Brief:
    """What a model that was taught to tell is given about one pick.

    Attributes
    ----------
    text : str
        What it reads.
    grammar : str
        What it can possibly write, in llama.cpp's GBNF.
    """

    text: str
    grammar: str


def lines_of(evidence: Evidence, catalog: Catalog, book: Phrasebook) -> tuple[Line, ...]:
    """Return a line per fact, in its order, and the description's last where there is one."""
    item = catalog.item(evidence.item_id)
    names = {item_id: f"{{like{n}}}" for n, item_id in enumerate(liked(evidence), start=1)}
    found = [_line(fact, item, book, [names[i] for i in fact.likes]) for fact in evidence.facts]
    if told := gist(" ".join(item.texts.values())):
        found.append(Line("about", told))
    return tuple(found)


def plan(lines: Sequence[Line], way: int) -> tuple[Line, ...]:
    """Return what to tell of `lines` in `way`, in order: reasons first, two things where possible.

    Two ways of three tell what the pick is about, first or last; so does the third where there are
    few reasons. What is known of every item is told only where else there is too little, and never
    beside a wish, of which it would seem to be a part.
    """
    reasons: list[Line] = []
    for line in lines:
        if line.kind not in ("has", "about") and not _told(line, reasons):
            reasons.append(line)
    # What a pick is not says least about it.
    telling = [line for line in reasons if not line.words.startswith("no ")]
    about = [line for line in lines if line.kind == "about"]
    if way % 3 == 2 and len(telling) > 1:
        about = []
    reasons = (telling or reasons[:1])[: _MOST_REASONS - len(about)]
    if way % 2 and len(reasons) > 1:
        reasons[:2] = reasons[1::-1]
    if not any(line.kind in _WISHED for line in reasons):
        known = [line for line in lines if line.kind == "has" and not _told(line, reasons)]
        known = known[way % len(known) :] + known[: way % len(known)] if known else []
        reasons += known[: max(0, 2 - len(reasons) - len(about))]
    return (*about, *reasons) if way % 3 == 0 else (*reasons, *about)


def way_of(turn: int, slot: int, again: int = 0) -> int:
    """Return the way in which a slot of a turn is told, from 1: not as any of its eight neighbours.

    The way 0, learned from what people wrote, is the freest and is refused most often.
    """
    return (4 * turn + slot + 5 * again) % (WAYS - 1) + 1


def render(lines: Sequence[Line], noun: str, way: int) -> str:
    """Return the brief: what to tell, for a catalogue of `noun`, in `way`."""
    return "\n".join((noun, *map(str, lines), f"way {way}:"))


def gist(text: str) -> str:
    """Return the first sentence of a description, of 30 words at most, without a full stop.

    Empty where it cannot be cut, or has no subject to speak of.
    """
    sentence = _SENTENCE_END.split(_plain(text), maxsplit=1)[0].rstrip(".!?")
    if _HEADLESS.match(sentence) and not FUNCTION.intersection(sentence.lower().split()[:1]):
        return ""
    if len(sentence.split()) <= _MOST_WORDS:
        return sentence
    kept = ""
    for found in _CLAUSE.finditer(sentence):
        if len(sentence[: found.start()].split()) > _MOST_WORDS:
            break
        kept = sentence[: found.start()]
    return kept if len(kept.split()) >= _LEAST_WORDS else ""


def _line(fact: Fact, item: Item, book: Phrasebook, names: Sequence[str]) -> Line:
    values, likes = tuple(map(_plain, fact.values)), book.listing(names)
    match fact.kind:
        case "collaborative":
            return Line("crowd", likes=likes)
        case "popular":
            return Line("popular", book.say("reason.popular"), (book.schema.consumed,))
        case "text":
            return Line("words", book.commas(values), values)
        case "constraint":
            facet = book.schema.facet(fact.facet)
            if facet.kind != "number" or len(values) < 2:
                return Line("meets", words=book.commas(values), facet=fact.facet)
            text = book.phrase(facet, values[:1])
            words = book.listing(values[1:])
            return Line("meets", text, values[:1], words=words, facet=fact.facet)
        case _:
            kind = {"preference": "asked", "shared": "like"}.get(fact.kind, "has")
            text = book.phrase(book.schema.facet(fact.facet), values)
            return Line(kind, text, values, likes, facet=fact.facet)


def _plain(text: str) -> str:
    """Return untrusted `text` on one line, unable to pose as a placeholder."""
    return " ".join(re.sub(r"[<>{}\[\]`\x00-\x1f\x7f]", " ", text).split())


def _told(line: Line, others: Sequence[Line]) -> bool:
    """Tell whether one of `others` says what `line` would."""
    return any(set(_things(line)) & set(_things(other)) for other in others)


def _things(line: Line) -> Iterator[str]:
    yield line.facet or line.kind
    yield from (value.casefold() for value in line.values)
