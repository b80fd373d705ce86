"""Run files and pages: the same twice, nothing fetched, nothing that was said is markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import ConfigurationError, IngestError
from evaluation.redial.bench import Workshop, bench_redial
from evaluation.reports import RunFile, page_of, read_run, render, write_page, write_run
from evaluation.reports.of_simulation import worst
from evaluation.reports.page import Page
from evaluation.reports.runs import redial_run
from evaluation.reports.tracing import traced
from evaluation.simulation import SimulationConfig, simulate
from tests.evaluation import test_redial
from tests.evaluation.small_library import bench
from tests.retrieval.bag_embedder import BagEmbedder

HOSTILE = (
    "</p></script><script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>"
    '" style="x" \' {{ 7*7 }} {% raw %} &lt; \u202egnp.exe \ud83d'
)
ASKED = SimulationConfig(12, systems=("vouch", "oracle", "popularity"), compared=8)


def simulation() -> RunFile:
    report, outcomes = simulate(bench(), ASKED)
    run = RunFile.of("simulate", {"seed": 7}, report.to_json(), [o.to_row() for o in outcomes])
    return RunFile.of(run.kind, run.settings, run.report, traced(run.rows, bench(), 7))


@pytest.fixture(scope="module")
def simulated() -> RunFile:
    return simulation()


class Elements(HTMLParser):
    """All tags with their attributes, and all text outside of styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text.append(data)

    @property
    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


def turn(user: str, reply: str, title: str) -> dict[str, Any]:
    term = {"name": title, "contribution": 1.0, "because": []}
    item = {"item_id": "1", "title": title, "year": None, "score": 1.0, "reasons": [reply],
            "terms": [term], "satisfies": [reply]}  # fmt: skip
    constraint = {"facet": user, "op": "=", "value": reply, "turn": 1, "text": ""}
    profile = {"constraints": [constraint], "preferences": [], "likes": [item], "dislikes": [],
               "seen": [], "later": []}  # fmt: skip
    return {"user": user, "reply": reply, "question": title, "items": [item], "profile": profile}


def dialogues(words: str) -> RunFile:
    failure = {"line": 1, "turn": 1, "user": words, "reply": words, "what": words,
               "expected": words, "found": words}  # fmt: skip
    row = {"file": words, "line": 1, "test_case": words, "run": words, "tags": [words],
           "passed": False, "turns": 1, "checked": 1, "failures": [failure],
           "known_failure": False, "transcript": [turn(words, words, words)]}  # fmt: skip
    report = {"passed": False, "test_cases": 1, "runs": 1, "turns": 1, "checked": 1, "failed": 1,
              "known_failures": 0, "unexpectedly_passed": []}  # fmt: skip
    return RunFile.of("eval", {"files": [words], "llm": words}, report, [row])


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    write_page(page_of(dialogues(HOSTILE)), file)
    page = Elements(file.read_text(encoding="utf-8"))
    mild = Elements(render(page_of(dialogues("mild"))))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in mild.tags]
    assert not {"script", "img", "iframe", "object"} & page.names
    # Only where it names things for who cannot see them, and whole.
    kept = HOSTILE.replace("\ud83d", "\\ud83d")
    for _, attributes in page.tags:
        for name, value in attributes.items():
            assert "alert" not in (value or "") or (name == "aria-label" and value == kept)
            assert not name.startswith("on")
    # A label in a plot is cut; all else is there.
    assert "".join(page.text).count("{{ 7*7 }}") == "".join(mild.text).count("mild") - 1 > 20


def test_a_page_refers_to_nothing_outside(simulated: RunFile) -> None:
    for run in (simulated, dialogues("mild")):
        html = render(page_of(run))
        assert not re.search(r"https?:|//\w|url\(|@import|<script", html)
        page = Elements(html)
        links = {str(a.get(name)) for _, a in page.tags for name in ("src", "href") if name in a}
        assert all(link.startswith("#") or link == "data:," for link in links)
        policy = next(a["content"] for _, a in page.tags if "http-equiv" in a)
        assert policy is not None
        assert policy.startswith("default-src 'none'")


def test_a_plot_says_in_words_what_it_shows(simulated: RunFile) -> None:
    html = render(page_of(simulated))
    plots = re.findall(r'<svg role="img".*?</svg>', html, re.DOTALL)
    assert len(plots) > 5
    assert all("<title>" in plot and "<desc>" in plot for plot in plots)
    # The page's own figure is in the plot's words.
    five = simulated.report["systems"][0]["success"]["5"]["mean"]
    assert any(f"vouch {five:.0%}, interval" in plot for plot in plots)


def test_the_worst_are_failures_that_others_served_and_are_traced(simulated: RunFile) -> None:
    chosen = worst(simulated.rows)
    assert {row["system"] for row in chosen} == {"vouch"}
    found = [row["success"] is not None for row in chosen]
    assert found == sorted(found)
    for row in chosen:
        # Played again, it is the same conversation.
        assert [t["user"] for t in row["trace"]] == [t["user"] for t in row["turns"]]
        assert [t["reply"] for t in row["trace"]] == [t["reply"] for t in row["turns"]]
        assert any(item["terms"] for t in row["trace"] for item in t["items"])
    assert sum("trace" in row for row in simulated.rows) == len(chosen)


def test_conditions_are_counted_by_facet(simulated: RunFile) -> None:
    fits = [row["fits"] for row in simulated.rows if row["system"] == "oracle" and row["accepted"]]
    assert any(fits)
    # Who is shown a target at once is shown what fits in every respect.
    first = [
        row["fits"] for row in simulated.rows
        if row["system"] == "oracle" and row["success"] and len(row["turns"][-1]["items"]) == 1
    ]  # fmt: skip
    assert first
    assert all(met == cards == 1 for row in first for met, cards in row.values())


def test_two_simulations_with_one_seed_are_byte_identical(
    simulated: RunFile, tmp_path: Path
) -> None:
    write_run(simulated, tmp_path / "a.json")
    write_run(simulation(), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_two_runs_of_redial_differ_in_timings_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    talks = [test_redial.talk(number) for number in range(60)]
    films = [test_redial.film(number) for number in range(test_redial.FILMS)]
    held_out = [test_redial.line(test_redial.talk(n, offset=500)) for n in range(12)]
    test_redial.write(folder / "catalogue.jsonl", films)
    test_redial.write(folder / "train_subset.jsonl", talks)
    test_redial.write(folder / "ievalm_eval_valid.jsonl", held_out)
    runs: list[RunFile] = []
    for name in ("a", "b"):
        workshop = Workshop(BagEmbedder(), tmp_path / name)
        runs.append(redial_run(*bench_redial(folder, "valid", workshop, seed=1)))
        write_run(runs[-1], tmp_path / f"{name}.json")
    first, second = ((tmp_path / f"{name}.json").read_text() for name in ("a", "b"))
    assert first.partition('"timings"')[0] == second.partition('"timings"')[0]
    assert set(json.loads(first)["timings"]) == {"ms_p50", "ms_p95"}
    html = render(page_of(runs[0]))
    assert "Recall@10, films not yet mentioned" in html
    assert "Answers that Vouch has furthest below" in html


def test_a_run_file_comes_back_as_it_was(simulated: RunFile, tmp_path: Path) -> None:
    write_run(simulated, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == simulated
    lines = (tmp_path / "run.json").read_text(encoding="utf-8").splitlines()
    assert json.loads("".join(lines))["note"].startswith("Two runs with one seed")
    assert lines[-2] == '"timings": {}'
    odd = RunFile.of("x", {}, {"share": float("nan"), "words": "\ud83d"}, [{"a": (1, 2)}])
    write_run(odd, tmp_path / "odd.json")
    assert read_run(tmp_path / "odd.json") == odd
    assert odd.report["share"] is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot read"),
        ("[1]", "no run file"),
        ('{"vouch_run": 99}', "version 99"),
        ('{"vouch_run": 1, "kind": "eval"}', "damaged"),
    ],
)
def test_what_is_no_run_file_is_refused(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(text)
    with pytest.raises(IngestError, match=says):
        read_run(file)


def test_a_place_that_cannot_be_written_is_said(simulated: RunFile, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot write"):
        write_run(simulated, tmp_path / "file" / "run.json")


def test_any_report_becomes_a_page() -> None:
    interval = {"mean": 0.25, "low": 0.125, "high": 0.5, "n": 9}
    report = {"people": 9, "rows": [{"model": "best", "k": 3, "hit": interval}], "note": "few",
              "by": {"en": {"accuracy": 0.5}}, "missing": None, "in": {"a": {"b": 1}}}  # fmt: skip
    page: Page = page_of(RunFile.of("something", {"seed": 1}, report))
    assert [(tile.label, tile.value) for tile in page.tiles] == [("people", "9")]
    html = render(page)
    assert "0.250 [0.125, 0.500]" in html
    assert "best 3 0.250, interval 0.125 to 0.500" in html
    assert "few" in html
