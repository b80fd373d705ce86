"""How the widget is loaded: little at first, the rest when it is needed, and again what failed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, expect

from tests.browser.test_widget import (
    REQUEST,
    Stage,
    chromium,
    settle,
    stage,
    told,
    visiting,
    visitor,
)

__all__ = ["chromium", "stage", "visitor"]
WIDGET = Path(__file__).parents[2] / "ui" / "widget"
# Gzipped bytes of all files that a stranger's first load asks for, the framed page included.
MOST = {"launcher": 7_000, "inline": 15_000, "embed": 15_000}


def longest_language() -> str:
    """Return the language whose words weigh most."""
    weights = {
        path.stem: len(gzip.compress(path.read_bytes())) for path in WIDGET.glob("locales/*.js")
    }
    return max(weights, key=weights.__getitem__)


# What is loaded when the panel opens, and at the first sign of a person.
PANEL = ("panel.js", "frame.js", "connection.js", "style-panel.js", "dialog.js")
LATER = (
    "talk.js",
    "session.js",
    "slate.js",
    "cards.js",
    "menu.js",
    "style-talk.js",
    "locales/talk/en.js",
)
# The shop's page, in the browser's language; modules run once all of it is there.
CHANGED = """
new MutationObserver(() => {
  document.documentElement.lang = navigator.language;
  document.querySelector("vouch-chat:not([mode])")?.setAttribute("mode", "%s");
}).observe(document, {childList: true, subtree: true});
"""


def arrive(context: BrowserContext, stage: Stage, mode: str) -> Page:
    """Open a page of the shop with the widget in `mode`."""
    page = context.new_page()
    page.add_init_script(CHANGED % mode)
    page.goto(stage.shop.origin + ("/framed.html" if mode == "embed" else "/"))
    return page


@pytest.mark.parametrize("language", ["en", longest_language()])
@pytest.mark.parametrize("mode", list(MOST))
def test_the_first_load_is_small(chromium: Browser, stage: Stage, mode: str, language: str) -> None:
    with visiting(chromium, locale=language) as context:
        answers: list[Response] = []
        context.on("response", lambda answer: answers.extend([answer]))
        page = arrive(context, stage, mode)
        widget = page.frame_locator("#vouch") if mode == "embed" else page
        expect(widget.locator(".launcher" if mode == "launcher" else ".panel")).to_be_visible()
        page.wait_for_load_state("networkidle")
        ours = [answer for answer in answers if answer.url.startswith(stage.vouch)]
        files = [answer for answer in ours if "/v1/" not in answer.url]
        sizes = {urlsplit(file.url).path: len(gzip.compress(file.body())) for file in files}
    assert f"/widget/locales/{language}.js" in sizes
    assert ("/widget/panel.js" in sizes) is (mode != "launcher")
    assert ("/embed" in sizes) is (mode == "embed")
    assert sum(sizes.values()) <= MOST[mode], sizes
    assert {urlsplit(answer.url).netloc for answer in answers} <= {
        urlsplit(address).netloc for address in (stage.vouch, stage.shop.origin, "data:")
    }


@pytest.mark.parametrize("touch", ["hover", "focus"])
def test_the_rest_comes_at_the_first_touch(
    visitor: BrowserContext, stage: Stage, touch: str
) -> None:
    page = arrive(visitor, stage, "inline")
    expect(page.locator(".options button").first).to_be_visible()
    with page.expect_request("**/widget/talk.js"):
        getattr(page.get_by_label("Your message"), touch)()


def test_what_is_said_shows_before_the_rest_is_there(visitor: BrowserContext, stage: Stage) -> None:
    page = arrive(visitor, stage, "inline")
    held: list[Route] = []
    page.route("**/widget/talk.js", lambda route: held.extend([route]))
    opener = page.locator(".options button").first
    words = opener.inner_text()
    opener.click()
    expect(page.locator(".said")).to_contain_text(words)
    expect(page.locator(".dots")).to_be_visible()
    expect(page.locator(".options")).to_have_count(0)
    top = page.locator(".said").bounding_box()
    held[0].continue_()
    settle(page)
    expect(page.locator(".card").first).to_be_visible()
    assert page.locator(".said").bounding_box() == top


def test_a_part_that_fails_is_tried_again(visitor: BrowserContext, stage: Stage) -> None:
    page = visitor.new_page()
    away: set[str] = set(PANEL)

    def gate(route: Route) -> None:
        part = urlsplit(route.request.url).path.removeprefix("/widget/")
        route.abort() if part in away else route.continue_()

    page.route("**/widget/**", gate)
    page.goto(stage.shop.origin)
    launcher = page.locator(".launcher")
    for number, part in enumerate(PANEL, 1):
        launcher.click()
        for _ in range(100):
            if len(told(page, "error")) == number:
                break
            page.wait_for_timeout(50)
        expect(launcher).to_contain_text("cannot be reached")
        away.remove(part)
    away.update(LATER)
    launcher.click()
    expect(page.get_by_label("Your message")).to_be_focused()
    page.get_by_label("Your message").fill(REQUEST)
    page.get_by_label("Your message").press("Enter")
    trouble = page.get_by_role("alert")
    for part in LATER:
        expect(trouble).to_contain_text("Your words are kept")
        expect(page.locator(".said")).to_contain_text(REQUEST)
        away.remove(part)
        trouble.get_by_role("button", name="Try again").click()
    expect(page.locator(".card")).to_have_count(3)
    away.add("people.js")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Talk to a person").click()
    expect(trouble).to_be_visible()
    away.clear()
    trouble.get_by_role("button", name="Try again").click()
    expect(page.locator(".who")).to_have_text("Waiting for a person…")
    page.get_by_role("button", name="Close").click()
    expect(launcher).to_have_text("Help me choose")


def test_in_the_page_it_says_that_it_cannot_be_had(visitor: BrowserContext, stage: Stage) -> None:
    visitor.route("**/widget/frame.js", lambda route: route.abort(), times=1)
    page = arrive(visitor, stage, "inline")
    page.get_by_role("button", name=re.compile("cannot be reached.*Try again")).click()
    expect(page.locator(".options button").first).to_be_visible()
