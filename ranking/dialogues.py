"""Real recommendation dialogues as sessions to learn from.

Owns: reading ReDial (Li et al., NeurIPS 2018; CC BY 4.0) from a folder that the person supplies:
``train_subset.jsonl`` in the published format, and ``catalogue.jsonl``, whose ``redial_id`` and
``ml_movieId`` link its films to MovieLens. Does not own: the data, which does not come with Vouch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog import Catalog
from catalog.errors import IngestError
from ranking.scoring import Request
from ranking.simulated import SimulatedSession
from retrieval.query import Query

_MENTION = re.compile(r"@(\d+)")
_MOST_LIKES = 5


def read_redial(folder: Path, catalog: Catalog) -> tuple[SimulatedSession, ...]:
    """Return one session per film that was recommended and that the seeker says they like.

    Its likes are the films mentioned before, by either side, that the seeker likes: the last five.
    Films already mentioned are excluded, so that repeating is no way to be right.

    Raises
    ------
    IngestError
        When the files are missing or not in ReDial's format.
    """
    try:
        links = {
            str(film["redial_id"]): catalog.rows.get(str(film["ml_movieId"]))
            for film in _lines(folder / "catalogue.jsonl")
        }
        rows = {redial: row for redial, row in links.items() if row is not None}
        dialogues = enumerate(_lines(folder / "train_subset.jsonl"))
        return tuple(s for number, told in dialogues for s in _sessions(number, told, rows))
    except (OSError, KeyError, ValueError) as error:
        raise IngestError(f"cannot read ReDial in {str(folder)!r}: {error!r}") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _sessions(
    number: int, dialogue: dict[str, Any], rows: dict[str, int]
) -> Iterator[SimulatedSession]:
    # An empty form is a list in the published files.
    answers: dict[str, dict[str, int]] = dialogue["initiatorQuestions"] or {}
    mentioned: list[str] = []
    likes: list[int] = []
    for message in dialogue["messages"]:
        for film in _MENTION.findall(message["text"]):
            if film in mentioned or film not in rows:
                continue
            liked = answers.get(film, {}).get("liked") == 1
            offered = message["senderWorkerId"] == dialogue["respondentWorkerId"]
            if liked and offered and likes:
                known = frozenset(rows[other] for other in mentioned)
                query = Query(likes=tuple(likes[-_MOST_LIKES:]), exclude=known)
                yield SimulatedSession("dialogue", number, Request(query), rows[film])
            mentioned.append(film)
            if liked:
                likes.append(rows[film])
