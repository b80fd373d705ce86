from __future__ import annotations

import logging
import math

import numpy as np
import pytest

from catalog import Catalog, Item
from retrieval.lexical import LexicalConfig, LexicalRetriever, tokens
from retrieval.query import Query
from tests.retrieval.shop import SCHEMA, rows_with


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Léon of Überlingen", ["leon", "uberlingen"]),
        ("heists, HEIST; heist's", ["heist", "heist", "heist", "s"]),
        ("stories glass bus boxes 1990s", ["story", "glass", "bus", "boxe", "1990"]),
        ("東京物語 42", ["東京物語", "42"]),
        ("", []),
        ("?!", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_items_with_all_the_words_come_first(shop: Catalog) -> None:
    hits = LexicalRetriever(shop).retrieve(Query("Wool BLANKETS"), np.ones(len(shop), bool), 50)
    assert set(hits.rows[:2].tolist()) == rows_with(shop, "wool", "blanket")
    assert set(hits.rows.tolist()) == rows_with(shop, "wool") | rows_with(shop, "blanket")


def test_unknown_words_and_stopwords_say_nothing(shop: Catalog) -> None:
    lexical = LexicalRetriever(shop)
    for text in ("", "the of and", "zeppelin"):
        assert len(lexical.retrieve(Query(text), np.ones(len(shop), bool), 5)) == 0


def test_scores_are_bm25_by_its_formula() -> None:
    titles = ["apple pear", "apple apple plum", "cherry"]
    catalog = Catalog.build(SCHEMA, [Item(str(i), title) for i, title in enumerate(titles)])
    k1, b = 1.5, 0.6
    lexical = LexicalRetriever(catalog, LexicalConfig(k1, b))
    hits = lexical.retrieve(Query("apple"), np.ones(3, bool), 3)
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = (2 + 3 + 1) / 3
    by_row = {
        row: idf * count / (count + k1 * (1 - b + b * length / mean))
        for row, count, length in ((0, 1, 2), (1, 2, 3))
    }
    assert hits.rows.tolist() == sorted(by_row, key=lambda row: -by_row[row])
    np.testing.assert_allclose(hits.scores, sorted(by_row.values(), reverse=True), rtol=1e-5)


def test_an_item_without_words_is_no_hit() -> None:
    catalog = Catalog.build(SCHEMA, [Item("1", "!!!"), Item("2", "word")])
    hits = LexicalRetriever(catalog).retrieve(Query("word ???"), np.ones(2, bool), 3)
    assert hits.rows.tolist() == [1]


def test_building_is_quiet(
    shop: Catalog, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    LexicalRetriever(shop)
    assert capsys.readouterr() == ("", "")
    assert not [r for r in caplog.records if r.name == "bm25s" and r.levelno < logging.WARNING]
