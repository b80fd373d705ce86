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
from assistant.understanding.question_words import (
    BARE,
    CHOICE,
    COMPARE,
    WHY,
    WHY_NOT,
    YES_NO,
    facet_questions,
    pattern,
    which,
)
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Constraint, Schema

_POLITE_TEXT = """
    can could would will you please tell me us do know i id like to want wonder wondering im am
    just and so ok okay well hmm also quick question more thing then now oh remind say
    quickly any idea does anyone let see need curious really did by the way um actually
    """
_POLITE = frozenset(_POLITE_TEXT.split())
"""Words that may stand before a question in its clause, and mean nothing beside it."""
_GREETINGS = frozenset(
    {"hi", "hello", "hey", "thanks", "thank", "thx", "great", "cool", "nice", "lol", "haha", "wow"}
)
"""Words that may stand before a question, and say something of their own."""
_JOINERS = frozenset({"and", "but", "or", "because", "since", "then", "though"})
_OPENERS_TEXT = """
    i im id ive we give show find something anything who whos what whats when where why how which
    is does can could do please also then maybe lets tell recommend suggest no not nothing but
    its isnt are did would should will
    """
_OPENERS = frozenset(_OPENERS_TEXT.split())
"""Words that open another clause after one that joins."""
_REQUESTS = frozenset({"give", "show", "find", "recommend", "suggest", "something", "anything"})
_WISHES = re.compile(
    r"\b(?:something|anything|possible|find|ok|okay|fine|alright|there|more|less|allowed"
    r"|(?:have|has|need|needs) to)\b"
)
"""Words by which what looks like a question about an item asks for others."""


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
        )
        self._bare_why = re.compile(r"(?:why|how come|but why|why though)$")

    def read(
        self, text: Text, mentions: Sequence[Mention], context: Context
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

        Notes
        -----
        An `Ask` without items asks only about titles that the catalogue lacks.
        """
        if self._bare_why.match(text.flat) and (items := (*context.asked, *context.slate)[:1]):
            whole = Mention(0, len(text), "act", items=items)
            return [(whole, Ask("why", items, text=text.message.strip()))]
        line = self._words.line(text, mentions, context)
        found: list[tuple[Mention, Ask]] = []
        taken: set[int] = set()
        for rule in self._rules:
            for match in rule.regex.finditer(line.flat):
                start, end = line.words(match.start(), match.end())
                opens = _opening(text, start)
                end = _clause_end(text, end)
                if opens is None or taken & set(range(start, end)):
                    continue
                ask = self._ask(rule, match, line, (start, end), mentions, context)
                if ask is not None:
                    found.append((Mention(opens, end, "act", items=ask.items), ask))
                    taken.update(range(opens, end))
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
        if rule.kind == "compare":
            if rule.needs == "?" and not _alone(text, start, end):
                return None
            clause = self._compared.search(text.norms(start, _sentence_end(text, end)))
            facet = self._more[clause[0]] if clause else ""
            if not lacking:
                items = self._side_by_side(items, context, every=rule.needs == "which")
        elif "@" not in match[0]:
            items = (context.asked if len(context.asked) == 1 else context.slate)[:1]
        elif rule.needs == "value":
            inside = [m for m in mentions if start <= m.start and m.end <= end]
            inside = [m for m in inside if m.kind in {"value", "number"}]
            if not inside or _WISHES.search(text.norms(start, end)):
                return None
            facet, conditions = inside[0].facet, self._conditions(text, inside)
        enough = len(items) > (rule.kind == "compare")
        if not enough and not lacking:
            return None
        return Ask(rule.kind, items if enough else (), facet, words, conditions)

    def _side_by_side(
        self, items: tuple[str, ...], context: Context, *, every: bool
    ) -> tuple[str, ...]:
        """Return what to compare: cards step in where only one item, or none, is named."""
        if not items and every:
            return context.slate
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


def _opening(text: Text, start: int) -> int | None:
    """Return where the question that starts at word `start` opens; None where it does not.

    Only words of politeness may stand between it and the start of its clause.
    """
    opens = start
    for at in range(start, -1, -1):
        if at == 0 or text.words[at].gap in {",", "."} or text.words[at - 1].norm in _JOINERS:
            return opens
        before = text.words[at - 1].norm
        if before not in _POLITE | _GREETINGS:
            return None
        opens = at - 1 if before in _POLITE and opens == at else opens
    return opens


def _clause_end(text: Text, end: int) -> int:
    """Return where the clause ends that a question up to word `end` stands in."""
    for at in range(end, len(text)):
        word = text.words[at]
        after = text.words[at + 1].norm if at + 1 < len(text) else ""
        joins = word.norm in _JOINERS
        lists = joins and after not in _OPENERS
        if word.gap == "." or (word.gap == "," and not lists) or (joins and not lists):
            return at
        if word.norm in _REQUESTS or (word.norm == "i" and after in {"want", "need", "love"}):
            return at
    return len(text)


def _sentence_end(text: Text, end: int) -> int:
    return next((at for at in range(end, len(text)) if text.words[at].gap == "."), len(text))


def _alone(text: Text, start: int, end: int) -> bool:
    """Tell whether words ``[start, end)`` are a whole sentence that ends in a question mark."""
    opens = start == 0 or text.words[start].gap == "." or _opening(text, start) == 0
    closed = re.match(r"[\s)\"'”’]*\?", text.message[text.words[end - 1].end :])  # noqa: RUF001
    return opens and closed is not None
