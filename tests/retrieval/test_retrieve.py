from __future__ import annotations

import numpy as np
import pytest

from catalog import Catalog, Constraint, Mask
from catalog.errors import ConstraintError, ModelError
from retrieval.lexical import LexicalRetriever
from retrieval.popular import PopularRetriever
from retrieval.query import Hits, Query, Retriever
from retrieval.retrieve import RetrievalConfig, retrieve_all
from tests.retrieval.shop import rows_with


class Fixed:
    """Finds the same rows for every query, as far as they are allowed."""

    def __init__(self, name: str, *rows: int) -> None:
        self.name = name
        self._rows = rows

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        rows = np.array([row for row in self._rows if allowed[row]][:k], np.int32)
        return Hits(rows, -np.arange(len(rows), dtype=np.float32))


class Broken:
    name = "broken"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        raise self._error


@pytest.fixture
def retrievers(shop: Catalog) -> list[Retriever]:
    return [LexicalRetriever(shop), PopularRetriever(shop)]


def test_hard_conditions_hold_for_every_candidate(
    shop: Catalog, retrievers: list[Retriever]
) -> None:
    query = Query(
        "red kettle",
        constraints=(Constraint("colour", "=", "red"), Constraint("price", ">=", 13)),
        exclude=frozenset({4}),
    )
    found = retrieve_all(query, retrievers, shop)
    fit = {row for row in range(3, len(shop)) if row % 2 == 0} - {4}
    assert set(found.rows.tolist()) == fit
    assert found.allowed_count == len(fit)
    assert found.warnings == ()
    assert set(found.rows[:1].tolist()) <= rows_with(shop, "kettle")
    assert set(found.by_source) == {"lexical", "popular"}


def test_an_empty_query_has_the_popular_items(shop: Catalog, retrievers: list[Retriever]) -> None:
    found = retrieve_all(Query(), retrievers, shop, RetrievalConfig(per_retriever=5))
    assert found.rows.tolist() == [0, 1, 2, 3, 4]
    assert len(found.by_source["lexical"]) == 0


def test_items_without_interactions_are_still_candidates(shop: Catalog) -> None:
    query = Query(constraints=(Constraint("price", ">=", 50),))
    found = retrieve_all(query, [PopularRetriever(shop)], shop)
    assert found.rows.tolist() == list(range(40, len(shop)))


def test_nothing_fits(shop: Catalog, retrievers: list[Retriever]) -> None:
    query = Query("kettle", constraints=(Constraint("price", "<=", 1),))
    found = retrieve_all(query, retrievers, shop)
    assert (len(found), found.allowed_count, found.warnings) == (0, 0, ())


def test_no_retrievers_no_candidates(shop: Catalog) -> None:
    found = retrieve_all(Query("kettle"), [], shop)
    assert (len(found), found.allowed_count) == (0, len(shop))


def test_a_failed_retriever_is_named_and_the_others_go_on(
    shop: Catalog, retrievers: list[Retriever]
) -> None:
    broken = Broken(ModelError("the model file is gone"))
    found = retrieve_all(Query("kettle"), [broken, *retrievers], shop)
    assert len(found) > 0
    assert set(found.by_source) == {"lexical", "popular"}
    (warning,) = found.warnings
    assert "broken" in warning
    assert "the model file is gone" in warning


def test_a_bug_is_not_a_warning(shop: Catalog) -> None:
    with pytest.raises(ZeroDivisionError):
        retrieve_all(Query(), [Broken(ZeroDivisionError())], shop)


def test_a_constraint_that_the_schema_lacks_is_an_error(shop: Catalog) -> None:
    with pytest.raises(ConstraintError, match="weight"):
        retrieve_all(Query(constraints=(Constraint("weight", "=", 1),)), [], shop)


def test_every_retriever_keeps_its_best(shop: Catalog) -> None:
    alone = Fixed("alone", 40, 41, 42)
    crowd = [Fixed(f"crowd {i}", *range(30)) for i in range(4)]
    config = RetrievalConfig(pool=10, guaranteed=2)
    found = retrieve_all(Query(), [alone, *crowd], shop, config)
    assert found.rows.tolist() == [*range(8), 40, 41]
    assert (np.diff(found.scores) <= 0).all()


def test_weights_are_used(shop: Catalog) -> None:
    config = RetrievalConfig(weights={"b": 2.0})
    found = retrieve_all(Query(), [Fixed("a", 1, 2), Fixed("b", 3, 4)], shop, config)
    assert found.rows.tolist() == [3, 4, 1, 2]
