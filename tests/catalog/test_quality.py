"""What a catalogue does not say, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog import Catalog
from catalog.item import Interactions
from catalog.quality import CatalogQuality, Coverage, Namesakes


def test_gaps_of_six_books(tiny: Catalog) -> None:
    long = replace(
        tiny.items[0],
        texts={"blurb": "x" * 40},
        url="https://books.example/a",
        image="https://books.example/a.png",
    )
    met = Interactions.build(
        ["u", "u", "v"],
        np.array([0, 1, 0], np.int32),
        np.ones(3, np.float32),
        np.zeros(3, np.int64),
    )
    quality = CatalogQuality.of(Catalog.build(tiny.schema, (long, *tiny.items[1:]), met))
    assert quality == CatalogQuality(
        items=6,
        coverage=(
            Coverage("year", 6, 1.0, 6),
            Coverage("price", 6, 1.0, 6),
            Coverage("genre", 6, 1.0, 4),
            Coverage("author", 5, 5 / 6, 3),
            Coverage("in_print", 6, 1.0, 2),
        ),
        thin_texts=5,
        without_image=5,
        without_url=5,
        unmet=4,
        namesakes=(),
    )


def test_namesakes_are_of_one_title_and_year(tiny: Catalog) -> None:
    ash = tiny.items[0]
    items = (
        *tiny.items,
        replace(ash, item_id="a2", title="ASH"),
        replace(ash, item_id="a3", numbers={"year": 1991}),
        replace(tiny.items[1], item_id="b2"),
        replace(tiny.items[1], item_id="b3"),
    )
    assert CatalogQuality.of(Catalog.build(tiny.schema, items)).namesakes == (
        Namesakes("Birch (1995)", ("b", "b2", "b3")),
        Namesakes("Ash (1990)", ("a", "a2")),
    )
