"""The command line as other programs use it: JSON lines, exit codes, and surviving kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.doctor import examine
from assistant.settings import load_settings

SHOP = Path(__file__).parents[2] / "catalog" / "examples" / "shop"


def vouch(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        env=_environment(home),
        check=False,
    )


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "VOUCH_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}


def turns(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_scripts_print_one_json_object_a_turn_and_nothing_else(
    shop_home: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("a lamp under $80\n\n/dislike 1\n/remove under $80\n/undo\n")
    second.write_text("hello\n")
    done = vouch(
        "chat", "--script", first, second, "--json", "--llm", "none", "-k", "3", home=shop_home
    )
    assert done.returncode == 0, done.stderr
    objects = turns(done.stdout)
    assert [(o["script"], o["turn"]) for o in objects] == [
        ("first.txt", 1), ("first.txt", 2), ("first.txt", 3), ("first.txt", 4), ("second.txt", 1),
    ]  # fmt: skip
    opening, disliked, removed, undone, _ = objects
    assert set(opening) >= {
        "turn", "user", "acts", "reply", "question", "profile", "items", "missing_titles",
        "relaxations", "llm", "warnings", "timings_ms",
    }  # fmt: skip
    assert set(opening["items"][0]) == {
        "item_id", "title", "year", "score", "terms", "reasons", "satisfies",
    }  # fmt: skip
    assert len(opening["items"]) <= 3
    assert opening["llm"] == {"tier": "none", "model": None}
    assert disliked["profile"]["dislikes"][0]["item_id"] == opening["items"][0]["item_id"]
    assert not [c for c in removed["profile"]["constraints"] if c["facet"] == "price"]
    assert undone["profile"] == disliked["profile"]


def test_one_script_needs_no_name_in_its_objects(shop_home: Path, tmp_path: Path) -> None:
    script = tmp_path / "only.txt"
    script.write_text("a kettle\n")
    (turn,) = turns(vouch("chat", "--script", script, "--json", home=shop_home).stdout)
    assert "script" not in turn


def test_a_missing_script_is_said_before_anything_runs(shop_home: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("a kettle\n")
    done = vouch("chat", "--script", good, tmp_path / "missing.txt", "--json", home=shop_home)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "missing.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_ingest_then_talk(tmp_path: Path) -> None:
    """A messy file nobody has seen: a report, and then a conversation with a price."""
    items = tmp_path / "tools.csv"
    rows = ["sku,name,price,category,description"]
    rows += [
        f'T{n},Hammer No {n},"${n}.50",{("Saws", "Hammers")[n % 2]},"<p>Solid <b>steel</b></p>"'
        for n in range(1, 61)
    ]
    rows += ['T61,,"$5.00",Saws,no name', 'T1,Hammer No 1,"$1.50",Hammers,again']
    items.write_text("\n".join(rows))
    home = tmp_path / "home"
    done = vouch("ingest", items, "--json", home=home)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert "60" in json.dumps(report)
    script = tmp_path / "talk.txt"
    script.write_text("a steel hammer under $20\nsomething cheaper\n")
    done = vouch("chat", "--script", script, "--json", home=home)
    assert done.returncode == 0, done.stderr
    opening, cheaper = turns(done.stdout)
    prices = {f"T{n}": n + 0.5 for n in range(1, 61)}
    assert opening["items"]
    assert all(prices[item["item_id"]] < 20 for item in opening["items"])
    shown = sorted(prices[item["item_id"]] for item in opening["items"])
    assert all(prices[item["item_id"]] < shown[-1] for item in cheaper["items"])


def test_a_file_that_cannot_be_read_replaces_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    done = vouch("ingest", empty, home=tmp_path / "home")
    assert done.returncode == 1
    assert "empty.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_resolved(shop_home: Path) -> None:
    done = vouch("doctor", "--json", home=shop_home)
    assert done.returncode == 0, done.stdout
    checkup = json.loads(done.stdout)
    assert checkup["healthy"]
    assert checkup["settings"]["home"] == str(shop_home)
    names = {check["name"] for check in checkup["checks"]}
    assert {"packages", "catalogue", "reranker", "help desk", "agent", "sites"} <= names


def test_doctor_shows_no_password(shop_home: Path) -> None:
    address = "postgresql+nothing://ann:hidden@db/vouch"
    checkup = examine(load_settings(home=shop_home, database_url=address))
    assert not checkup.healthy
    assert checkup.settings["database_url"] == "postgresql+nothing://ann:***@db/vouch"
    assert "hidden" not in checkup.render() + json.dumps(checkup.to_json())


@pytest.mark.slow
def test_a_build_killed_anywhere_is_simply_built_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert vouch("ingest", SHOP / "items.csv", home=home).returncode == 0
    script = tmp_path / "talk.txt"
    script.write_text("a lamp\n")
    command = [sys.executable, "-m", "ui.cli", "chat", "--script", str(script), "--json"]
    for delay in (1.0, 2.5, 4.0, 6.0):
        child = subprocess.Popen(
            command,
            env=_environment(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(delay)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    done = vouch("chat", "--script", script, "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert turns(done.stdout)[0]["items"]


def test_a_known_person_is_known_again_until_forgotten(shop_home: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("a quiet fan under $100\n/like 1\n/later 2\n/always under $100\n")
    second.write_text("what do you know about me?\n")
    script = ("chat", "--json", "--llm", "none", "--user", "ann", "--script", first, second)
    *_, last, again = turns(vouch(*script, home=shop_home).stdout)
    (liked,) = last["profile"]["likes"]
    scopes = {entry["facet"]: entry["scope"] for entry in last["profile"]["constraints"]}
    assert scopes == {"category": "now", "price": "always"}
    assert last["profile"]["later"]
    assert again["acts"] == ["profile"]
    assert again["reply"] == again["profile"]["summary"]
    assert liked["title"] in again["reply"]
    assert again["profile"]["likes"] == [{**liked, "turn": 0}]
    assert [(c["facet"], c["turn"]) for c in again["profile"]["constraints"]] == [("price", 0)]
    assert again["profile"]["later"] == []

    done = vouch("forget", "ann", "--json", home=shop_home)
    assert done.returncode == 0, done.stderr
    assert turns(done.stdout) == [{"sessions": 2, "turns": 6, "memories": 2}]
    assert turns(vouch(*script, home=shop_home).stdout)[0]["profile"]["likes"] == []
