"""Questions that nothing in the catalogue answers, told from wishes: "can I return it?".

Owns: `OpenQuestions`: whether a clause is one, and whether it is about an item or about the shop.
Does not own: how they are worded (`open_words`), questions that the catalogue answers
(`question_words`, `asks`), or the answer (`assistant.answer_open`).

Without this, the words of a question would be searched for, and new items shown for "warranty". So
only what asks for nothing is taken: a clause with a value, a title, a comparative, or a word of
asking for items ("do you have", "any", "recommend") stays a wish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.help_desk.glossary import folded, read_glossary
from assistant.state import Ask, AskKind, Context
from assistant.understanding.acts import off_topic_words, read_acts
from assistant.understanding.ask_line import AskLine
from assistant.understanding.english import CALENDAR, FILLER, FUNCTION, UNITS
from assistant.understanding.mentions import Mention
from assistant.understanding.open_words import (
    HAVING,
    KEPT,
    MODAL,
    OF_FIRST,
    OF_ITEM,
    OF_MATTER,
    OF_SHOP,
    OF_UNSAID,
    ORDER,
    PRICED,
    STREAMS,
    UNSHOWN,
    WISH,
)
from assistant.understanding.question_clauses import (
    GREETINGS,
    JOINERS,
    POLITE,
    clause_end,
    closes_with_mark,
)
from assistant.understanding.text import Text
from catalog import Schema

_TALK = frozenset(
    {"help", "profile", "human", "abuse", "reset", "undo", "goodbye", "others", "more_like"}
)
_WANTED = frozenset({"value", "number", "missing", "stranger"})
_ENGLISH = "en"


class OpenQuestions:
    """Finds the questions that nothing in a catalogue answers.

    Parameters
    ----------
    schema : Schema
        Says what items are called, and whether they have prices.
    more : mapping of str to str
        Its words that compare numbers, with the facet.
    """

    def __init__(self, schema: Schema, more: Mapping[str, str]) -> None:
        self._glossary = read_glossary()
        nouns = {schema.noun.casefold(), schema.plural.casefold(), "movie", "movies"}
        self._nouns = frozenset(nouns)
        self._more = tuple(f" {words} " for words in more)
        stock = schema.by_role("availability")
        self._stock = stock.name if stock else ""
        self._priced = schema.by_role("price") is not None

    def read(
        self,
        line: AskLine,
        mentions: Sequence[Mention],
        context: Context,
        language: str,
        taken: set[int],
    ) -> Iterator[tuple[Mention, Ask]]:
        """Yield the open questions of a message, with the words that they take, left to right.

        Parameters
        ----------
        line : AskLine
            The message.
        mentions : sequence of Mention
            What was found in it.
        context : Context
            Gives the card that a question without an item is about.
        language : str
            Of the message, an ISO 639-1 code.
        taken : set of int
            Words of questions that the catalogue answers.
        """
        text = line.text
        start = 0
        while start < len(text):
            end = clause_end(text, start + 1)
            if not taken & set(range(start, end)):
                inside = [m for m in mentions if start <= m.start < end]
                clause = _Clause(line, start, end, inside, language)
                items = self._asked(clause, context)
                if items is not None or clause.beyond:
                    begin = _after_joiners(text, start, end)
                    kind: AskKind = "beyond" if items is None else "open"
                    ask = Ask(kind, items or (), text=text.surface(begin, end))
                    yield Mention(begin, end, "act"), ask
            start = end

    def _asked(self, clause: _Clause, context: Context) -> tuple[str, ...] | None:
        """Return the items that a clause asks about, none for the shop; None for no question."""
        if not self._priced and clause.opens_with(PRICED):
            return ()
        ordered = clause.opens_with(ORDER)
        if self._wishes(clause):
            return None
        if ordered or self._of_shop(clause):
            return ()
        return self._of_items(clause, context)

    def _of_items(self, clause: _Clause, context: Context) -> tuple[str, ...] | None:
        """Return the same for a clause without a wish, or a word that only a shop knows."""
        first = (context.asked if len(context.asked) == 1 else context.slate)[:1]
        having = HAVING.search(clause.words) is not None
        if clause.opens_with(OF_ITEM) and not MODAL.match(clause.words):
            clause.beyond = not clause.items and clause.names_beyond
            return clause.items or None
        if clause.opens_with(OF_FIRST) and first and self._told(clause):
            return first
        if clause.opens_with(OF_SHOP) and self._told(clause):
            return None if HAVING.search(clause.words) or UNSHOWN.search(clause.words) else ()
        if clause.foreign and not clause.items and clause.opens_with(OF_UNSAID) and not having:
            return first or None
        return clause.items or None if clause.foreign else None

    def _of_shop(self, clause: _Clause) -> bool:
        """Tell whether a clause is about what only a shop or a service knows or does."""
        said = folded(clause.surface)
        if KEPT.search(said):
            return True
        english = self._glossary.english(said, clause.language)
        matter = self._glossary.matters(english) or STREAMS.search(said)
        told = clause.words.startswith("you ")
        return bool(matter) and not told and (clause.marked or clause.opens_with(OF_MATTER))

    def _told(self, clause: _Clause) -> bool:
        """Tell whether a clause has words that would be searched for."""
        idle = FUNCTION | FILLER | CALENDAR | self._nouns | set(UNITS)
        return any(word.isalpha() and word not in idle for word in clause.words.split())

    def _wishes(self, clause: _Clause) -> bool:
        """Tell whether a clause asks for items, or says what is said to an assistant."""
        streams = STREAMS.search(folded(clause.surface)) is not None
        # "Available on Netflix" is no wish for what is in stock.
        wanted = [m for m in clause.inside if not (streams and m.facet == self._stock)]
        if any(m.kind in _WANTED for m in wanted) or WISH.search(clause.words):
            return True
        if set(clause.words.split()) & self._nouns:
            return True
        padded = f" {clause.words} "
        if any(words in padded for words in self._more) or off_topic_words(clause.words):
            return True
        acts = read_acts(clause.text, ())
        return any(act in _TALK and s < clause.end and clause.start < e for s, e, act in acts)


def _after_joiners(text: Text, start: int, end: int) -> int:
    """Return where a clause starts after "and", "ok", "thanks"."""
    words = (at for at in range(start, end - 1) if text.words[at].norm not in JOINERS | GREETINGS)
    return next(words, start)


class _Clause:
    """One clause of a message.

    Attributes
    ----------
    words : str
        As the line has them, with ``@`` for items, from where the question opens.
    opens : int
        The word that it opens with; what is before is politeness.
    items : tuple of str
        What it names first.
    beyond : bool
        Whether it asks about a place on the table where there is no card.
    """

    def __init__(
        self, line: AskLine, start: int, end: int, inside: Sequence[Mention], language: str
    ) -> None:
        self.text: Text = line.text
        self.start, self.end = start, end
        self.opens = start
        self.inside = inside
        self.language = language
        self.words = line.clause(start, end)
        self.items = line.first(start, end)
        self.beyond = False
        self._line = line

    @property
    def names_beyond(self) -> bool:
        """Whether it names a place on the table where there is no card."""
        return self._line.beyond(self.start, self.end)

    @property
    def surface(self) -> str:
        """The clause as the person wrote it."""
        return self.text.surface(self.start, self.end)

    @property
    def marked(self) -> bool:
        """Whether it ends in a question mark."""
        return closes_with_mark(self.text, self.end)

    @property
    def foreign(self) -> bool:
        """Whether it asks in words of another language that no phrase knows."""
        words = {word.norm for word in self.text.words[self.start : self.end]}
        return self.language != _ENGLISH and self.marked and bool(words & self.text.foreign)

    def opens_with(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether it opens with `pattern`, but for words of politeness."""
        for at in range(self.start, self.end):
            words = self._line.clause(at, self.end)
            if pattern.match(words):
                self.opens, self.words = at, words
                return True
            if self.text.words[at].norm not in POLITE | GREETINGS:
                return False
        return False
