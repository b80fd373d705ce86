"""What the embedded model learned from: briefs, each with tellings.

Owns: `Pair`, `read_pairs`, `read_shipped`, `write_pairs`, `held_out`. Does not own: how they were
made (``data/README.md``, `evaluation.explaining.teaching`) or the training
(`assistant.writer.train_writer`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

_HELD_OUT = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """One brief, and how it may be told.

    Attributes
    ----------
    source : str
        ``"human"`` and ``"hand"`` were written, any other was composed.
    item_id : str
        Of the pick, in its catalogue.
    noun : str
        What the catalogue calls its items.
    lines : tuple of str
        Of the brief, without noun and way.
    tellings : tuple of (int, str)
        Ways and texts.
    """

    source: str
    item_id: str
    noun: str
    lines: tuple[str, ...]
    tellings: tuple[tuple[int, str], ...]


def read_shipped(part: Literal["train", "valid"]) -> tuple[Pair, ...]:
    """Return the pairs that ship: learned from, or measured on while learning."""
    folder = Path(str(resources.files("assistant.writer") / "data"))
    return tuple(read_pairs(folder / f"{part}.jsonl"))


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a JSONL file, in its order."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            tellings = tuple((way, text) for way, text in row["tellings"])
            yield Pair(row["source"], row["item_id"], row["noun"], tuple(row["lines"]), tellings)


def write_pairs(pairs: Iterable[Pair], path: Path) -> int:
    """Write `pairs` as JSONL and return how many they were."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for pair in pairs:
            file.write(json.dumps(asdict(pair), ensure_ascii=False) + "\n")
            written += 1
    return written


def held_out(item_id: str) -> bool:
    """Tell whether the film `item_id` is kept out of training: one in five, by its id alone."""
    return (
        int(hashlib.md5(item_id.encode(), usedforsecurity=False).hexdigest(), 16) % _HELD_OUT == 0
    )
