"""Two runs of one kind, unit by unit.

Owns: `compare`, `Comparison`: matching, paired differences with intervals, what went from pass to
fail and back. Does not own: what the units of a kind are (`evaluation.reports.kinds`), or the page
(`evaluation.reports.of_comparison`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalog.errors import ConfigurationError
from evaluation.reports.kinds import kind_of
from evaluation.reports.run_file import RunFile
from evaluation.reports.units import Measure, Unit
from evaluation.simulation.measures import bootstrap_by


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of one series, second run minus first, over the units that both have.

    Attributes
    ----------
    series, measure : str
        Which.
    units, groups : int
        How many are compared, and of how many people, dialogues, ...
    first, second : float
        Means of the two runs.
    change : float
        Mean of the differences.
    low, high : float or None
        95% interval of `change`; None of a single group, which says nothing of others.
    verdict : str
        ``"better"`` or ``"worse"`` where the interval is without 0, else ``""``; ``"other"`` where
        neither way is up.
    """

    series: str
    measure: str
    units: int
    groups: int
    first: float
    second: float
    change: float
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of one kind.

    Attributes
    ----------
    kind : str
        Of both.
    seed : int
        Of the intervals.
    common, only_first, only_second : int
        Units.
    differences : tuple of Difference
        In order of series and measure.
    broken, mended : tuple of (Unit, Unit)
        What went from pass to fail, and back, first run first; in order of the first run.
    """

    kind: str
    seed: int
    common: int
    only_first: int
    only_second: int
    differences: tuple[Difference, ...]
    broken: tuple[tuple[Unit, Unit], ...]
    mended: tuple[tuple[Unit, Unit], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        return {
            "kind": self.kind,
            "seed": self.seed,
            "common": self.common,
            "only_first": self.only_first,
            "only_second": self.only_second,
            "differences": [asdict(one) for one in self.differences],
            "from_pass_to_fail": [list(first.key) for first, _ in self.broken],
            "from_fail_to_pass": [list(first.key) for first, _ in self.mended],
        }

    def to_text(self) -> str:
        """Return the comparison as a table and two lists."""
        lines = [
            f"{self.kind}: {self.common:,} units in both runs, {self.only_first:,} only in the "
            f"first, {self.only_second:,} only in the second",
            "",
            f"{'':<26}{'measure':<30}{'units':>7}{'first':>9}{'second':>9}{'change':>9}  95%",
        ]
        for one in self.differences:
            span = "" if one.low is None else f"[{one.low:+.3f}, {one.high:+.3f}] {one.verdict}"
            lines.append(
                f"{one.series[:25]:<26}{one.measure:<30}{one.units:>7}{one.first:>9.3f}"
                f"{one.second:>9.3f}{one.change:>+9.3f}  {span}".rstrip()
            )
        for word, pairs in (("pass to fail", self.broken), ("fail to pass", self.mended)):
            lines += ["", f"From {word}: {len(pairs)}", *(f"  {first.title}" for first, _ in pairs)]
        return "\n".join(lines)


def compare(first: RunFile, second: RunFile, seed: int = 0) -> Comparison:
    """Return what changed from `first` to `second`.

    Units are matched by key. For each series and measure the differences of matched units are
    averaged; the interval is a percentile bootstrap that draws whole groups (Field & Welsh, JRSS B
    2007), so what is hard for both runs cancels out, and conversations of one person count as one
    opinion. O(units + samples * groups).

    Raises
    ------
    ConfigurationError
        When the runs are of different kinds, or have no unit in common.
    """
    if first.kind != second.kind:
        raise ConfigurationError(
            f"cannot compare a run of {first.kind!r} with one of {second.kind!r}: give two of one "
            "kind"
        )
    kind = kind_of(first)
    ours, theirs = ({unit.key: unit for unit in kind.units(run)} for run in (first, second))
    pairs = [(unit, theirs[key]) for key, unit in ours.items() if key in theirs]
    if not pairs:
        raise ConfigurationError(_nothing_common(first, second, len(ours), len(theirs)))
    series: dict[str, list[tuple[Unit, Unit]]] = {}
    for pair in pairs:
        series.setdefault(pair[0].series, []).append(pair)
    differences = [
        found
        for name, some in series.items()
        for measure in kind.measures
        if (found := _difference(name, measure, some, seed)) is not None
    ]
    return Comparison(
        kind=first.kind,
        seed=seed,
        common=len(pairs),
        only_first=len(ours) - len(pairs),
        only_second=len(theirs) - len(pairs),
        differences=tuple(differences),
        broken=tuple((a, b) for a, b in pairs if a.passed and b.passed is False),
        mended=tuple((a, b) for a, b in pairs if a.passed is False and b.passed),
    )


def _difference(
    name: str, measure: Measure, pairs: Sequence[tuple[Unit, Unit]], seed: int
) -> Difference | None:
    """Return one difference over the pairs in which both runs have the measure."""
    known = [
        (a.group, before, after)
        for a, b in pairs
        if (before := a.values.get(measure.name)) is not None
        and (after := b.values.get(measure.name)) is not None
    ]
    if not known:
        return None
    groups = [group for group, _, _ in known]
    change = bootstrap_by([after - before for _, before, after in known], groups, seed)
    single = len(set(groups)) < 2
    apart = not single and (change.low > 0 or change.high < 0)
    better = "other" if measure.better == "neither" else "worse"
    if apart and measure.better == ("higher" if change.mean > 0 else "lower"):
        better = "better"
    return Difference(
        series=name,
        measure=measure.name,
        units=len(known),
        groups=len(set(groups)),
        first=sum(before for _, before, _ in known) / len(known),
        second=sum(after for _, _, after in known) / len(known),
        change=change.mean,
        low=None if single else change.low,
        high=None if single else change.high,
        verdict=better if apart else "",
    )


def _nothing_common(first: RunFile, second: RunFile, ours: int, theirs: int) -> str:
    if not ours or not theirs:
        return f"runs of {first.kind!r} hold no units that could be compared"
    differ = [
        f"{name}: {first.settings.get(name)!r} and {second.settings.get(name)!r}"
        for name in first.settings.keys() | second.settings.keys()
        if first.settings.get(name) != second.settings.get(name)
    ]
    why = f"; their settings differ ({'; '.join(sorted(differ))})" if differ else ""
    return f"the two runs of {first.kind!r} have no unit in common{why}: give two over the same"
