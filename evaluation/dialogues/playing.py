"""Playing one dialogue with one assistant.

Owns: `play`: the turns of a run, and what fails after each. Does not own: which assistant
(`evaluation.dialogues.homes`) or how runs are spread over processes
(`evaluation.dialogues.running`).
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.engine import Assistant
from assistant.events import Finished
from assistant.state import Session, Turn
from assistant.wire import turn_json
from catalog.errors import VouchError
from evaluation.dialogues.checks import CONTRACTS, check
from evaluation.dialogues.observed import Check, Observed
from evaluation.dialogues.outcome import Failure, Outcome
from evaluation.dialogues.reading import Place, Play
from evaluation.dialogues.truth import Truth


def play(assistant: Assistant, truth: Truth, run: Play, *, timings: bool = False) -> Outcome:
    """Return what comes of a run, over a fresh session.

    The contracts are checked after every turn; the file's own assertions too, but in other words
    only those of the last step: the others are those of the run as written. A run ends where an
    error stops its conversation.

    Parameters
    ----------
    assistant : Assistant
        Its memory of the dialogue's person is erased first.
    truth : Truth
        What its catalogue knows.
    run : Play
        What is said, and what must be true.
    timings : bool
        Whether latencies are checked and kept.
    """
    fixtures = run.case.fixtures
    if fixtures.user is not None:
        assistant.people.forget(fixtures.user)
    session = assistant.start(fixtures.user)
    turns: list[dict[str, object]] = []
    failures: list[Failure] = []
    checked = 0
    for number, step, words in run.turns():
        place: Place = ("steps", number)
        if step.new_session:
            session = assistant.start(fixtures.user)
        try:
            after, turn = _take(assistant, session, words)
        except VouchError as error:
            line = run.case.line(*place)
            failures.append(Failure(line, number + 1, words, "", "turn", "a reply", str(error)))
            break
        seen = Observed(truth, session, turn)
        for where, one in _checks(run, number, seen, timings=timings):
            checked += 1
            if not one.holds:
                said = (run.case.line(*where), number + 1, words, turn.reply)
                failures.append(Failure(*said, one.what, one.expected, one.found))
        value = turn_json(turn, assistant.catalog.schema)
        if not timings:
            del value["timings_ms"]
        turns.append(value)
        session = after
    return Outcome(run, tuple(turns), checked, tuple(failures))


def _checks(
    run: Play, number: int, seen: Observed, *, timings: bool
) -> Iterator[tuple[Place, Check]]:
    """Yield each statement about a turn, with the place in the file that makes it."""
    for one in check(CONTRACTS, seen):
        yield ("steps", number), one
    if run.step is not None and number != run.step:
        return
    for entry, assertion in enumerate(run.case.form.steps[number].checks):
        place: Place = ("steps", number, "assert", entry)
        try:
            for one in check(assertion, seen, timings=timings):
                yield place, one
        except VouchError as error:
            yield place, Check("assert", "names that the catalogue knows", str(error), holds=False)


def _take(assistant: Assistant, session: Session, words: str) -> tuple[Session, Turn]:
    for event in assistant.respond(session, words):
        if isinstance(event, Finished):
            return event.session, event.turn
    raise AssertionError("a turn always finishes")
