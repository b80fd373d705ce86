"""The operator's page in Chromium: by keyboard alone, in light and dark, on a telephone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.engine import Assistant
from assistant.events import Finished
from assistant.settings import Settings
from assistant.state import Card, Turn, UserProfile
from assistant.store import SqlStore
from catalog import Constraint
from ranking.scoring import Term
from tests.browser.conftest import serving
from tests.browser.driving import violations
from tests.fresh_service import ADMIN, fresh_service
from ui.api import create_api
from ui.service import Service

HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>'
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@pytest.fixture(scope="module")
def first_day(shop: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that nobody has talked with."""
    service = fresh_service(shop, tmp_path_factory.mktemp("first"))
    with serving(service.assistant, api=create_api(service)) as address:
        yield address


@pytest.fixture(scope="module")
def busy(shop: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server after 22 conversations, one of them hostile."""
    service = fresh_service(shop, tmp_path_factory.mktemp("busy"))
    for number in range(20):
        _talk(service, f"a lamp for desk {number}")
    _talk(service, "a quiet kettle under 60", "/like 1", "under 1 dollar")
    _attack(SqlStore(service.database))
    with serving(service.assistant, api=create_api(service)) as address:
        yield address


def _talk(service: Service, *messages: str) -> None:
    session = service.assistant.start()
    for message in messages:
        for event in service.assistant.respond(session, message):
            if isinstance(event, Finished):
                session = event.session


def _attack(store: SqlStore) -> None:
    card = Card("x", HOSTILE, None, 1.0, (Term(HOSTILE, 1.0, (HOSTILE,)),), (HOSTILE,), (HOSTILE,))
    ledger = UserProfile(constraints=(Constraint("colour", "=", HOSTILE, 1, HOSTILE),))
    shown = Turn(
        1, HOSTILE, ("policy",), HOSTILE, None, ledger, (card,),
        missing_titles=(HOSTILE,), warnings=(HOSTILE,),
    )  # fmt: skip
    nothing = replace(shown, number=2, cards=(), timings_ms={"retrieve": 1.0})
    session = store.append(store.create(), shown)
    store.append(session, nothing)


def signed_in(context: BrowserContext, address: str) -> Page:
    """Open the page and sign in, by keyboard."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{address}/operator")
    expect(page.get_by_label("Operator's key")).to_be_focused()
    page.keyboard.type(ADMIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Installation")).to_be_focused()
    for part in ("talks", "stages", "coverage", "weights"):
        expect(page.locator(f"#{part}")).not_to_be_empty()
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called `name` has the focus."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate("document.activeElement.innerText || ''")):
            return
    raise AssertionError(f"{name!r} cannot be reached by Tab")


def clean(page: Page) -> None:
    """Check that axe-core finds nothing, nothing sticks out, and the policy was not violated."""
    assert violations(page) == []
    assert page.evaluate("violations") == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_figures_and_a_conversation_by_keyboard(context: BrowserContext, busy: str) -> None:
    page = signed_in(context, busy)
    expect(page.locator("#checks")).to_contain_text("OK · index")
    expect(page.locator("#window-note")).to_contain_text("22 conversations, 25 turns.")
    unmet = page.get_by_role("region", name="Unmet requests")
    expect(unmet).to_contain_text("“under 1 dollar”")
    expect(page.locator("#rates")).to_contain_text("1 of 22 conversations liked something shown")
    tab_to(page, "^Older$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("21 to 22 of 22")
    tab_to(page, "^Newer$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 to 20 of 22")
    page.locator("#talks button").first.focus()
    tab_to(page, "^a quiet kettle under 60")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Somebody, "))).to_be_focused()
    turns = page.locator("#turns > li")
    expect(turns).to_have_count(3)
    tab_to(page, r"^Why: \d+ items shown")
    page.keyboard.press("Enter")
    expect(turns.first).to_contain_text("price <= 59")
    expect(turns.first.get_by_role("table").first).to_contain_text("Adds")
    expect(turns.nth(2)).to_contain_text("Why: 0 items shown")
    clean(page)
    page.get_by_role("heading", name=re.compile("^Somebody, ")).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^a quiet kettle"))).to_be_focused()
    page.get_by_role("heading", name="Installation").focus()
    for _ in range(9):  # back over the sections' links
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") == "leave":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_label("Operator's key")).to_be_focused()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert "kettle" not in page.evaluate("document.body.textContent")


def test_hostile_words_are_only_words(context: BrowserContext, busy: str) -> None:
    page = signed_in(context, busy)
    for id_ in ("missing", "unanswered", "unfulfilled", "warnings", "talks"):
        expect(page.locator(f"#{id_}")).to_contain_text(HOSTILE)
    page.locator("#talks button").first.click()
    page.locator("#turns summary").first.click()
    expect(page.locator("#turns .pick").first).to_contain_text(f"{HOSTILE}: score 1.00")
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.harmed") is None
    clean(page)


def test_lines_for_the_settings_are_composed(
    context: BrowserContext, first_day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=first_day)
    page = signed_in(context, first_day)
    snippet = page.get_by_role("region", name="For vouch.toml")
    expect(snippet).to_contain_text("nothing is needed")
    page.get_by_label("k", exact=True).fill("7")
    page.get_by_label("novelty").fill("-1")
    page.get_by_label("collaborative").fill("0")
    page.get_by_label("diversity").fill("3")
    expect(snippet).to_contain_text("# diversity is out of its range")
    clean(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert tomllib.loads(copied) == {
        "k": 7,
        "ranking": {"novelty": -1.0, "weights": {"collaborative": 0.0}},
    }
    monkeypatch.chdir(tmp_path)
    Path("vouch.toml").write_text(copied)
    settings = Settings()
    assert (settings.k, settings.ranking.novelty) == (7, -1)
    assert settings.ranking.weights == {"collaborative": 0}
    page.get_by_role("button", name="Back to what runs").click()
    expect(snippet).to_contain_text("nothing is needed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing(
    browser: Browser, busy: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{busy}/operator/")
    expect(page.get_by_label("Operator's key")).to_be_focused()
    clean(page)
    page.close()
    page = signed_in(context, busy)
    clean(page)
    page.locator("#talks button").nth(1).click()
    page.locator("#turns summary").first.click()
    expect(page.locator("#turns table").first).to_be_visible()
    clean(page)
    context.close()


def test_the_first_day_is_told_kindly(context: BrowserContext, first_day: str) -> None:
    page = signed_in(context, first_day)
    for words in (
        "Nobody has talked with Vouch yet.",
        "Something fitted every request.",
        "Nothing failed.",
        "No turn was timed.",
    ):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Older")).to_be_hidden()
    clean(page)


def test_a_wrong_key_opens_nothing(context: BrowserContext, first_day: str) -> None:
    page = context.new_page()
    page.goto(f"{first_day}/operator/")
    page.get_by_label("Operator's key").fill("a guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("operator's key")
    expect(page.get_by_label("Operator's key")).to_be_focused()
    expect(page.get_by_role("heading", name="Installation")).to_be_hidden()
    assert page.evaluate("sessionStorage.length") == 0


def test_its_policy_allows_nothing_inline(first_day: str) -> None:
    answer = httpx.get(f"{first_day}/operator/", trust_env=False)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|<script(?! type=\"module\" src)|\son\w+=", answer.text)
    for hidden in ("../service.py", "%2e%2e/service.py", "operator"):
        assert httpx.get(f"{first_day}/operator/{hidden}", trust_env=False).status_code == 404
