"""What every Retriever promises, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.collaborative import CollaborativeRetriever
from retrieval.content import ContentRetriever
from retrieval.dense import DenseConfig, open_dense
from retrieval.lexical import LexicalRetriever
from retrieval.popular import PopularRetriever
from retrieval.query import Query, Retriever
from tests.retrieval.bag_embedder import BagEmbedder
from tests.retrieval.shop import COLOURS, MATERIALS, OBJECTS, CooccurrenceModel, build_shop

SHOP = build_shop()
KINDS = ("exact", "approximate", "lexical", "collaborative", "content", "popular")

texts = st.lists(st.sampled_from((*OBJECTS, *MATERIALS, *COLOURS, "unheard", "é")), max_size=4).map(
    " ".join
)
row_tuples = st.lists(st.integers(0, len(SHOP) - 1), max_size=4, unique=True).map(tuple)
masks = st.lists(st.booleans(), min_size=len(SHOP), max_size=len(SHOP)).map(
    lambda bits: np.array(bits, np.bool_)
)


@pytest.fixture(scope="module")
def retrievers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Retriever]]:
    folder = tmp_path_factory.mktemp("index")
    embedder = BagEmbedder()
    exact = open_dense(SHOP, embedder, folder)
    approximate = open_dense(SHOP, embedder, folder, config=DenseConfig(exact_below=0))
    yield {
        "exact": exact,
        "approximate": approximate,
        "lexical": LexicalRetriever(SHOP),
        "collaborative": CollaborativeRetriever(CooccurrenceModel(SHOP)),
        "content": ContentRetriever(exact.vectors),
        "popular": PopularRetriever(SHOP),
    }
    exact.close()
    approximate.close()


@pytest.mark.parametrize("kind", KINDS)
@given(text=texts, likes=row_tuples, dislikes=row_tuples, allowed=masks, k=st.integers(1, 60))
def test_hits_are_allowed_unique_ordered_and_at_most_k(
    retrievers: dict[str, Retriever],
    kind: str,
    text: str,
    likes: tuple[int, ...],
    dislikes: tuple[int, ...],
    allowed: np.ndarray,
    k: int,
) -> None:
    before = allowed.copy()
    hits = retrievers[kind].retrieve(Query(text, likes, dislikes), allowed, k)
    assert hits.rows.dtype == np.int32
    assert hits.scores.dtype == np.float32
    assert len(hits) <= k
    assert allowed[hits.rows].all()
    assert np.isfinite(hits.scores).all()
    order = list(zip(-hits.scores, hits.rows, strict=True))
    assert order == sorted(order)
    assert len(set(hits.rows.tolist())) == len(hits)
    assert (allowed == before).all(), "the mask is shared between retrievers"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_query_gives_the_same_hits(retrievers: dict[str, Retriever], kind: str) -> None:
    query = Query("copper lamp", likes=(1, 5))
    allowed = np.ones(len(SHOP), np.bool_)
    first, second = (retrievers[kind].retrieve(query, allowed, 7) for _ in range(2))
    assert len(first) > 0
    np.testing.assert_array_equal(first.rows, second.rows)
    np.testing.assert_array_equal(first.scores, second.scores)


@pytest.mark.parametrize("kind", KINDS)
def test_fewer_asked_are_the_best(retrievers: dict[str, Retriever], kind: str) -> None:
    query = Query("oak chair", likes=(2,))
    allowed = np.ones(len(SHOP), np.bool_)
    many = retrievers[kind].retrieve(query, allowed, 6)
    few = retrievers[kind].retrieve(query, allowed, 3)
    # Scores, not rows: which of several equal items an approximate search meets is open.
    np.testing.assert_allclose(few.scores, many.scores[:3], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_allowed_gives_nothing(retrievers: dict[str, Retriever], kind: str) -> None:
    nothing = np.zeros(len(SHOP), np.bool_)
    assert len(retrievers[kind].retrieve(Query("copper", likes=(1,)), nothing, 5)) == 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "popular"])
def test_a_query_that_says_nothing_gives_nothing(
    retrievers: dict[str, Retriever], kind: str
) -> None:
    everything = np.ones(len(SHOP), np.bool_)
    assert len(retrievers[kind].retrieve(Query("  "), everything, 5)) == 0


def test_names_are_unique(retrievers: dict[str, Retriever]) -> None:
    names = {retrievers[kind].name for kind in KINDS}
    assert names == {"dense", "lexical", "collaborative", "content", "popular"}
