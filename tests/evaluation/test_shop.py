"""A made-up shop whose next purchase is known: who bought ink buys paper of the same brand."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from catalog.errors import ConfigurationError, IngestError
from evaluation.shop.bench import ShopConfig, bench_shop, write_predictions
from evaluation.shop.data import histories, read_cases, read_products
from tests.retrieval.bag_embedder import BagEmbedder

BRANDS = ("Alda", "Brix", "Corvo", "Dune")
KINDS = ("ink", "paper", "stapler")
PEOPLE = 40


def product(number: int) -> dict[str, str]:
    brand, kind = BRANDS[number % 4], KINDS[number // 4]
    return {
        "title": f"{brand} {kind}",
        "description": f"['A {kind} for the office.', 'Made &amp; sold by <b>{brand}</b>.']",
        "brand": brand,
        "categories": "",
    }


def write(folder: Path, name: str = "valid.csv", people: int = PEOPLE) -> Path:
    """Everybody buys the ink of a brand and then its paper; every fourth buys the ink again."""
    items = {str(number): product(number) for number in range(len(BRANDS) * len(KINDS))}
    (folder / "item.json").write_text(json.dumps(items), encoding="utf-8")
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["user_id", "history_item_title", "history_item_id", "item_id"])
        for person in range(people):
            ink = person % 4
            rows.writerow([f"A{person}", f"['{BRANDS[ink]} ink']", f"[{ink}]", ink + 4])
            again = ink if person % 4 == 0 else 8 + ink
            rows.writerow([f"A{person}", "", f"[{ink}, {ink + 4}]", again])
    return folder


def run(folder: Path, **settings):  # type: ignore[no-untyped-def]
    config = ShopConfig(models=("itemknn",), **settings)
    return bench_shop(folder, BagEmbedder(), folder / "work", config)


def test_products_are_read_by_the_schema(tmp_path: Path) -> None:
    catalog = read_products(write(tmp_path))
    assert [item.item_id for item in catalog.items[:2]] == ["0", "1"]
    assert catalog.items[5].labels == {"brand": ("Brix",)}
    assert catalog.items[5].texts["description"] == "A paper for the office. Made & sold by Brix."
    assert catalog.name(5) == "Brix paper"


def test_histories_leave_out_the_last_purchase(tmp_path: Path) -> None:
    catalog = read_products(write(tmp_path, people=2))
    cases = read_cases(tmp_path / "valid.csv", catalog)
    assert [(case.user, case.history, case.target) for case in cases[:2]] == [
        ("A0", (0,), 4),
        ("A0", (0, 4), 0),
    ]
    seen = histories(cases)
    assert [(seen.users[u], int(r)) for u, r in zip(seen.user, seen.row, strict=True)] == [
        ("A0", 0), ("A1", 1), ("A0", 4), ("A1", 5),
    ]  # fmt: skip


def test_what_others_bought_next_is_found(tmp_path: Path) -> None:
    report, found = run(write(tmp_path))
    assert (report.products, report.people, report.cases) == (12, PEOPLE, 2 * PEOPLE)
    first = [one for one in found if one.length == 1]
    assert all(one.place["itemknn"] <= 2 for one in first)
    assert all(one.top["itemknn"][0] in (one.target, str(int(one.target) - 4)) for one in first)
    score = {(s.system, s.cases): s for s in report.scores}
    assert score["itemknn", "all"].recall10.mean > score["copy rule", "all"].recall1.mean
    # Staplers are never in a history, so nobody was known to have bought one.
    assert {one.target for one in found if one.cold} == {"9", "10", "11"}
    assert score["popularity", "cold"].n == 30
    assert "valid.csv is for tuning" in report.to_text()


def test_what_is_bought_again_is_found_by_the_copy_rule(tmp_path: Path) -> None:
    _, found = run(write(tmp_path))
    again = [one for one in found if one.repeat]
    assert len(again) == 10
    assert {one.place["copy rule"] for one in again} == {2}


def test_two_runs_say_the_same_but_for_seconds(tmp_path: Path) -> None:
    write(tmp_path)
    (first, rows), (second, others) = run(tmp_path, seed=4), run(tmp_path, seed=4)
    one, other = first.to_json(), second.to_json()
    assert one.pop("seconds") is not other.pop("seconds")
    assert json.dumps(one) == json.dumps(other)
    assert rows == others
    write_predictions(rows, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(rows)
    assert json.loads(lines[3])["place"]["fused"] == rows[3].place["fused"]


def test_a_cap_serves_fewer_people(tmp_path: Path) -> None:
    report, found = run(write(tmp_path), users=5)
    assert (report.people, report.cases) == (5, 10)
    assert len({one.user for one in found}) == 5


def test_a_test_split_learns_from_valid_only(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "test.csv").write_text("user_id,history_item_id,item_id\nB1,[0],8\n", "utf-8")
    report, (one,) = run(tmp_path, split="test")
    assert (report.cases, one.user, one.cold) == (1, "B1", True)
    assert "tuning" not in report.to_text()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("item.json", None, "cannot read"),
        ("item.json", "[1, 2]", "no readable row"),
        ("item.json", '{"0": {"title": "x"}}', "lacks columns: 'description', 'brand'"),
        ("valid.csv", None, "cannot read"),
        ("valid.csv", "user_id,item_id\nA,1\n", "lacks columns: 'history_item_id'"),
        ("valid.csv", "user_id,history_item_id,item_id\nA,[0],99\n", "row 1 of .*valid.csv.*'99'"),
        ("valid.csv", "user_id,history_item_id,item_id\nA,[0,1\n", "valid.csv"),
        ("valid.csv", "user_id,history_item_id,item_id\nA,[],1\n", "row 1 .* empty history"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = write(tmp_path) / name
    if content is None:
        path.unlink()
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(IngestError, match=message):
        run(tmp_path)


def test_a_model_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no collaborative models \\['nope'\\]"):
        ShopConfig(models=("nope",))
