"""The page in Chromium: a conversation from the first words to a restarted server."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.engine import Assistant
from assistant.home import open_assistant
from assistant.settings import load_settings
from catalog import Item
from catalog.database import open_database, save_catalog
from catalog.item import Interactions
from tests.browser.conftest import serving, visit
from tests.browser.driving import chips, press, say, settle, titles

REQUEST = "a quiet fan for the bedroom, under $100"
HOSTILE = "<img src=x onerror=\"document.title='owned'\">Fan"


def test_an_opener_starts_a_conversation(page: Page, shop: Assistant) -> None:
    opener = shop.catalog.schema.openers[0]
    page.get_by_role("button", name=opener).click()
    expect(page.locator(".said")).to_contain_text(opener)
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("for you"))).to_be_visible()
    expect(page.locator("#status [role=status]")).to_contain_text("for you")
    assert page.get_by_role("button", name=opener).count() == 0


def test_cards_say_why_and_prove_the_constraints(page: Page) -> None:
    say(page, REQUEST)
    card = page.locator(".card").first
    expect(card.locator(".reasons li").first).to_be_visible()
    expect(card.locator(".bars")).to_be_hidden()
    card.get_by_text("Why this?").click()
    expect(card.locator(".bars .bar-fill").first).to_be_visible()
    expect(card.locator(".proofs")).to_contain_text("under $100")
    assert card.locator("svg.poster").bounding_box()


def test_like_dislike_and_seen_rerank_at_once(page: Page) -> None:
    say(page, REQUEST)
    refused = press(page, "Dislike")
    assert refused not in titles(page)
    known = press(page, "Bought")
    assert not {refused, known} & set(titles(page))
    liked = press(page, "Like")
    for title in (refused, known, liked):
        expect(chips(page).filter(has_text=title)).to_have_count(1)


def test_a_chip_is_removed_and_undo_brings_it_back(page: Page) -> None:
    say(page, REQUEST)
    price = chips(page).filter(has_text="price")
    expect(price).to_have_attribute("title", re.compile("under \\$100"))
    price.get_by_role("button", name=re.compile("^Remove price")).click()
    expect(price).to_have_count(0)
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(price).to_have_count(1)


def test_nothing_fits_and_a_relaxation_helps(page: Page) -> None:
    say(page, "a fan under $1")
    expect(page.locator(".card")).to_have_count(0)
    offer = page.get_by_role("button", name=re.compile("^Without")).first
    offer.click()
    expect(page.locator(".card").first).to_be_visible()


def test_a_reload_and_the_list_bring_a_conversation_back(page: Page) -> None:
    say(page, REQUEST)
    before = titles(page)
    page.reload()
    expect(page.locator(".said")).to_contain_text(REQUEST)
    assert titles(page) == before
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("heading", name="What would you like?")).to_be_visible()
    page.get_by_text("Conversations", exact=True).click()
    page.locator("[data-shelf] button", has_text=REQUEST).click()
    expect(page.locator(".said")).to_contain_text(REQUEST)
    assert titles(page) == before


def test_two_tabs_keep_both_their_conversations(context: BrowserContext, address: str) -> None:
    first, second = visit(context, address), visit(context, address)
    say(first, "a kettle")
    say(second, "a toaster")
    second.get_by_text("Conversations", exact=True).click()
    expect(second.locator("[data-shelf] button")).to_have_text(["a toaster", "a kettle"])


def test_a_restarted_server_goes_on(context: BrowserContext, shop_home: Path) -> None:
    with serving(open_assistant(load_settings(home=shop_home))) as address:
        page = visit(context, address)
        say(page, REQUEST)
        before = titles(page)
    with serving(open_assistant(load_settings(home=shop_home)), urlsplit(address).port or 0):
        page.reload()
        expect(page.locator(".said")).to_contain_text(REQUEST)
        assert titles(page) == before
        assert press(page, "Dislike") == before[0]
        assert before[0] not in titles(page)


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.type(REQUEST)  # The message box has the focus from the start.
    page.keyboard.press("Enter")
    settle(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''")
        if label.startswith("Like "):
            break
    assert label.startswith("Like ")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".event").last).to_contain_text("You liked")
    # The card under the focus is another one now: a second Enter must not hit it.
    assert page.evaluate("document.activeElement.id") == "slate-title"


def test_a_phone_never_scrolls_sideways(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = visit(context, address)
    assert _overflow(page) == 0
    say(page, REQUEST)
    for summary in page.locator(".why > summary").all():
        summary.click()
    assert _overflow(page) == 0
    expect(page.get_by_label("Message")).to_be_in_viewport()
    small = page.evaluate(
        "[...document.querySelectorAll('.actions button')]"
        ".filter(b => b.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
    context.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, address: str) -> None:
    found = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = visit(context, address)
        found[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()
    assert found == {"light": "rgb(245, 246, 244)", "dark": "rgb(15, 18, 17)"}


def test_headings_and_landmarks_are_in_order(page: Page) -> None:
    say(page, REQUEST)
    levels = [int(tag[1]) for tag in page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName)"
    )]  # fmt: skip
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.checkVisibility() &&"
        " !(b.ariaLabel || b.innerText.trim())).length"
    )
    assert unnamed == 0


def test_a_hostile_title_is_text(
    context: BrowserContext, shop: Assistant, shop_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "hostile"
    # By another process: closing a file drops this process's SQLite locks on it, and a live
    # connection would then be corrupted by the next writer elsewhere.
    subprocess.run(["cp", "-r", shop_home, home], check=True)
    settings = load_settings(home=home)
    items = [
        Item(item.item_id, f"{HOSTILE} {item.item_id}", item.labels, item.numbers, item.flags,
             {"description": HOSTILE}, "javascript:document.title='owned'")
        for item in shop.catalog.items
    ]  # fmt: skip
    save_catalog(open_database(settings.url), shop.catalog.schema, items, Interactions.empty())
    with serving(open_assistant(settings)) as address:
        page = visit(context, address)
        say(page, f"a fan, {HOSTILE}")
        expect(page.locator(".card h3").first).to_contain_text("<img src=x")
        press(page, "Like")
        page.wait_for_timeout(200)
        assert page.title() == "Vouch"
        assert page.locator(".gradio-container img").count() == 0
        assert page.locator(".card h3 a").count() == 0


def test_no_request_leaves_this_machine(context: BrowserContext, address: str) -> None:
    asked: list[str] = []
    problems: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = visit(context, address)
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    say(page, REQUEST)
    press(page, "Like")
    hosts = {urlsplit(url).hostname for url in asked if url.startswith("http")}
    assert hosts == {"127.0.0.1"}
    assert not problems


def _overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
