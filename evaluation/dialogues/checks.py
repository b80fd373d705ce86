"""What an assertion means for a turn.

Owns: `CONTRACTS`, `check`: each assertion becomes single statements that hold or do not,
so that a report shows what differs and nothing else, and so that ``not`` turns each round. Does not
own: what counts as supported (`evaluation.dialogues.support`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.state import Answer
from evaluation.dialogues.form import (
    AnswerClaim,
    Assertion,
    ItemsClaim,
    QuestionClaim,
    RelaxationsClaim,
    Stage,
    TextClaim,
)
from evaluation.dialogues.item_checks import item_checks
from evaluation.dialogues.observed import NOTHING, Check, Observed, listed
from evaluation.dialogues.profile_checks import profile_checks, title_checks
from evaluation.dialogues.support import unsupported

CONTRACTS = Assertion(
    items=ItemsClaim(in_catalogue=True, satisfy="constraints", never_again=True),
    facts="supported",
)
"""What is checked after every turn, asked or not."""


def check(assertion: Assertion, seen: Observed, *, timings: bool = False) -> Iterator[Check]:
    """Yield every statement of `assertion` about a turn, those that hold included.

    Parameters
    ----------
    timings : bool
        Whether latencies are checked too; a machine that plays several dialogues at once says
        little about them.

    Raises
    ------
    ConfigurationError
        When it names an item, a facet or a value that the catalogue lacks.
    """
    parts: dict[str, Callable[[Any, Observed], Iterator[Check]]] = {
        "profile": profile_checks,
        "items": item_checks,
        "acts": lambda claim, seen: _words("acts", claim, seen.turn.acts),
        "question": _question,
        "missing_titles": lambda names, seen: title_checks("missing_titles", names, seen),
        "relaxations": _relaxations,
        "facts": lambda _, seen: _facts(seen),
        "reply": lambda claim, seen: _text("reply", claim, seen.turn.reply),
        "answer": _answer,
        "language": lambda code, seen: _equal("language", code, seen.turn.language),
        "warnings": _warnings,
    }
    for name, part in parts.items():
        claim = getattr(assertion, name)
        if claim is not None:
            yield from part(claim, seen)
    if timings:
        yield from _latency(dict(assertion.latency_ms or {}), seen)
    if assertion.negated is not None:
        for one in check(assertion.negated, seen, timings=timings):
            yield replace(one, expected=f"not {one.expected}", holds=not one.holds)


def _question(claim: QuestionClaim, seen: Observed) -> Iterator[Check]:
    question = seen.turn.question
    found = f"asks: {question.text}" if question else "asks nothing"
    if claim.asked is not None:
        expected = "asks" if claim.asked else "asks nothing"
        yield Check("question.asked", expected, found, claim.asked == bool(question))
    if claim.facet is not None:
        facet = seen.truth.facet(claim.facet).name
        asked = question.facet if question else NOTHING
        yield Check("question.facet", facet, asked, facet == asked)


def _relaxations(claim: RelaxationsClaim, seen: Observed) -> Iterator[Check]:
    offered, truth = seen.turn.relaxations, seen.truth
    count = len(offered)
    dropped = [truth.words(row) for one in offered for row in one.drop]
    if claim.min is not None:
        yield Check("relaxations.min", f"at least {claim.min}", str(count), count >= claim.min)
    if claim.max is not None:
        yield Check("relaxations.max", f"at most {claim.max}", str(count), count <= claim.max)
    for condition in claim.drop or ():
        words = truth.words(truth.constraint(condition))
        yield Check("relaxations.drop", words, listed(dropped), words in dropped)


def _facts(seen: Observed) -> Iterator[Check]:
    found = unsupported(seen.session, seen.turn, seen.truth)
    for sentence in found or (NOTHING,):
        yield Check("facts", "every reason and sentence supported", sentence, not found)


def _answer(claim: AnswerClaim, seen: Observed) -> Iterator[Check]:
    answer = seen.turn.answer
    if claim.given is not None:
        words = {True: "an answer", False: "no answer"}
        found = bool(answer)
        yield Check("answer.given", words[claim.given], words[found], claim.given == found)
    yield from _text("answer", claim, _told(answer) if answer else "")
    sources = answer.sources if answer else ()
    for source in claim.sources or ():
        yield Check("answer.sources", source, listed(sources), source in sources)


def _told(answer: Answer) -> str:
    """Return an answer with its table as text."""
    rows = answer.comparison.rows if answer.comparison else ()
    titles = answer.comparison.titles if answer.comparison else ()
    table = [" | ".join(titles), *(f"{name}: {' | '.join(cells)}" for name, cells in rows)]
    return "\n".join([answer.text, *filter(None, table)])


def _warnings(claim: str | TextClaim, seen: Observed) -> Iterator[Check]:
    found = seen.turn.warnings
    if isinstance(claim, TextClaim):
        yield from _text("warnings", claim, " ".join(found))
    else:
        yield Check("warnings", "none", listed(found), not found)


def _latency(limits: Mapping[Stage, float], seen: Observed) -> Iterator[Check]:
    for stage, limit in limits.items():
        took = seen.turn.timings_ms.get(stage, 0.0)
        yield Check(f"latency_ms.{stage}", f"at most {limit:g}", f"{took:.0f}", took <= limit)


def _text(what: str, claim: TextClaim, text: str) -> Iterator[Check]:
    shown = text or NOTHING
    for words in claim.contains or ():
        yield Check(f"{what}.contains", words, shown, words.casefold() in text.casefold())
    for words in claim.lacks or ():
        holds = words.casefold() not in text.casefold()
        yield Check(f"{what}.lacks", f"without {words}", shown, holds)
    if claim.matches is not None:
        holds = re.search(claim.matches, text, re.IGNORECASE | re.DOTALL) is not None
        yield Check(f"{what}.matches", claim.matches, shown, holds)


def _words(what: str, claim: Any, found: Sequence[str]) -> Iterator[Check]:  # noqa: ANN401
    for word in claim.contains or ():
        yield Check(f"{what}.contains", word, listed(found), word in found)
    for word in claim.lacks or ():
        yield Check(f"{what}.lacks", f"without {word}", listed(found), word not in found)


def _equal(what: str, expected: str, found: str) -> Iterator[Check]:
    yield Check(what, expected, found, expected == found)
