"""An agent at the desk in Chromium: by keyboard alone, in light and dark, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pydantic import SecretStr

from assistant.engine import Assistant
from assistant.settings import load_settings
from catalog.database import open_database
from tests.browser.conftest import serving
from tests.browser.driving import violations
from ui.api import create_api
from ui.desk import desk_of
from ui.service import Service
from ui.sites import Sites
from ui.tokens import Signer

ADMIN = "the-operators-own-key"
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@pytest.fixture(scope="module", name="desk")
def served_desk(shop: Assistant, shop_home: Path) -> Iterator[str]:
    """The address of a server with a desk, at which nobody waits yet."""
    database = open_database(load_settings(home=shop_home).url)
    desk = desk_of(database, shop.catalog)
    for left, _ in desk.handovers.waiting():  # by the tests before
        desk.handovers.close(left.session_id, person=False)
    service = Service(
        assistant=shop,
        sites=Sites(),
        signer=Signer(b"k" * 32),
        session_lifetime=timedelta(hours=1),
        database=database,
        admin_key=SecretStr(ADMIN),
        desk=desk,
    )
    with serving(shop, api=create_api(service)) as address:
        yield address


class Visitor:
    """Somebody on a shop's page, by the API."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/v1", timeout=30, trust_env=False)
        opened = self._client.post("/sessions", json={}).json()
        self._path = f"/sessions/{opened['session_id']}"
        self._client.headers["Authorization"] = f"Bearer {opened['token']}"

    def says(self, words: str) -> dict[str, Any]:
        answer = self._client.post(f"{self._path}/turns", json={"message": words})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def hears(self, after: int = 0) -> list[dict[str, Any]]:
        return self._client.get(f"{self._path}/messages?after={after}&wait=10").json()

    def leaves(self) -> None:
        self._client.delete(self._path)
        self._client.close()


@pytest.fixture
def visitor(desk: str) -> Iterator[Visitor]:
    visitor = Visitor(desk)
    yield visitor
    visitor.leaves()


def at_desk(context: BrowserContext, address: str) -> Page:
    """Open the console and sign in, by keyboard."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{address}/console")
    name = page.get_by_label("Your name")
    expect(name).to_be_focused()
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type(ADMIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Conversations")).to_be_focused()
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called `name` has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.innerText || document.activeElement.ariaLabel || ''"
        )
        if re.search(name, focused):
            return
    raise AssertionError(f"{name!r} cannot be reached by Tab")


def clean(page: Page) -> None:
    """Check that axe-core finds nothing, and that the policy was not violated."""
    assert violations(page) == []
    assert page.evaluate("violations") == []


def test_take_answer_and_hand_back_by_keyboard(
    context: BrowserContext, desk: str, visitor: Visitor
) -> None:
    page = at_desk(context, desk)
    visitor.says("a quiet kettle under $60, <b>please</b>")
    visitor.says("I want to talk to a human")
    entry = page.get_by_role("list").get_by_role("button", name=re.compile("^Visitor"))
    expect(entry).to_contain_text("A person has been asked to join.")
    expect(page).to_have_title("(1) Vouch desk")
    expect(page.get_by_role("status")).to_contain_text("is waiting")
    tab_to(page, "^Visitor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Visitor"))).to_be_focused()
    log = page.get_by_role("log")
    expect(log).to_contain_text("a quiet kettle under $60, <b>please</b>")
    packet = page.get_by_role("region", name="What is known")
    expect(packet).to_contain_text("“under $60”: price <= 59")
    tab_to(page, "^Take$")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("Hello, this is Ana.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Which kettle?")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("Which kettle?")
    expect(page.get_by_label("Your answer")).to_have_value("")
    *_, heard = visitor.hears(after=2)
    assert (heard["name"], heard["text"]) == ("Ana", "Hello, this is Ana.\nWhich kettle?")
    visitor.says("the steel one")
    expect(log.locator("p").last).to_have_text("Visitorthe steel one")
    packet.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(packet.get_by_role("table").first).to_contain_text("Score")
    clean(page)
    page.get_by_role("heading", name=re.compile("^Visitor")).focus()
    tab_to(page, "^Hand back")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    expect(page.get_by_role("heading", name="Conversations")).to_be_focused()
    assert visitor.hears(after=4)[-1]["text"].startswith("Ana has left the conversation.")
    assert visitor.says("a lamp")["items"]
    tab_to(page, "^Sign out$")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Operator's key")).to_be_focused()
    assert page.evaluate("Object.keys(sessionStorage)") == ["vouch-desk-name"]
    assert page.evaluate("localStorage.length + document.cookie.length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Browser, desk: str, visitor: Visitor, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1200, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{desk}/console/")
    expect(page.get_by_label("Your name")).to_be_focused()
    clean(page)
    page.close()
    page = at_desk(context, desk)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    clean(page)
    visitor.says("headphones")
    visitor.says("talk to a human")
    page.get_by_role("button", name=re.compile("^Visitor")).click()
    expect(page.get_by_role("log")).to_contain_text("headphones")
    page.get_by_role("button", name="Take").click()
    expect(page.get_by_label("Your answer")).to_be_focused()
    clean(page)
    context.close()


def test_on_a_telephone_one_thing_is_shown_at_a_time(
    browser: Browser, desk: str, visitor: Visitor
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = at_desk(context, desk)
    visitor.says("talk to a human")
    page.get_by_role("button", name=re.compile("^Visitor")).click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    clean(page)
    page.get_by_role("button", name="All conversations").click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_focused()
    context.close()


def test_a_wrong_key_opens_nothing(context: BrowserContext, desk: str) -> None:
    page = context.new_page()
    page.goto(f"{desk}/console/")
    page.get_by_label("Your name").fill("Eve")
    page.get_by_label("Operator's key").fill("a guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("operator's key")
    expect(page.get_by_label("Operator's key")).to_be_focused()
    expect(page.get_by_role("heading", name="Conversations")).to_be_hidden()
    assert page.evaluate("sessionStorage.getItem('vouch-desk-key')") is None


def test_its_policy_allows_nothing_inline(desk: str) -> None:
    answer = httpx.get(f"{desk}/console/", trust_env=False)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<style|style=|<script(?! type=\"module\" src)|\son\w+=", answer.text)
    for hidden in ("__init__.py", "../service.py", "%2e%2e/service.py"):
        assert httpx.get(f"{desk}/console/{hidden}", trust_env=False).status_code == 404
