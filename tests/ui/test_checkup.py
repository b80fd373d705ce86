"""What ``vouch doctor`` says of the parts that an operator switches on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from assistant.doctor import Check, examine
from assistant.settings import load_settings
from ui.checkup import SERVED

SITES = [
    {"key": "hearthside", "origins": ["https://shop.example", "https://www.shop.example"]},
    {"key": "other", "origins": ["https://other.example"]},
]
SECRET, HOOK = "s" * 40, "https://desk.example/hooks/42?token=hidden"


def findings(**settings: Any) -> dict[str, Check]:
    """Return what is found under `settings`, by name."""
    checkup = examine(load_settings(**settings), SERVED)
    assert checkup.healthy == all(check.ok for check in checkup.checks)
    return {check.name: check for check in checkup.checks}


def test_what_is_off_is_said_to_be_off() -> None:
    found = findings()
    names = ("agent", "help desk", "sites", "hand-over")
    assert list(found)[-4:] == list(names)
    for name, setting in zip(names, ("llm.agent", "help.folder", "sites", "handover"), strict=True):
        assert found[name].ok
        assert found[name].detail.startswith(("off (", "none ("))
        assert setting in found[name].detail


def test_the_help_desk_tells_its_passages_and_how_old_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "help"
    (folder / "more").mkdir(parents=True)
    (folder / "shipping.md").write_text("# Shipping\n\nTwo days.\n\n## Abroad\n\nA week.\n")
    page = folder / "more" / "returns.md"
    page.write_text("# Returns\n\nWithin a month.\n")
    for path, time in ((folder / "shipping.md", 1_000_000_000), (page, 1_000_086_400)):
        os.utime(path, (time, time))
    found = findings(help={"folder": folder})["help desk"]
    assert found.ok
    assert f"{folder}: 3 passages on 2 pages, last changed 2001-09-10 01:46 UTC" in found.detail
    page.write_bytes(b"\xff\xfe\xff")
    found = findings(help={"folder": folder})["help desk"]
    assert not found.ok
    assert "cannot be read" in found.detail
    found = findings(help={"folder": tmp_path / "nowhere"})["help desk"]
    assert (found.ok, "which is no folder" in found.detail) == (False, True)


def test_an_agent_needs_an_endpoint() -> None:
    found = findings(llm={"agent": True})["agent"]
    assert not found.ok
    assert "llm.tier is 'none'" in found.detail
    # No endpoint is there: the language model is not well, and says so itself.
    llm = {"agent": True, "tier": "endpoint", "model": "big", "base_url": "http://127.0.0.1:9/v1"}
    found = findings(llm=llm)
    assert found["agent"].ok
    assert found["agent"].detail.startswith("on: big chooses")
    assert not found["language model"].ok


def test_each_site_tells_its_pages_and_whether_it_knows_its_visitors() -> None:
    found = findings(sites=SITES, site_secrets={"other": SECRET})["sites"]
    assert found.ok
    assert found.detail == (
        "hearthside for https://shop.example, https://www.shop.example (visitors stay anonymous: "
        "VOUCH_SITE_SECRETS has no secret for it); other for https://other.example (knows its "
        "visitors)"
    )
    found = findings(sites=SITES, site_secrets={"othr": SECRET})["sites"]
    assert (found.ok, "['othr']" in found.detail) == (False, True)


@pytest.mark.parametrize(
    ("settings", "ok", "told"),
    [
        ({"handover": {"enabled": True}}, False, "needs VOUCH_ADMIN_KEY"),
        ({"handover": {"enabled": True, "url": HOOK}}, False, "needs VOUCH_WEBHOOK_SECRET"),
        ({"handover": {"url": HOOK}}, False, "handover.enabled is false"),
        ({"handover": {"enabled": True}, "admin_key": "k" * 16}, True, "the console at /console"),
        (
            {"handover": {"enabled": True, "url": HOOK}, "webhook_secret": SECRET},
            True,
            "humans answer by a signed generic webhook to desk.example",
        ),
    ],
)
def test_humans_must_be_reachable(settings: dict[str, Any], ok: bool, told: str) -> None:
    found = findings(**settings)["hand-over"]
    assert found.ok == ok
    assert told in found.detail
    assert "hidden" not in found.detail
