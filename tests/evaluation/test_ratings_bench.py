"""The whole benchmark, on people whose taste is known by construction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from catalog import Catalog
from catalog.errors import CatalogError, ConfigurationError, ModelError
from evaluation.metrics import mean_absolute_error, root_mean_squared_error
from evaluation.ratings import (
    Contender,
    Ratings,
    RatingsConfig,
    bench_ratings,
    read_ratings,
    text_of,
)
from evaluation.ratings.judging import ACCURACY, VARIETY
from evaluation.ratings.predicting import Biases, baselines
from evaluation.ratings.splits import once, split
from ranking.cf import MODELS, EASEConfig, Training
from ranking.scoring import CFModel
from retrieval.query import Rows, Scores
from tests.ranking.cf.crowd import interactions
from tests.retrieval.shop import build_shop
from ui.cli import app

SHOP = build_shop()
# Sixty people of two tastes, who like seven of the eight items of theirs in some order.
HISTORIES = [
    (np.random.default_rng(user).permutation(8)[:7] + 8 * (user % 2)).tolist() for user in range(60)
]
RNG = np.random.default_rng(0)
# One after another, but for their last two interactions, which they all have at the end.
OBSERVED = interactions(HISTORIES)
LATE = np.arange(len(OBSERVED)) % 7 >= 5
ORDER = np.argsort(LATE, kind="stable")
OBSERVED = replace(
    OBSERVED,
    user=OBSERVED.user[ORDER],
    row=OBSERVED.row[ORDER],
    value=np.where(RNG.random(len(ORDER)) < 0.1, 4.0, OBSERVED.value).astype(np.float32),
)
CROWD = Ratings(
    "crowd",
    Catalog.build(SHOP.schema, SHOP.items, OBSERVED),
    np.eye(len(SHOP), dtype=np.float32),
)
EASE = Contender("taste", "ease", EASEConfig(regularization=1.0, min_interactions=1))
POPULARITY = Contender("popularity", "popularity")
HERE = RatingsConfig((POPULARITY, EASE), processes=0)


@dataclass(frozen=True, slots=True)
class Illiterate(Contender):
    """A model that needs what is not there."""

    def fit(self, training: Training) -> CFModel:
        raise ModelError(f"model {self.label!r} was given no vectors")


@dataclass(frozen=True, slots=True)
class Guess:
    """Another model's ranking, with values predicted as the biases do."""

    ranking: CFModel
    name = "guess"

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        return self.ranking.fold_in(likes, dislikes)

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        return self.ranking.contributions(likes, rows)

    def predict_ratings(
        self, rows: Rows, values: NDArray[np.float32], wanted: Rows
    ) -> NDArray[np.float32]:
        return BIASES.predict_ratings(rows, values, wanted)


@dataclass(frozen=True, slots=True)
class Guesser(Contender):
    def fit(self, training: Training) -> Guess:
        return Guess(POPULARITY.fit(training))


(TIME,) = split("time", once(OBSERVED))
BIASES: Biases = baselines(TIME.training, len(SHOP))["biases"]


def test_taste_beats_popularity_in_every_protocol_and_the_gap_is_paired() -> None:
    report = bench_ratings(CROWD, HERE)
    assert [(table.protocol, table.setting) for table in report.tables] == [
        ("sessions", "k=1"),
        ("sessions", "k=3"),
        ("sessions", "k=5"),
        ("leave_last_out", "all"),
        ("time", "all"),
    ]
    # 420 interactions, cut at 336: the last two of the 42 people from number 18 on are after it.
    assert [table.people for table in report.tables] == [20, 20, 20, 60, 42]
    for table in report.tables:
        popular, taste = table.results
        # Of the eight items of a person's taste two are open: one is right.
        assert taste.measures["hit_rate@10"].mean == 1
        assert taste.measures["auc"].mean > popular.measures["auc"].mean
        assert popular.difference == {}
        gap = taste.difference["ndcg@10"]
        assert gap.mean == pytest.approx(
            taste.measures["ndcg@10"].mean - popular.measures["ndcg@10"].mean
        )
        assert gap.low > 0
    found = {(table.setting): table.results[1].measures["mrr"].mean for table in report.tables[:3]}
    assert found["k=5"] == pytest.approx(0.75, abs=0.15)


def test_lists_cover_what_they_show() -> None:
    config = replace(HERE, protocols=("leave_last_out",), reference="taste")
    (table,) = bench_ratings(CROWD, config).tables
    popular, taste = table.results
    (fold,) = split("leave_last_out", once(OBSERVED))
    counts = np.bincount(fold.training.row, minlength=48)
    order = np.argsort(-counts, kind="stable")
    lists = [
        [row for row in order if counts[row] and row not in case.met][:10]
        for case in fold.cases["all"]
    ]
    shown = np.bincount(np.concatenate(lists), minlength=48)
    assert popular.coverage == pytest.approx((shown > 0).sum() / 48)
    assert popular.long_tail == pytest.approx(shown[order[10:]].sum() / shown.sum())
    assert popular.gini == pytest.approx(
        np.abs(np.subtract.outer(shown, shown)).mean() / 2 / shown.mean()
    )
    assert sum(popular.shown) == pytest.approx(1)
    assert popular.measures["diversity@10"].mean == 1
    assert popular.recalls == tuple(sorted(popular.recalls))
    assert popular.recalls[-1] == 1
    assert taste.difference == {}
    # A right answer in each tenth, together everybody's.
    weights = [one.n for one in popular.tenths]
    found = sum(one.mean * one.n for one in popular.tenths if one.n)
    assert sum(weights) == table.answers == 60
    assert found / 60 == pytest.approx(popular.measures["ndcg@10"].mean)


def test_the_same_seed_gives_the_same_bytes_but_for_the_costs() -> None:
    config = replace(HERE, people=10)
    whole, again = (bench_ratings(CROWD, config).to_json() for _ in range(2))
    assert {cost["model"] for cost in whole.pop("costs")} == {"popularity", "taste"}
    again.pop("costs")
    assert json.dumps(whole) == json.dumps(again)
    other = bench_ratings(CROWD, replace(config, seed=5, timings=False)).to_json()
    assert "costs" not in other
    assert json.dumps(other["tables"]) != json.dumps(whole["tables"])


def test_the_command_in_two_processes_says_what_one_process_finds(tmp_path: Path) -> None:
    file = tmp_path / "crowd.csv"
    columns = (OBSERVED.user, OBSERVED.row, OBSERVED.value, OBSERVED.timestamp)
    lines = (",".join(map(str, line)) for line in zip(*columns, strict=True))
    file.write_text("\n".join(("user_id,item_id,rating,timestamp", *lines)))
    command = ["bench", "movielens", "--data", str(file), "--models", "popularity,content"]

    result = CliRunner().invoke(app, [*command, "--people", "30", "--no-timings", "--json"])

    config = RatingsConfig.named("popularity,content", "", people=30, timings=False, processes=0)
    one = bench_ratings(read_ratings(file), config).to_json()
    assert result.stdout == json.dumps(one, ensure_ascii=False) + "\n"
    assert "benchmarking models: 6 of 6" in result.stderr
    assert list(one["left_out"]) == ["content"]
    assert [table["people"] for table in one["tables"]] == [20, 20, 20, 30, 30]


def test_the_json_is_whole_and_the_text_fits() -> None:
    report = bench_ratings(CROWD, HERE)
    value = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert value["models"]["taste"]["regularization"] == 1
    for table in value["tables"]:
        for result in table["results"]:
            assert list(result["measures"]) == [*ACCURACY, *VARIETY]
            assert len(result["tenths"]) == len(result["shown"]) == 11
            assert len(result["recalls"]) == len(value["curve_places"])
    lines = text_of(report).splitlines()
    assert max(map(len, lines)) <= 120
    assert sum(line.startswith("taste") for line in lines) == len(report.tables) + 1
    assert any("*" in line for line in lines if line.startswith("taste"))


def test_everyone_is_held_out_once_by_five_folds() -> None:
    config = replace(HERE, protocols=("sessions",), folds=5)
    assert [table.people for table in bench_ratings(CROWD, config).tables] == [60] * 3


def test_a_model_that_cannot_learn_is_left_out_and_named() -> None:
    blind = Illiterate("blind", "popularity")
    report = bench_ratings(CROWD, replace(HERE, models=(blind, POPULARITY), reference="blind"))
    assert report.left_out == {"blind": "model 'blind' was given no vectors"}
    assert report.reference == "popularity"
    assert "left out: blind" in text_of(report)
    with pytest.raises(ConfigurationError, match="no model can take part"):
        bench_ratings(CROWD, replace(HERE, models=(blind,)))


def test_a_protocol_without_people_is_left_out_and_named() -> None:
    at_once = replace(OBSERVED, timestamp=np.zeros_like(OBSERVED.timestamp))
    timeless = Ratings("timeless", Catalog.build(SHOP.schema, SHOP.items, at_once))
    report = bench_ratings(timeless, HERE)
    assert "different times" in report.left_out["time"]
    assert report.predictions == ()
    assert np.isnan(report.tables[0].results[0].measures["diversity@10"].mean)
    with pytest.raises(CatalogError, match="different times"):
        bench_ratings(timeless, replace(HERE, protocols=("time",)))


def test_where_all_values_are_the_same_everything_was_liked() -> None:
    clicks = replace(OBSERVED, value=np.ones(len(OBSERVED), np.float32))
    report = bench_ratings(
        Ratings("clicks", Catalog.build(SHOP.schema, SHOP.items, clicks)),
        replace(HERE, protocols=("sessions",)),
    )
    assert (report.liked, report.tables[0].people) == (1.0, 20)


def test_predicted_values_are_measured_beside_the_baselines() -> None:
    guesser = Guesser("guesser", "popularity")
    config = replace(HERE, models=(*HERE.models, guesser), protocols=("time",))
    found = {one.model: one for one in bench_ratings(CROWD, config).predictions}
    assert list(found) == ["global mean", "item mean", "biases", "guesser"]
    assert replace(found["guesser"], model="biases") == found["biases"]
    cases = TIME.cases["all"]
    predicted = np.concatenate(
        [BIASES.predict_ratings(case.history, case.values, case.later) for case in cases]
    ).clip(4, 5)
    actual = np.concatenate([case.later_values for case in cases])
    assert found["biases"].mae.mean == pytest.approx(mean_absolute_error(predicted, actual))
    assert found["biases"].rmse.mean == pytest.approx(root_mean_squared_error(predicted, actual))


def test_names_choose_and_unknown_ones_are_errors() -> None:
    config = RatingsConfig.named("ease, popularity", "time,sessions", folds=2)
    assert [one.label for one in config.models] == ["ease", "popularity"]
    assert (config.protocols, config.folds) == (("time", "sessions"), 2)
    assert [one.kind for one in RatingsConfig.named("", "").models] == list(MODELS)
    for models, protocols, others, message in (
        ("ease,nobody", "", {}, "no model 'nobody'; choose from: ease"),
        ("", "weather", {}, "no protocol 'weather'"),
        ("ease", "", {"reference": "als"}, "no reference 'als'"),
        ("", "", {"folds": 0}, "folds"),
        ("", "", {"people": 0}, "people"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            RatingsConfig.named(models, protocols, **others)
