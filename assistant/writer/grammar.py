"""What the embedded model can possibly write about a pick: a grammar made of its brief.

Owns: `grammar_of`. Does not own: the clauses (`assistant.writer.wordings`) or whether the result is
true (`assistant.grounding`).

Every line of the brief is told once, in order, in one of its clauses, and the first of them names
the pick. So a value stands only in wording of its own kind, a liked item only where it is what the
line is about, and a description is copied whole. What is left to the model is which clauses, how
they are joined, and so how the sentences sound. The form is llama.cpp's GBNF.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from os.path import commonprefix

from assistant.wording import capitalised
from assistant.writer.brief import Line
from assistant.writer.wordings import Place, clauses, is_plain, may_join


def grammar_of(lines: Sequence[Line]) -> str:
    """Return the grammar of what may be written for the brief of `lines`.

    The rule ``after2`` is what may follow when two lines are told; ``and2``, when the second of
    them is a clause that another may join.
    """
    if not lines:
        return 'root ::= " Here is {pick}."'
    root = _told(lines[0], "first", 1)
    if lines[0].kind == "about" and len(lines) > 1:
        opening = json.dumps(f"{capitalised(lines[0].text)}. ", ensure_ascii=False)
        root = f"{root} | {opening} ({_told(lines[1], 'first', 2)})"
    rules = [f'root ::= " " ({root})']
    for at, line in enumerate(lines[1:], start=1):
        rules.append(f'after{at} ::= ". " ({_told(line, "then", at + 1)})')
        joined = _joined(line) if may_join(lines[at - 1], line) else ""
        rules.append(f"and{at} ::= after{at}" + (f" | ({joined}) after{at + 1}" if joined else ""))
    end = len(lines)
    return "\n".join((*rules, f'after{end} ::= "."', f"and{end} ::= after{end}"))


def _told(line: Line, place: Place, following: int) -> str:
    """Return what tells `line` as a sentence's beginning, and after it what may follow."""
    told = list(chain.from_iterable(clauses(line, place)))
    parts = (
        ([text for text in told if is_plain(text)], f"and{following}"),
        ([text for text in told if not is_plain(text)], f"after{following}"),
    )
    return " | ".join(
        f"({_either(map(capitalised, texts))}) {after}" for texts, after in parts if texts
    )


def _joined(line: Line) -> str:
    """Return what tells `line` within the sentence of the line before."""
    mark = ": " if line.kind == "about" else ", and "
    told = chain.from_iterable(clauses(line, "then"))
    return _either(f"{mark}{text}" for text in told if is_plain(text))


def _either(texts: Iterable[str]) -> str:
    """Return alternatives without two that begin alike, which would be tried side by side."""
    forms: list[str] = []
    for _, group in groupby(sorted(set(texts)), key=lambda text: text[:1]):
        alike = list(group)
        start = commonprefix(alike)  # noqa: RUF071 - of characters, not of folders
        rest = [text[len(start) :] for text in alike]
        form = json.dumps(start, ensure_ascii=False)
        if len(rest) > 1:
            form += f" ({_either(filter(None, rest))})" + ("?" if "" in rest else "")
        forms.append(form)
    return " | ".join(forms)
