"""ReDial as published, as a catalogue and turns.

Owns: reading a folder with ``catalogue.jsonl`` (films), ``ievalm_eval_SPLIT.jsonl`` (one line per
turn: ``dialog_id``, ``turn_id``, ``context``, ``entity``, ``rec``) and, when it is there,
``train_subset.jsonl`` (whole conversations), none of which comes with Vouch. Does not own: what is
done with them.

ReDial: Li et al., "Towards deep conversational recommendations", NeurIPS 2018; CC BY 4.0. The
splits' form: Wang et al., "Rethinking the evaluation for conversational recommendation in the era
of large language models", EMNLP 2023.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Catalog, read_schema
from catalog.errors import IngestError
from catalog.item import Interactions, Item
from ranking.turn_table import Turn

_SCHEMA = Path(__file__).with_name("schema.toml")
_TITLE = re.compile(r"^(?P<title>.*\S)\s*\((?P<year>\d{4})\)$")
_YEAR = re.compile(r"\(\d{4}\)")
_MENTION = re.compile(r"@(\d+)")
_LONGEST_TITLE = 12
_LABELS = {"genres": "genre", "directors": "director", "cast": "star", "writers": "writer"}


@dataclass(frozen=True, slots=True)
class Films:
    """ReDial's films.

    Attributes
    ----------
    catalog : Catalog
        Item ids are ReDial's. Interactions are MovieLens ratings, or none.
    rows : mapping of str to int
        Published name to catalogue row; two films of one name are one answer: the first.
    by_id : mapping of str to int
        ReDial's id to the same row.
    """

    catalog: Catalog
    rows: Mapping[str, int]
    by_id: Mapping[str, int]


def read_films(folder: Path, ratings: Catalog | None = None) -> Films:
    """Return the films in `folder`'s ``catalogue.jsonl``, with the ratings that `ratings` has.

    Parameters
    ----------
    folder : Path
        See above.
    ratings : Catalog, optional
        One whose item ids are MovieLens's, such as the film demo.

    Raises
    ------
    IngestError
        When the file is missing or not in the form above.
    """
    path = folder / "catalogue.jsonl"
    try:
        lines = list(_lines(path))
        items = [_item(line) for line in lines]
        linked = {str(line["ml_movieId"]): row for row, line in enumerate(lines)}
        names = [_name(line["name"]) for line in lines]
    except (OSError, KeyError, ValueError) as error:
        raise IngestError(f"cannot read ReDial's films in {str(path)!r}: {error!r}") from error
    rows: dict[str, int] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, row)
    met = _ratings(linked, ratings) if ratings else None
    by_id = {item.item_id: rows[name] for item, name in zip(items, names, strict=True)}
    return Films(Catalog.build(read_schema(_SCHEMA), items, met), rows, by_id)


def _ratings(linked: Mapping[str, int], catalog: Catalog) -> Interactions:
    theirs = catalog.interactions
    row = np.array([linked.get(item.item_id, -1) for item in catalog.items], np.int32)[theirs.row]
    known = row >= 0
    users = [theirs.users[user] for user in theirs.user[known].tolist()]
    return Interactions.build(users, row[known], theirs.value[known], theirs.timestamp[known])


def read_split(path: Path, films: Films) -> tuple[Turn, ...]:
    """Return the turns of a split, in its order; `answers` are its ``rec``.

    Raises
    ------
    IngestError
        When the file is missing, not in the form above, or names a film that there is not.
    """
    try:
        return tuple(_turn(line, films) for line in _lines(path))
    except (OSError, KeyError, ValueError) as error:
        raise IngestError(f"cannot read ReDial's turns in {str(path)!r}: {error!r}") from error


def read_conversations(path: Path, films: Films) -> tuple[Turn, ...]:
    """Return the turns of whole conversations at which the recommender named a film.

    Raises
    ------
    IngestError
        When the file is missing or not in ReDial's form.
    """
    try:
        return tuple(chain.from_iterable(_told(line, films) for line in _lines(path)))
    except (OSError, KeyError, ValueError) as error:
        raise IngestError(f"cannot read ReDial's talks in {str(path)!r}: {error!r}") from error


def mentions(text: str, films: Films) -> tuple[int, ...]:
    """Return the films whose published name, with its year, or ``@id`` stands in `text`; in order.

    Linear in the words of `text`.
    """
    found = [films.by_id[each] for each in _MENTION.findall(text) if each in films.by_id]
    for year in _YEAR.finditer(text):
        words = text[: year.start()].split()
        for start in range(max(len(words) - _LONGEST_TITLE, 0), len(words)):
            name = " ".join([*words[start:], year.group()])
            if name in films.rows:
                found.append(films.rows[name])
                break
    return tuple(found)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _name(text: str) -> str:
    # The published names escape some question marks, and double some spaces.
    return " ".join(text.replace("%3F", "?").split())


def _item(line: Mapping[str, Any]) -> Item:
    name = _name(line["name"])
    dated = _TITLE.match(name)
    texts = {key: line[key] for key in ("plot", "tmdb_overview") if line.get(key)}
    return Item(
        item_id=str(line["redial_id"]),
        title=dated["title"] if dated else name,
        labels={facet: tuple(line[key]) for facet, key in _LABELS.items() if line.get(key)},
        numbers={"year": float(dated["year"])} if dated else {},
        texts=texts,
    )


def _turn(line: Mapping[str, Any], films: Films) -> Turn:
    said = tuple(_name(text) for text in line["context"])
    # Only where a title has no year is the published linking needed: "It" is not always a film.
    undated = {_name(e) for e in line["entity"] if _name(e) in films.rows and not _YEAR.search(e)}
    linked = tuple(
        (*mentions(text, films), *(films.rows[name] for name in sorted(undated) if name in text))
        for text in said
    )
    missing = [name for name in line["rec"] if _name(name) not in films.rows]
    if missing:
        raise ValueError(f"answers {missing!r} are not in the catalogue")
    answers = tuple(films.rows[_name(name)] for name in line["rec"])
    return Turn(str(line["dialog_id"]), ("", ""), said, linked, answers)


def _told(line: Mapping[str, Any], films: Films) -> Iterator[Turn]:
    """Yield one turn per utterance of the recommender that names a film."""
    seeker, recommender = line["initiatorWorkerId"], line["respondentWorkerId"]
    said: list[str] = [""]
    named: list[list[int]] = [[]]
    speaker = seeker
    titles = {key: _name(name or "") for key, name in (line["movieMentions"] or {}).items()}
    for message in line["messages"]:
        if message["senderWorkerId"] != speaker:
            speaker = message["senderWorkerId"]
            said.append("")
            named.append([])
        text = _MENTION.sub(lambda found: titles.get(found[1]) or found[0], message["text"])
        said[-1] = _name(f"{said[-1]} {text}")
        ids = [each for each in _MENTION.findall(message["text"]) if each in films.by_id]
        named[-1] += [films.by_id[each] for each in ids]
    for at in range(1, len(said), 2):
        if named[at]:
            yield Turn(
                str(line["conversationId"]),
                (str(recommender), str(seeker)),
                tuple(said[:at]),
                tuple(tuple(dict.fromkeys(rows)) for rows in named[:at]),
                tuple(dict.fromkeys(named[at])),
                tuple(dict.fromkeys(chain.from_iterable(named[at + 1 :]))),
            )
