"""What came of playing dialogues.

Owns: `Failure`, `Outcome`, `Report`: which runs and cases pass. Does not own: how it is shown
(`evaluation.dialogues.report`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from evaluation.dialogues.reading import Case, Play


@dataclass(frozen=True, slots=True)
class Failure:
    """One statement that does not hold.

    Attributes
    ----------
    line : int
        Of the assertion.
    turn : int
        From 1.
    user, reply : str
        What was said.
    what : str
        Which part of the turn: ``"profile.constraints"``.
    expected, found : str
        Only what differs.
    """

    line: int
    turn: int
    user: str
    reply: str
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run.

    Attributes
    ----------
    play : Play
        What was played.
    turns : tuple of dict
        Each turn's public JSON, its timings only where they were asked for.
    checked : int
        Statements checked.
    failures : tuple of Failure
        Those that do not hold, in order.
    """

    play: Play
    turns: tuple[dict[str, Any], ...]
    checked: int
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Tell whether everything holds."""
        return not self.failures


@dataclass(frozen=True)
class Report:
    """What came of all runs, in order of file, dialogue and run."""

    outcomes: tuple[Outcome, ...]

    @cached_property
    def cases(self) -> tuple[tuple[Case, tuple[Outcome, ...]], ...]:
        """Each dialogue with its runs."""
        by = groupby(self.outcomes, key=lambda one: (one.play.case.file, one.play.case.number))
        runs = [tuple(group) for _, group in by]
        return tuple((group[0].play.case, group) for group in runs)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Runs that fail, and were not known to."""
        return tuple(
            one for one in self.outcomes if not one.passed and not one.play.case.is_known_failure
        )

    @property
    def known(self) -> tuple[Outcome, ...]:
        """Runs that fail as they are known to."""
        return tuple(
            one for one in self.outcomes if not one.passed and one.play.case.is_known_failure
        )

    @property
    def unexpected(self) -> tuple[Case, ...]:
        """Dialogues marked as known failures of which every run passes: the mark must go."""
        return tuple(
            case
            for case, runs in self.cases
            if case.is_known_failure and all(one.passed for one in runs)
        )

    @property
    def passed(self) -> bool:
        """Tell whether nothing is other than expected."""
        return not self.failed and not self.unexpected
