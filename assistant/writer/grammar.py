"""What the embedded model can possibly write about a pick: a grammar made of its brief.

Owns: `grammar_of`. Does not own: which plain words there are (`assistant.writer.lexicon`) or
whether the result is true (`assistant.grounding`).

A word in lower case is free. A capital inside a sentence, a digit, a sign of money or a placeholder
can only be copied from the brief, liked items only together as they stand there, and the pick is
named exactly once. The form is llama.cpp's GBNF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from assistant.wording import capitalised
from assistant.writer.brief import Line

_RULES = r"""
root ::= " " (opening step* gap)? "{pick}" "'s"? step* "."
opening ::= name | "A" | [A-Z]? word
step ::= (" " | ", " | ": " | "; ") (name | word) | [.?] " " opening
gap ::= " " | ", " | ": " | "; " | [.?] " "
word ::= [a-zß-öø-ÿ] [a-zß-öø-ÿ'-]*
"""


def grammar_of(lines: Sequence[Line]) -> str:
    """Return the grammar of what may be written for the brief of `lines`."""
    names = {line.likes for line in lines if line.likes}
    for line in lines:
        pieces = f"{line.text} {line.words}".split()
        if line.kind == "meets" and line.text:
            # A bound and a measure come whole, so that neither lends its number to the other.
            pieces = [*line.values, line.words]
        # A description opens with a capital, which makes a name only where another one follows.
        if line.kind == "about" and len(pieces) > 1 and not pieces[1][0].isupper():
            pieces[0] = pieces[0].lower()
        for piece in pieces:
            bare = piece.strip(',;:.!?()"“”')
            # What looks like a plain word is one; a name may also open or stand in lower case.
            if re.search(r"[^a-z'-]", bare):
                names |= {bare, bare.lower(), capitalised(bare)}
    listed = sorted(filter(None, names), key=lambda name: (-len(name), name)) or ["{pick}"]
    forms = " | ".join(json.dumps(name, ensure_ascii=False) for name in listed)
    return f'{_RULES.strip()}\nname ::= ({forms}) "\'s"?'
