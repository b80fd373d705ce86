"""One run of the evaluation as one JSON file.

Owns: `RunFile`, its form on disk, which figures of a report are timings. Does not own: what was
measured, or how it is shown (`evaluation.reports.page`).

Two runs of one command with one seed give byte-identical files, but for the last key, ``timings``,
which holds every figure that a clock gave. Paths of this machine are not kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from catalog.errors import ConfigurationError, IngestError

Json = dict[str, Any]

FORMAT = 1
NOTE = "Two runs with one seed are byte-identical but for the last key, timings."

_TIMINGS: Mapping[str, tuple[str, ...]] = {
    "redial": ("ms_p50", "ms_p95"),
    "movielens": ("costs",),
    "turn": ("stages_ms", "processor_ms"),
    "understanding": ("ms",),
    "explain": ("seconds",),
    "shop": ("seconds",),
}
"""By kind of run, the keys of its report that hold what a clock gave."""


@dataclass(frozen=True, slots=True)
class RunFile:
    """A run: what was asked for, what was found, and the units that it was found on.

    Attributes
    ----------
    kind : str
        ``"eval"``, ``"simulate"``, ``"redial"``, ``"movielens"``, ``"turn"``, ...
    settings : dict
        The command's options that decide the result, its seed among them.
    report : dict
        What the command prints with ``--json``, without timings.
    rows : tuple of dict
        One per unit that two runs can be matched on, in an order that does not change.
    timings : dict
        What a clock gave.
    """

    kind: str
    settings: Json
    report: Json
    rows: tuple[Json, ...] = ()
    timings: Json = field(default_factory=dict[str, Any])

    @classmethod
    def of(
        cls,
        kind: str,
        settings: Mapping[str, Any],
        report: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]] = (),
    ) -> RunFile:
        """Return a run with the timings of `report` put aside, and NaN as null."""
        timed = _TIMINGS.get(kind, ())
        return cls(
            kind,
            plain(dict(settings)),
            plain({name: value for name, value in report.items() if name not in timed}),
            tuple(plain(dict(row)) for row in rows),
            plain({name: report[name] for name in timed if name in report}),
        )


def plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return `value` as it comes back from JSON: tuples as lists, keys as text, NaN as null."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return {str(key): plain(entry) for key, entry in entries.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in cast("Sequence[object]", value)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_run(run: RunFile, file: Path) -> None:
    """Write `run`, one row a line, timings last.

    Raises
    ------
    ConfigurationError
        When the file cannot be written.
    """
    rows = ",\n".join(_dump(row) for row in run.rows)
    lines = [
        f'"vouch_run": {FORMAT}',
        f'"note": {_dump(NOTE)}',
        f'"kind": {_dump(run.kind)}',
        f'"settings": {_dump(run.settings)}',
        f'"report": {_dump(run.report)}',
        f'"rows": [\n{rows}\n]' if rows else '"rows": []',
        f'"timings": {_dump(run.timings)}',
    ]
    write_text(file, "{\n" + ",\n".join(lines) + "\n}\n")


def read_run(file: Path) -> RunFile:
    """Return what `write_run` wrote.

    Raises
    ------
    IngestError
        When the file is missing or no run file of this version.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IngestError(f"cannot read {str(file)!r}: {error}") from error
    if not isinstance(value, dict) or "vouch_run" not in value:
        raise IngestError(f"{str(file)!r} is no run file; write one with --save")
    loaded = cast("Json", value)
    if loaded["vouch_run"] != FORMAT:
        raise IngestError(
            f"{str(file)!r} is a run file of version {loaded['vouch_run']!r}, not {FORMAT}; run the"
            " command again"
        )
    try:
        return RunFile(
            kind=str(loaded["kind"]),
            settings=dict(loaded["settings"]),
            report=dict(loaded["report"]),
            rows=tuple(dict(row) for row in loaded["rows"]),
            timings=dict(loaded["timings"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IngestError(f"{str(file)!r} is damaged: {error!r}") from error


def write_text(file: Path, text: str) -> None:
    """Write UTF-8; what it cannot hold, half a surrogate pair, as JSON's escape for it.

    Raises
    ------
    ConfigurationError
        When the file cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ConfigurationError(f"cannot write {str(file)!r}: {error.strerror}") from error


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
