"""Where a question opens and where its clause ends.

Owns: `opening`, `clause_end`, `closes_with_mark`. Does not own: what is asked.
"""

from __future__ import annotations

from assistant.understanding.text import Text

_POLITE_TEXT = """
    can could would will you please tell me us do know i id like to want wonder wondering im am
    just and so ok okay well hmm also quick question more thing then now oh remind say
    quickly wait mate any idea does anyone let see need curious really did by the way um actually
    """
POLITE = frozenset(_POLITE_TEXT.split())
"""Words that may stand before a question in its clause, and mean nothing beside it."""
GREETINGS = frozenset(
    {"hi", "hello", "hey", "thanks", "thank", "thx", "great", "cool", "nice", "lol", "haha", "wow"}
)
"""Words that may stand before a question, and say something of their own."""
JOINERS = frozenset({"and", "n", "but", "or", "because", "since", "then", "though"})
"""Words that join one clause to another."""
_OPENERS_TEXT = """
    i im id ive we give show find something anything who whos what whats when where why how which
    is does can could do please also then maybe lets tell recommend suggest no not nothing but
    its isnt are did would should will
    """
_OPENERS = frozenset(_OPENERS_TEXT.split())
"""Words that open another clause after one that joins."""
_REQUESTS = frozenset({"give", "show", "find", "recommend", "suggest", "something", "anything"})
_MARKS = ("?", "？")  # noqa: RUF001


def opening(text: Text, start: int) -> int | None:
    """Return where the question that starts at word `start` opens; None where it does not.

    Only words of politeness may stand between it and the start of its clause.
    """
    opens = start
    for at in range(start, -1, -1):
        if at == 0 or text.words[at].gap in {",", "."} or text.words[at - 1].norm in JOINERS:
            return opens
        before = text.words[at - 1].norm
        if before not in POLITE | GREETINGS:
            return None
        opens = at - 1 if before in POLITE and opens == at else opens
    return opens


def clause_end(text: Text, end: int) -> int:
    """Return where the clause ends that a question up to word `end` stands in."""
    for at in range(end, len(text)):
        word = text.words[at]
        after = text.words[at + 1].norm if at + 1 < len(text) else ""
        joins = word.norm in JOINERS
        lists = joins and after not in _OPENERS
        if word.gap == "." or (word.gap == "," and not lists) or (joins and not lists):
            return at
        if word.norm in _REQUESTS or (word.norm == "i" and after in {"want", "need", "love"}):
            return at
    return len(text)


def closes_with_mark(text: Text, end: int) -> bool:
    """Tell whether a question mark follows word ``end - 1``."""
    after = text.message[max(word.end for word in text.words[:end]) :]
    return after.lstrip(" )\"'”’").startswith(_MARKS)  # noqa: RUF001
