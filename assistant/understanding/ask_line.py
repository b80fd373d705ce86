"""A message with one sign for every item that it speaks of, so that questions are easy to match.

Owns: `AskLine`, and `ItemWords`: titles, cards by place ("the second", "number 3") and pronouns,
wherever they stand. Does not own: the questions (`question_words`, `asks`). "It" is the title named
last in the message, else the item asked about last, else the first card.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from assistant.state import Context
from assistant.understanding.english import FUNCTION, ORDINALS, UNITS
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.text import Text, normalise
from catalog import Catalog

_NAMED = frozenset({"item", "reference", "missing"})
_ORDINAL = "|".join(ORDINALS)
_UNIT = "|".join(list(UNITS)[1:10])
_COUNTS = {"two": 2, "2": 2, "three": 3, "3": 3}
_NOUNS = ("one", "pick", "card", "option", "suggestion", "choice", "title", "result",
          "recommendation", "movie")  # fmt: skip
_AFTER = FUNCTION | {"cost", "costs", "weigh", "weighs", "come", "comes", "made", "rated", "about"}
"""Words that may follow a place which stands for itself: not "the second world war"."""
_OWNED = frozenset({"'s", "’s"})  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class _Token:
    """One word of a line, or the words that stand for items."""

    text: str
    start: int
    end: int
    items: tuple[str, ...] = ()
    lacking: bool = False
    beyond: bool = False


class AskLine:
    """A message's words in normal form, with ``@`` for whatever stands for items.

    Attributes
    ----------
    text : Text
        The message.
    flat : str
        The line: ``"who directed @ , please"``.
    """

    def __init__(self, text: Text, tokens: Sequence[_Token], slate: Sequence[str]) -> None:
        self.text = text
        self.flat = " ".join(token.text for token in tokens)
        self._tokens = tuple(tokens)
        self._slate = tuple(slate)
        lengths = (len(token.text) + 1 for token in tokens)
        self._starts = list(accumulate(lengths, initial=0))

    def words(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of words in ``flat[start:end]``."""
        inside = self.tokens(start, end)
        return inside[0].start, inside[-1].end

    def items(self, start: int, end: int, *, digits: bool) -> tuple[tuple[str, ...], bool]:
        """Return the items in ``flat[start:end]``, without repeats, and whether some are missing.

        Parameters
        ----------
        start, end : int
            Characters of the line.
        digits : bool
            Whether a bare number is a card: "compare 1 and 3".
        """
        found: dict[str, None] = {}
        inside = self.tokens(start, end)
        for token in inside:
            found.update(dict.fromkeys(token.items))
            if digits and token.text.isdigit():
                place = int(token.text)
                found.update(dict.fromkeys(self._slate[place - 1 : place] if place else ()))
        return tuple(found), any(token.lacking for token in inside)

    def beyond(self, start: int, end: int) -> bool:
        """Tell whether words ``[start, end)`` name a place on the table where there is no card."""
        return any(token.beyond for token in self._tokens if start <= token.start < end)

    def clause(self, start: int, end: int) -> str:
        """Return what the line has for words ``[start, end)``, without the pause before them."""
        inside = (token for token in self._tokens if start <= token.start < end)
        return " ".join(token.text for token in inside if token.end > start)

    def first(self, start: int, end: int) -> tuple[str, ...]:
        """Return the items that are named first in words ``[start, end)``; empty for none."""
        named = (token for token in self._tokens if start <= token.start < end)
        return next((token.items for token in named if token.text == "@"), ())

    def tokens(self, start: int, end: int) -> tuple[_Token, ...]:
        """Return the tokens that start in ``flat[start:end]``."""
        return self._tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


class ItemWords:
    """Finds the words of messages that stand for items of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        nouns = (*_NOUNS, normalise(catalog.schema.noun))
        things = rf"(?:{'|'.join(map(re.escape, nouns))})s?"
        self._regex = re.compile(
            rf"(?<![^ ])(?:(?:the |your )?(?:numbers? |no |card |option |pick |nr |# )"
            rf"(?P<number>[1-9]|{_UNIT})"
            rf"|(?:the |your )?(?:first|top) (?P<count>two|three|2|3)(?: {things})?"
            rf"|(?:the |your )(?P<ordinal>{_ORDINAL}|last)(?: {things})?"
            rf"|(?P<thing>{_ORDINAL}|last) {things}"
            rf"|(?:^|(?<= vs )|(?<= versus )|(?<= or )|(?<= and )|(?<=compare )|(?<= than ))"
            rf"(?P<place>{_ORDINAL}|last)(?= (?:vs|versus|or|and|with|to)|$| [.,])"
            rf"|(?P<many>the (?:two|pair)|(?:both|all)(?: (?:of )?(?:them|these|those))?|them|they"
            rf"|their|these|those)"
            rf"(?: (?:two|three|{things}))?"
            rf"|(?P<other>the other)(?: {things})?"
            rf"|(?P<this>its|it|this|that)(?: {things})?"
            rf"|(?:(?:the|that|this|your) )?(?:{things} )?(?P<named>@)(?: {things})?)(?= |$)"
        )

    def line(self, text: Text, mentions: Sequence[Mention], context: Context) -> AskLine:
        """Return `text` with ``@`` for every item of `mentions`, card and pronoun."""
        named = {mention.start: mention for mention in mentions if mention.kind in _NAMED}
        named |= {mention.start: mention for mention in self._cards(text, named, context)}
        plain = AskLine(text, list(_tokens(text, named)), context.slate)
        tokens: list[_Token] = []
        last = 0
        for match in self._regex.finditer(plain.flat):
            tokens += plain.tokens(last, match.start())
            last = match.end()
            inside = plain.tokens(match.start(), last)
            items = self._meant(match, inside, tokens, context)
            lacking = any(token.lacking for token in inside)
            beyond = any(token.beyond for token in inside) or (
                not (items or lacking) and _placed(match)
            )
            meant = bool(items) or lacking or beyond
            start, end = inside[0].start, inside[-1].end
            tokens += [_Token("@", start, end, items, lacking, beyond)] if meant else inside
        tokens += plain.tokens(last, len(plain.flat) + 1)
        return AskLine(text, tokens, context.slate)

    def _meant(
        self,
        match: re.Match[str],
        inside: Sequence[_Token],
        before: Sequence[_Token],
        context: Context,
    ) -> tuple[str, ...]:
        """Return the items that one match of the pattern stands for."""
        slate = context.slate
        if match["named"]:
            return tuple(item for token in inside for item in token.items)
        if match["count"]:
            return slate[: _COUNTS[match["count"]]]
        if word := match["ordinal"] or match["thing"] or match["place"] or match["number"]:
            if word == "last":
                return slate[-1:]
            place = ORDINALS.get(word) or UNITS.get(word) or int(word)
            return slate[place - 1 : place]
        spoken = tuple(item for token in before for item in token.items)
        return _pronoun(match, spoken, context)

    def _cards(
        self, text: Text, named: Mapping[int, Mention], context: Context
    ) -> Iterator[Mention]:
        """Yield the cards' titles, however they are written: "is heat scary", "Heat's director".

        A title of everyday words is one where its card is on the table.
        """
        taken = covered(named.values())
        for item_id in dict.fromkeys((*context.slate, *context.asked)):
            form = re.escape(normalise(self._catalog.item(item_id).title))
            for start, end, match in text.find(re.compile(rf"(?<![^ ]){form}(s?)(?= |$)")):
                owned = not match[1] or text.surface(start, end)[-2:] in _OWNED
                if owned and not taken & set(range(start, end)):
                    taken.update(range(start, end))
                    yield Mention(start, end, "item", items=(item_id,))


def _tokens(text: Text, named: Mapping[int, Mention]) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        if at and text.words[at].gap in {",", "."}:
            yield _Token(text.words[at].gap, at, at)
        mention = named.get(at)
        if mention is None:
            yield _Token(text.words[at].norm, at, at + 1)
            at += 1
        else:
            lacking = mention.kind == "missing"
            beyond = mention.kind == "reference" and not mention.items
            yield _Token("@", at, mention.end, mention.items, lacking, beyond)
            at = mention.end


def _placed(match: re.Match[str]) -> bool:
    """Tell whether a match names a place on the table, and nothing else by the same word."""
    if not (match["ordinal"] or match["thing"] or match["number"]):
        return False
    after = match.string[match.end() :].split(maxsplit=1)
    alone = match["ordinal"] and match[0].endswith(match["ordinal"])
    return not alone or not after or after[0] in _AFTER or not after[0].isalpha()


def _pronoun(match: re.Match[str], spoken: tuple[str, ...], context: Context) -> tuple[str, ...]:
    """Return what a pronoun stands for, after the items `spoken` of in the message."""
    slate, asked = context.slate, context.asked
    if match["other"]:
        others = tuple(card for card in slate if card not in (spoken or slate[:1]))
        return others[:1]
    if match["many"] is None:
        return spoken[-1:] or (asked if len(asked) == 1 else slate[:1])
    pair = match["many"].startswith(("both", "the two", "the pair")) or " two" in match[0]
    several = [items for items in (spoken, asked) if (len(items) == 2 if pair else len(items) > 1)]
    if several and (pair or not match["many"].startswith(("these", "those", "all"))):
        return several[0]
    return slate[: 2 if pair else None]
