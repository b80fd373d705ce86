"""How long work tells how far it is.

Owns: `Progress` and the silent one. Does not own: drawing it (`assistant.cli` does, on stderr).
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a label, the units done and the units in all; more than once per label."""


def silent(label: str, done: int, total: int) -> None:
    """Report nothing."""
