from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import ConfigurationError
from ranking.blend import TermWeight, Weights, blend, read_weights, write_weights
from ranking.calibration import Calibration
from ranking.scoring import Column
from tests.ranking.shelf import rows

NAN = float("nan")


def column(*values: float, because: dict[int, tuple[str, ...]] | None = None) -> Column:
    return Column(np.array(values, np.float32), because or {})


WEIGHTS = Weights(
    {
        "dense": TermWeight(2.0, Calibration(center=0.0, scale=1.0)),
        "content": TermWeight(1.0, Calibration(center=0.0, scale=0.5)),
    }
)


def test_a_contribution_is_weight_times_calibrated_value() -> None:
    columns = {"dense": column(1.0, -1.0), "content": column(NAN, 1.0, because={1: ("x",)})}
    first, second = blend(columns, rows(7, 3), WEIGHTS)
    assert first.row == 7
    assert first.score == pytest.approx(2 * np.arcsinh(1))
    assert [term.name for term in first.terms] == ["dense"]
    assert [(term.name, term.because) for term in second.terms] == [
        ("content", ("x",)),
        ("dense", ()),
    ]
    assert second.score == pytest.approx(np.arcsinh(2) - 2 * np.arcsinh(1))


def test_ties_go_to_the_lower_row() -> None:
    scored = blend({"dense": column(1.0, 1.0, 1.0)}, rows(5, 2, 9), WEIGHTS)
    assert [entry.row for entry in scored] == [2, 5, 9]


def test_a_term_without_a_weight_is_ignored() -> None:
    scored = blend({"magic": column(1.0), "dense": column(NAN)}, rows(0), WEIGHTS)
    assert (scored[0].score, scored[0].terms) == (0, ())


def test_no_candidates() -> None:
    assert blend({"dense": column()}, rows(), WEIGHTS) == ()


finite = st.floats(-100, 100, width=32)


@settings(deadline=None)
@given(st.lists(st.tuples(finite | st.just(NAN), finite | st.just(NAN)), max_size=8))
def test_the_score_is_the_sum_of_its_terms_exactly(pairs: list[tuple[float, float]]) -> None:
    columns = {
        "dense": column(*(first for first, _ in pairs)),
        "content": column(*(second for _, second in pairs)),
    }
    scored = blend(columns, np.arange(len(pairs), dtype=np.int32), WEIGHTS)
    assert sorted(entry.row for entry in scored) == list(range(len(pairs)))
    for entry in scored:
        assert entry.score == sum(term.contribution for term in entry.terms)
        parts = [term.contribution for term in entry.terms]
        assert parts == sorted(parts, reverse=True)
    assert [entry.score for entry in scored] == sorted((e.score for e in scored), reverse=True)


def test_the_learned_weights_are_readable_and_cover_the_terms() -> None:
    terms = read_weights().terms
    assert {"dense", "lexical", "collaborative", "content", "preferences"} <= set(terms)
    assert terms["avoidance"].weight > 0


def test_weights_survive_the_file(tmp_path: Path) -> None:
    write_weights(WEIGHTS, {"seed": 1}, tmp_path / "weights.json")
    assert read_weights(tmp_path / "weights.json") == WEIGHTS


@pytest.mark.parametrize("text", ["{", '{"terms": {"x": {"weight": -1}}}', '{"other": 1}'])
def test_malformed_weights_are_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"weights\.json"):
        read_weights(path)


def test_an_operator_may_override() -> None:
    changed = WEIGHTS.override({"dense": 0.0})
    assert (changed.terms["dense"].weight, changed.terms["content"].weight) == (0.0, 1.0)
    assert blend({"dense": column(5.0)}, rows(0), changed)[0].terms == ()


@pytest.mark.parametrize("weights", [{"magic": 1.0}, {"dense": -0.5}])
def test_an_override_must_make_sense(weights: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match=r"'magic'|'dense'"):
        WEIGHTS.override(weights)
