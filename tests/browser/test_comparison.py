"""The comparison in Chromium: asked for, read and scrolled with the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit
from tests.browser.driving import settle, titles

REQUEST = "a quiet fan for the bedroom, under $100"


def test_a_comparison_is_a_real_table(page: Page) -> None:
    _type(page, REQUEST)
    shown = titles(page)
    _type(page, "compare the first two")
    assert titles(page) == shown
    table = page.get_by_role("table", name=re.compile("side by side"))
    expect(table).to_have_count(1)
    heads = table.get_by_role("columnheader").all_inner_texts()
    assert heads == ["Compared", *shown[:2]]
    names = table.get_by_role("rowheader").all_inner_texts()
    assert names[0] == "in Fans"
    assert "under $100" in names
    cells = table.get_by_role("row", name=re.compile("under")).get_by_role("cell")
    expect(cells.first).to_contain_text(re.compile(r"^yes \(\$\d+"))
    assert cells.count() == 2
    assert page.locator(".latest table th:not([scope])").count() == 0


def test_the_table_stays_in_the_conversation(page: Page) -> None:
    _type(page, REQUEST)
    _type(page, "compare the first two")
    _type(page, "who makes the first?")
    expect(page.locator(".latest table")).to_have_count(0)
    expect(page.locator(".thread table")).to_have_count(1)
    expect(page.locator(".latest")).to_contain_text("from: brand")


def test_on_a_phone_the_table_scrolls_and_the_page_does_not(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700})
    context.set_default_timeout(15_000)
    page = visit(context, address)
    _type(page, REQUEST)
    _type(page, "compare the first three")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    region = page.get_by_role("region", name=re.compile("side by side"))
    room = "node => node.scrollWidth - node.clientWidth"
    assert region.evaluate(room) > 0
    name = region.get_by_role("rowheader").first
    before = name.bounding_box()
    for _ in range(60):
        if region.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(region).to_be_focused()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.latest .comparison').scrollLeft > 20")
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 1  # what is compared stays in sight
    context.close()


def _type(page: Page, words: str) -> None:
    """Type `words` where the page puts the keyboard, send them with Enter, wait for the answer."""
    page.get_by_label("Message").focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(".said").last).to_contain_text(words)
    settle(page)
