"""What is said of the items: as numbers, and as a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from catalog.errors import ModelError
from ranking.cf import MODELS, Content, ContentConfig, Training, fit_cf, open_cf
from ranking.cf.features import Features
from ranking.cf.store import fit_fingerprint
from tests.ranking.cf.crowd import interactions

NOBODY = np.empty(0, np.int32)
MET = interactions([[0, 1], [0, 1]])


def content(vectors: list[list[float]], tiny: Catalog) -> Content:
    return Content.fit(Training(tiny, MET, np.array(vectors, np.float32)), ContentConfig())


def test_features_are_the_values_that_several_items_have(tiny: Catalog) -> None:
    features = Features.of(tiny, least=2, buckets=2)
    year, price, genre, author, in_print = features.fields
    dense = features.matrix.toarray()
    # Half of the six are at most 2000 (or $30), half above.
    np.testing.assert_array_equal(dense[:, year], [[1, 0]] * 3 + [[0, 1]] * 3)
    np.testing.assert_array_equal(dense[:, price], dense[:, year])
    # Comedy, Crime, Horror; Romance is only one item's. Two genres share a length of one.
    half = np.float32(np.sqrt(0.5))
    np.testing.assert_allclose(
        dense[:, genre],
        [[0, 1, 0], [half, half, 0], [1, 0, 0], [0, 0, 1], [0, half, half], [0, 0, 0]],
    )
    assert dense[:, author].tolist() == [[1, 0], [0, 0], [1, 0], [0, 1], [0, 1], [0, 0]]
    assert dense[:, in_print].tolist() == [[0, 1], [0, 1], [1, 0], [0, 1], [1, 0], [0, 1]]


def test_a_catalogue_without_facets_has_no_columns(tiny: Catalog) -> None:
    bare = Catalog.build(replace(tiny.schema, facets=()), tiny.items)
    features = Features.of(bare)
    assert features.matrix.shape == (6, 0)
    assert features.fields == ()


def test_content_is_the_mean_cosine_and_scores_all_that_has_a_text(tiny: Catalog) -> None:
    model = content([[1, 0], [0, 1], [0.6, 0.8], [0, 0], [-1, 0], [0.8, 0.6]], tiny)
    scores = model.fold_in(np.array([0, 1, 3], np.int32), NOBODY)
    np.testing.assert_allclose(scores, [0.5, 0.5, 0.7, -np.inf, -0.5, 0.7], rtol=1e-6)
    parts = model.contributions(np.array([0, 1, 3], np.int32), np.array([2]))[0]
    np.testing.assert_allclose(parts, [0.3, 0.4, 0.0], rtol=1e-6)


def test_likes_without_a_text_say_nothing(tiny: Catalog) -> None:
    model = content([[1, 0], [0, 1], [1, 0], [0, 0], [1, 0], [1, 0]], tiny)
    assert (model.fold_in(np.array([3], np.int32), NOBODY) == -np.inf).all()


READERS = sorted(name for name, kind in MODELS.items() if kind.reads_texts)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_without_texts_says_what_to_do(name: str, tiny: Catalog) -> None:
    with pytest.raises(ModelError, match=rf"'{name}' reads .* no vectors; pass those of the dense"):
        fit_cf(name, Training(tiny, MET))


def test_vectors_of_another_catalogue_are_refused(tiny: Catalog) -> None:
    with pytest.raises(ModelError, match="2 text vectors for 6 items"):
        content([[1, 0], [0, 1]], tiny)


def test_other_texts_make_only_readers_stale(tiny: Catalog) -> None:
    some, others = (Training(tiny, MET, np.full((6, 2), x, np.float32)) for x in (0.1, 0.2))
    stale = {
        name
        for name, kind in MODELS.items()
        if fit_fingerprint(name, some, kind.config) != fit_fingerprint(name, others, kind.config)
    }
    assert stale == set(READERS)


def test_a_reader_is_kept_and_opened_again(tiny: Catalog, tmp_path: Path) -> None:
    training = Training(tiny, MET, np.eye(6, dtype=np.float32))
    likes = np.array([2], np.int32)
    first, again = (open_cf("content", training, tmp_path).fold_in(likes, NOBODY) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = Training(tiny, MET, np.eye(6, dtype=np.float32)[::-1].copy())
    assert open_cf("content", other, tmp_path).fold_in(likes, NOBODY).argmax() == 2
