"""Liked titles by the hundred: every way of writing one that people really use."""

from __future__ import annotations

import random

import pytest

from assistant.state import Context
from assistant.understanding import Understander
from catalog import Catalog

SENTENCES = (
    "I loved {a}",
    "I really liked {a} and {b}",
    "{a} is one of my favourite films",
    "something like {a}",
    "I enjoyed {a}, {b} and {c}",
    "big fan of {a}",
    "my favorite movies are {a} and {b}",
    "I like {a} a lot but no horror",
    "can you recommend movies similar to {a}?",
    "Loved {a}! More like that please",
    "we watched {a} last night and adored it",
    "I'm a huge fan of {a} and {b}, under two hours",
    "{a} was great",
)
LETTERS = "aeioutr"


def _written(title: str, name: str, form: str, rng: random.Random) -> str:
    if form == "lower case":
        return title.lower()
    if form == "dated":
        return name
    if form == "mistyped" and len(title) > 7:
        at = rng.randrange(2, len(title) - 1)
        typed = "" if rng.random() < 0.5 else rng.choice(LETTERS)
        return title[:at] + typed + title[at + 1 :]
    return title


@pytest.mark.parametrize(
    ("form", "least"),
    [("as it is", 0.97), ("dated", 0.99), ("lower case", 0.90), ("mistyped", 0.83)],
)
def test_popular_titles_are_understood_as_liked(
    film_catalog: Catalog, film_understander: Understander, form: str, least: float
) -> None:
    rng = random.Random(11)
    known = (-film_catalog.popularity).argsort(kind="stable")[:1500].tolist()
    found = asked = 0
    for _ in range(300):
        sentence = rng.choice(SENTENCES)
        rows = dict(zip("abc", rng.sample(known, 3), strict=True))
        words = {
            key: _written(film_catalog.items[row].title, film_catalog.name(row), form, rng)
            for key, row in rows.items()
        }
        understood = film_understander.understand(sentence.format(**words), Context(1))
        liked = {opinion.title for opinion in understood.likes}
        used = [
            film_catalog.items[row].title for key, row in rows.items() if f"{{{key}}}" in sentence
        ]
        asked += len(used)
        found += sum(title in liked for title in used)
    assert found / asked >= least, (found, asked)
