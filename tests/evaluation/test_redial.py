"""A made-up ReDial whose right answers are known: people who name a genre are given its films."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from catalog.errors import IngestError
from evaluation.redial.bench import Workshop, bench_redial, read_table
from evaluation.redial.data import mentions, read_conversations, read_films, read_split
from evaluation.redial.measure import Row, compare, read_rows, summarise, write_rows
from ranking.kernel_ridge import Group, KernelRidge
from ranking.turn_table import Listener, TurnTable
from tests.retrieval.bag_embedder import BagEmbedder

GENRES = ("horror", "comedy", "western", "romance")
FILMS = 48
# Every conversation about a genre is given one of these: its first three films.
GIVEN = 3


def film(number: int) -> dict[str, object]:
    genre = GENRES[number % len(GENRES)]
    return {
        "redial_id": 1000 + number,
        "name": f"Title{number} (19{50 + number})",
        "genre": [genre],
        "director": [f"Director Nr{number % 7}"],
        "star": [f"Star Nr{number % 5}"],
        "writer": [],
        "plot": f"Plot number {number}.",
        "tmdb_overview": None,
        "ml_movieId": number,
    }


def talk(number: int, offset: int = 0) -> dict[str, object]:
    """Return a conversation in ReDial's form: two films named, the second one recommended."""
    genre = number % len(GENRES)
    liked = 1000 + genre + 4 * (5 + number % 6)
    given = 1000 + genre + 4 * (number // 4 % GIVEN)
    texts = [
        (1, f"Hi, I look for a good {GENRES[genre]} please"),
        (2, "What did you like?"),
        (1, f"I liked @{liked}"),
        (2, f"Then see @{given}"),
        (1, "Thanks, bye"),
    ]
    return {
        "conversationId": 5000 + number + offset,
        "initiatorWorkerId": 100 + number % 9,
        "respondentWorkerId": 200 + number % 10,
        "movieMentions": {str(key): film(key - 1000)["name"] for key in (liked, given)},
        "messages": [
            {"senderWorkerId": 100 + number % 9 if who == 1 else 200 + number % 10, "text": text}
            for who, text in texts
        ],
    }


def line(told: dict[str, object]) -> dict[str, object]:
    """Return the turn of a `talk` at which a film is recommended, in the form of the splits."""
    names = told["movieMentions"]
    assert isinstance(names, dict)
    liked, given = names.values()
    messages = told["messages"]
    assert isinstance(messages, list)
    said = [str(message["text"]) for message in messages[:3]]
    said[2] = f"I liked {liked}"
    return {
        "dialog_id": str(told["conversationId"]),
        "turn_id": 2,
        "context": said,
        "entity": [liked],
        "rec": [given],
        "resp": "",
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    held_out = [talk(number, offset=500) for number in range(40)]
    write(folder / "catalogue.jsonl", [film(number) for number in range(FILMS)])
    write(folder / "train_subset.jsonl", [talk(number) for number in range(120)])
    write(folder / "ievalm_eval_valid.jsonl", [line(told) for told in held_out])
    return folder


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(BagEmbedder(), tmp_path / "work")


def write(path: Path, lines: list[dict[str, object]]) -> None:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines), encoding="utf-8")


def test_what_was_said_decides(data: Path, workshop: Workshop) -> None:
    report, rows = bench_redial(data, "valid", workshop, seed=1)
    found = {(score.system, score.rule): score for score in report.scores}
    ours, popular = found["vouch", "new"], found["popularity", "new"]
    assert ours.answers == report.turns == 40
    assert (report.training_dialogues, report.training_turns) == (120, 120)
    # The three films given to this genre's seekers come first; one of four genres is a guess.
    assert all(row.place <= GIVEN for row in rows if row.system == "vouch" and row.rule == "new")
    assert popular.mrr.mean < ours.mrr.mean
    assert found["copy rule", "all"].recall1.mean == 0
    assert "vouch" in report.to_text()
    assert json.loads(json.dumps(report.to_json()))["split"] == "valid"


def test_same_seed_same_predictions_and_no_difference(data: Path, workshop: Workshop) -> None:
    _, first = bench_redial(data, "valid", workshop, seed=1)
    path = data / "predictions.jsonl"
    write_rows(first, path)
    report, second = bench_redial(data, "valid", workshop, seed=1, against=read_rows(path))
    assert first == second
    assert report.against is not None
    assert all((d.mean, d.low, d.high) == (0, 0, 0) for d in report.against.values())


def test_conversations_of_the_split_are_never_learned_from(data: Path, workshop: Workshop) -> None:
    _, clean = bench_redial(data, "valid", workshop, seed=1)
    training = [talk(n) for n in range(120)] + [talk(n, offset=500) for n in range(40)]
    write(data / "train_subset.jsonl", training)
    report, rows = bench_redial(data, "valid", workshop, seed=1)
    assert report.training_dialogues == 120
    assert rows == clean


def test_mentioned_films_are_neither_answers_nor_ranked(data: Path, workshop: Workshop) -> None:
    turn = line(talk(0))
    turn["rec"] = [*turn["rec"], *turn["entity"]]  # type: ignore[misc]
    write(data / "ievalm_eval_valid.jsonl", [turn])
    _, rows = bench_redial(data, "valid", workshop)
    for rule, answers in (("new", 1), ("all", 2)):
        mine = [row for row in rows if row.system == "vouch" and row.rule == rule]
        assert len(mine) == answers
    (liked,) = turn["entity"]  # type: ignore[misc]
    assert all(liked not in row.top for row in rows if row.rule == "new")
    copied = [row for row in rows if row.system == "copy rule" and row.answer == liked]
    assert [(row.rule, row.place) for row in copied] == [("all", 1)]


def test_the_table_that_ships_holds_no_words_and_reads_back(data: Path, tmp_path: Path) -> None:
    films = read_films(data)
    workshop = Workshop(BagEmbedder(), tmp_path)
    table = read_table(films, workshop, data / "train_subset.jsonl")
    listener = Listener(films.catalog, workshop.embedder)
    path = tmp_path / "turns.npz"
    table.save(path, films.catalog, listener)
    again = TurnTable.load(path, films.catalog, listener)
    assert (again.dialogue, again.people) == (table.dialogue, table.people)
    assert (again.answers, again.later) == (table.answers, table.later)
    for kept, heard in zip(again.heard, table.heard, strict=True):
        assert (kept.known, kept.named) == (heard.known, heard.named)
        assert np.abs(kept.vectors - np.clip(heard.vectors, -0.3175, 0.3175)).max() <= 0.00126
    with np.load(path) as file:
        assert not any("please" in str(value) for name in file.files for value in file[name].flat)


def test_films_are_found_by_name_year_and_id(data: Path) -> None:
    films = read_films(data)
    text = "I saw Title3 (1953) and Title4 (1999) and @1007 , not @77"
    assert sorted(mentions(text, films)) == [3, 7]
    (first, *_) = read_split(data / "ievalm_eval_valid.jsonl", films)
    (told, *_) = read_conversations(data / "train_subset.jsonl", films)
    assert first.mentioned == told.mentioned
    assert (told.people, told.later) == (("200", "100"), ())
    assert set(told.known).isdisjoint(told.answers)


def test_a_bad_folder_says_which_file(data: Path) -> None:
    with pytest.raises(IngestError, match=r"catalogue\.jsonl"):
        read_films(data / "nowhere")
    films = read_films(data)
    with pytest.raises(IngestError, match=r"ievalm_eval_test\.jsonl"):
        read_split(data / "ievalm_eval_test.jsonl", films)
    write(data / "ievalm_eval_test.jsonl", [line(talk(0)) | {"rec": ["Nothing (1900)"]}])
    with pytest.raises(IngestError, match="Nothing"):
        read_split(data / "ievalm_eval_test.jsonl", films)


def test_leaving_out_equals_learning_without() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(30, 8)).astype(np.float32)
    targets = rng.normal(size=(30, 4)).astype(np.float32)
    kernel = features @ features.T
    whole = KernelRidge.fit(kernel, 2.0)
    group = Group(np.array([3, 4, 11, 20]), np.array([4, 20]))
    found = whole.left_out(targets, whole.solve(targets), [group])
    keep = np.setdiff1d(np.arange(30), group.left_out)
    rest = KernelRidge.fit(kernel[np.ix_(keep, keep)], 2.0).solve(targets[keep])
    expected = kernel[np.ix_(group.predicted, keep)] @ rest
    np.testing.assert_allclose(found[group.predicted], expected, atol=1e-4)
    assert not found[np.setdiff1d(np.arange(30), group.predicted)].any()


def test_intervals_draw_dialogues_and_compare_pairs_rows() -> None:
    def run(places: list[int]) -> list[Row]:
        return [
            Row("vouch", "new", str(at // 2), at, f"film {at}", place, ())
            for at, place in enumerate(places)
        ]

    # Turns of a dialogue are alike: drawing turns would make the interval too narrow.
    score = summarise(run([1, 1, 99, 99] * 10), seed=0)
    assert (score.answers, score.dialogues, score.recall10.mean) == (40, 20, 0.5)
    assert 0.2 < score.recall10.low < 0.34
    assert score.mrr.mean == pytest.approx((1 + 1 / 99) / 2)
    better = compare(run([1, 1, 9, 9]), run([11, 11, 9, 9]), seed=0)
    assert (better["recall10"].mean, better["recall50"].mean) == (0.5, 0.0)
    with pytest.raises(IngestError, match="differ in 1"):
        compare(run([1, 2]), run([1]), seed=0)
