"""What kinds of run have in common.

Owns: `Kind`: how its run files are shown, and what of them two runs can be matched on. Does not
own: any kind (`evaluation.reports.kinds` lists them) or the matching
(`evaluation.reports.compare`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.reports.page import Page, Talk
from evaluation.reports.plots import Format, number
from evaluation.reports.run_file import Json, RunFile


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that units have.

    Attributes
    ----------
    name : str
        Its key.
    label : str
        As people read it.
    better : {"higher", "lower", "neither"}
        Which way is up.
    form : callable
        Writes a value.
    """

    name: str
    label: str
    better: Literal["higher", "lower", "neither"] = "higher"
    form: Format = number


@dataclass(frozen=True, slots=True)
class Unit:
    """What two runs are matched on: a conversation, an answer, a stage.

    Attributes
    ----------
    key : tuple
        The same in both runs, unique in each.
    series : str
        What it is a result of, such as a system; units of one series are averaged.
    group : str
        Whose it is: groups are drawn for intervals, since their units are alike.
    values : mapping of str to float or None
        By measure; None where it is not defined.
    passed : bool or None
        Whether it went as it should; None where that says nothing.
    title : str
        Names it to a reader.
    row : dict
        The row of the run file.
    """

    key: tuple[str | int, ...]
    series: str
    group: str
    values: Mapping[str, float | None]
    passed: bool | None
    title: str
    row: Json


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of run.

    Attributes
    ----------
    title : str
        Of its page.
    page : callable
        Shows a run.
    units : callable
        Returns what can be matched; nothing where a kind has no units.
    measures : tuple of Measure
        Of the units, most telling first.
    talk : callable or None
        Shows a unit's row as a conversation, where it is one.
    """

    title: str
    page: Callable[[RunFile], Page]
    units: Callable[[RunFile], tuple[Unit, ...]]
    measures: tuple[Measure, ...] = ()
    talk: Callable[[Json], Talk] | None = None
