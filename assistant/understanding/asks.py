"""Finds questions about items: facts, comparisons, why this one and why not that one.

Owns: `AskReader`: which question is put, and about which items. Does not own: how questions are
worded (`question_words`), where an item stands in the words (`ask_line`) or the answer
(`assistant.answers`).

A question opens its clause, but for words of politeness: "I don't care how long it is" asks
nothing. It takes all of its clause, so that "is it scary?" leaves no wish for something scary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.state import Ask, AskKind, Context
from assistant.understanding.ask_line import AskLine, ItemWords
from assistant.understanding.mentions import Mention
from assistant.understanding.open_questions import OpenQuestions
from assistant.understanding.question_clauses import (
    clause_end,
    closes_with_mark,
    opening,
)
from assistant.understanding.question_words import (
    BARE,
    CHOICE,
    COMPARE,
    TOLD,
    WHY,
    WHY_NOT,
    YES_NO,
    facet_questions,
    pattern,
    which,
)
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Constraint, Schema

_WISHES = re.compile(
    r"\b(?:something|anything|possible|find|ok|okay|fine|alright|there|more|less|allowed"
    r"|(?:have|has|need|needs) to)\b"
)
"""Words by which what looks like a question about an item asks for others."""


_AGAIN = re.compile(
    r"(?:and|and what about|what about|and how about|how about|same for|and for)(?: the)? "
)
"""With what the last question is put again, of another item."""
_CLOSING = frozenset({"then", "please", "one", "too", "though"})


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: AskKind
    regex: re.Pattern[str]
    facet: str = ""
    needs: str = ""


class AskReader:
    """Reads questions about the items of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        schema = catalog.schema
        self._catalog = catalog
        self._words = ItemWords(catalog)
        self._more = _comparatives(schema)
        self._compared = re.compile(rf"(?<![^ ])(?:{_either(self._more)})(?= |$)")
        self._rules = (
            _rule("why_not", WHY_NOT),
            _rule("compare", COMPARE),
            _rule("compare", which(_either(self._more)), needs="which"),
            _rule("compare", CHOICE, needs="?"),
            _rule("why", WHY),
            *(_rule("fact", pattern(q), name) for name, q in facet_questions(schema).items()),
            _rule("fact", BARE),
            _rule("fact", YES_NO, needs="value"),
            _rule("fact", TOLD, needs="marked value"),
        )
        stock = schema.by_role("availability")
        self._stock = stock.name if stock else None
        self._opposites = _opposites(schema)
        self._open = OpenQuestions(schema, self._more)
        self._bare_why = re.compile(r"(?:why|how come|but why|why though)$")

    def read(
        self,
        text: Text,
        mentions: Sequence[Mention],
        context: Context,
        language: str = "en",
    ) -> list[tuple[Mention, Ask]]:
        """Return every question with the words that it takes, left to right.

        Parameters
        ----------
        text : Text
            The message.
        mentions : sequence of Mention
            Items, missing titles, references, values and numbers found so far.
        context : Context
            Gives the cards that "the second" and "it" stand for.
        language : str
            Of the message, an ISO 639-1 code.

        Notes
        -----
        An `Ask` of a fact without items asks only about titles that the catalogue lacks.
        """
        if self._bare_why.match(text.flat) and (items := (*context.asked, *context.slate)[:1]):
            whole = Mention(0, len(text), "act", items=items)
            return [(whole, Ask("why", items, text=text.message.strip()))]
        if again := _put_again(text, mentions, context):
            return [again]
        line = self._words.line(text, mentions, context)
        found: list[tuple[Mention, Ask]] = []
        taken: set[int] = set()
        for rule in self._rules:
            for match in rule.regex.finditer(line.flat):
                start, end = line.words(match.start(), match.end())
                opens = opening(text, start)
                end = clause_end(text, end)
                if opens is None or taken & set(range(start, end)):
                    continue
                ask = self._ask(rule, match, line, (start, end), mentions, context)
                if ask is not None:
                    found.append((Mention(opens, end, "act", items=ask.items), ask))
                    taken.update(range(opens, end))
        found += self._open.read(line, mentions, context, language, taken)
        return sorted(found, key=lambda pair: pair[0].start)

    def _ask(
        self,
        rule: _Rule,
        match: re.Match[str],
        line: AskLine,
        span: tuple[int, int],
        mentions: Sequence[Mention],
        context: Context,
    ) -> Ask | None:
        """Return what `rule` makes of its match, or None where something that it needs lacks."""
        text, (start, end) = line.text, span
        words = text.surface(start, end)
        items, lacking = line.items(match.start(), match.end(), digits=rule.kind == "compare")
        facet, conditions = rule.facet, ()
        if "marked" in rule.needs and not closes_with_mark(text, end):
            return None
        if rule.kind == "compare":
            if rule.needs == "?" and not _alone(text, start, end):
                return None
            clause = self._compared.search(text.norms(start, text.sentence_end(end)))
            facet = self._more[clause[0]] if clause else ""
            if not lacking:
                items = self._side_by_side(items, context, every=rule.needs == "which")
        elif "@" not in match[0]:
            items = (context.asked if len(context.asked) == 1 else context.slate)[:1]
        elif "value" in rule.needs or rule.facet == self._stock:
            named = self._named(text, span, mentions, yes_no=bool(rule.needs))
            if named is None and rule.needs:
                return None
            facet, conditions = named or (facet, ())
        enough = len(items) > (rule.kind == "compare")
        if line.beyond(start, end):
            return Ask("beyond", (), text=words)
        if not enough and not lacking:
            return None
        return Ask(rule.kind, items if enough else (), facet, words, conditions)

    def _named(
        self, text: Text, span: tuple[int, int], mentions: Sequence[Mention], *, yes_no: bool
    ) -> tuple[str, tuple[Constraint, ...]] | None:
        """Return the facet and the conditions that a question names.

        "Available in red" asks for the colour; "in stock in red" for both, the colour first. Not
        every question for yes or no needs a condition for that (`yes_no`).
        """
        start, end = span
        clause = text.norms(start, end)
        if _WISHES.search(clause):
            return None
        inside = [m for m in mentions if start <= m.start and m.end <= end]
        inside = [m for m in inside if m.kind in {"value", "number"}]
        others = [m for m in inside if m.facet != self._stock]
        if others:
            stocked = [m for m in inside if m.facet == self._stock]
            told = [m for m in stocked if "stock" in text.norms(m.start, m.end)]
            return others[0].facet, self._conditions(text, [*others, *told])
        if inside:
            return inside[0].facet, self._conditions(text, inside) if yes_no else ()
        for word in clause.split():
            if opposite := self._opposites.get(word):
                facet, value = opposite
                return facet, (Constraint(facet, "!=", value, 0, word),) if value else ()
        return None

    def _side_by_side(
        self, items: tuple[str, ...], context: Context, *, every: bool
    ) -> tuple[str, ...]:
        """Return what to compare: cards step in where only one item, or none, is named."""
        if not items and every:
            return context.asked if len(context.asked) > 1 else context.slate
        others = tuple(card for card in context.slate if card not in items)
        return (*items, *others[:1]) if len(items) == 1 else items

    def _conditions(self, text: Text, inside: Sequence[Mention]) -> tuple[Constraint, ...]:
        """Return what the values and numbers of a question would have to be."""
        rows: list[Constraint] = []
        for mention in inside:
            words = text.surface(mention.start, mention.end)
            if text.words[mention.start].norm == "too":
                continue  # "too long" is a matter of taste: the number itself answers best
            if mention.kind == "number":
                rows += [Constraint(mention.facet, op, bound, 0, words)
                         for op, bound in mention.bounds]  # fmt: skip
            else:
                flag = self._catalog.schema.facet(mention.facet).kind == "flag"
                values = (True,) if flag else mention.values
                rows += [Constraint(mention.facet, "=", value, 0, words) for value in values]
        return tuple(rows)


def _put_again(
    text: Text, mentions: Sequence[Mention], context: Context
) -> tuple[Mention, Ask] | None:
    """Return the last question of the item that is all a message names: "and the second?"."""
    opened = _AGAIN.match(text.flat) if context.asked_for else None
    items = [mention for mention in mentions if mention.items]
    if not opened or len(items) != 1:
        return None
    start, end = text.word_range(0, opened.end())[1], items[0].end
    article = text.norms(items[0].start, items[0].start + 1) == "the"
    rest = {word.norm for word in text.words[end:]}
    if items[0].start not in {start, start - article} or not rest <= _CLOSING:
        return None
    whole = Mention(0, len(text), "act", items=items[0].items)
    return whole, Ask("fact", items[0].items, context.asked_for, text.message.strip())


def _rule(kind: AskKind, source: str, facet: str = "", needs: str = "") -> _Rule:
    return _Rule(kind, re.compile(rf"(?<![^ ])(?:{source})(?= |$)"), facet, needs)


def _either(words: Sequence[str] | dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _comparatives(schema: Schema) -> dict[str, str]:
    """Return the words that compare numbers, with the facet: "shorter", "shortest"."""
    found: dict[str, str] = {}
    for facet in schema.facets:
        for words in (*facet.higher, *facet.lower):
            word = normalise(words)
            first, _, rest = word.partition(" ")
            most = {"more": "most", "less": "least"}.get(first, first)
            most = f"{most.removesuffix('er')}est" if most.endswith("er") else most
            found.setdefault(word, facet.name)
            found.setdefault(f"{most} {rest}".strip(), facet.name)
    return found


def _opposites(schema: Schema) -> dict[str, tuple[str, str]]:
    """Return words that ask for a facet without a value of it.

    "Loud" is the opposite of quiet where "not loud" is another word for it; "heavy" asks for the
    weight, and has no value.
    """
    found: dict[str, tuple[str, str]] = {}
    for facet in schema.facets:
        found |= {word: (facet.name, "") for word in (*facet.high, *facet.low) if " " not in word}
        for value, synonyms in facet.synonyms.items():
            denied = (normalise(words).partition("not ") for words in synonyms)
            found |= {word: (facet.name, value) for before, no, word in denied if no and not before}
    return found


def _alone(text: Text, start: int, end: int) -> bool:
    """Tell whether words ``[start, end)`` are a whole sentence that ends in a question mark."""
    opens = start == 0 or text.words[start].gap == "." or opening(text, start) == 0
    return opens and closes_with_mark(text, end)
