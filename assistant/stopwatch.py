"""Where a turn's time goes.

Owns: `Stopwatch`. Does not own: the names of the stages.
"""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Milliseconds by stage (`lap`) and since the start (`total`)."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._timings: dict[str, float] = {}

    @property
    def timings(self) -> dict[str, float]:
        """Milliseconds by name, so far."""
        return dict(self._timings)

    def lap(self, stage: str) -> None:
        """Record the time since the last lap as that of `stage`."""
        now = perf_counter()
        self._timings[stage] = (now - self._last) * 1000
        self._last = now

    def total(self, name: str) -> None:
        """Record the time since the start under `name`."""
        self._timings[name] = (perf_counter() - self._start) * 1000
