"""Sentences for briefs, from which the embedded model learns to tell them.

Owns: `compose`. Does not own: the clauses (`assistant.writer.wordings`), the check of what is
composed (`evaluation.explaining.teaching`). Equal briefs and ways give equal sentences: what a
digit means can be learned only if it always means the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.wording import capitalised
from assistant.writer.brief import Line
from assistant.writer.wordings import Place, clauses, is_plain, may_join

_LONG = 22


def compose(lines: Sequence[Line], way: int) -> str:
    """Return one to four sentences that tell `lines` in their order, in `way`, from 1."""
    told: list[str] = []
    if lines[0].kind == "about" and len(lines) > 1 and way % 2:
        told, lines = [lines[0].text], lines[1:]
    told.append(_chosen(lines[0], "first", way))
    for at, line in enumerate(lines[1:], start=1):
        part, last = _chosen(line, "then", way + at), told[-1]
        joins = may_join(lines[at - 1], line) and is_plain(last) and is_plain(part)
        # A description follows a colon, a short reason an "and"; anything else is a sentence.
        if joins and line.kind == "about" and way % 3:
            told[-1] = f"{last}: {part}"
        elif joins and line.kind != "about" and len(f"{last} {part}".split()) < _LONG:
            told[-1] = f"{last}, and {part}"
        else:
            told.append(part)
    return " ".join(f"{capitalised(sentence)}." for sentence in told)


def _chosen(line: Line, place: Place, way: int) -> str:
    ways = clauses(line, place)
    variants = ways[(way - 1) % len(ways)]
    return variants[way % len(variants)]
