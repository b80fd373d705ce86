"""Answers, suggested critiques and ways out of nothing, with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit
from tests.browser.driving import chips, say, settle, titles

VAGUE = "recommend me a product"


def tab_to(page: Page, region: str) -> str:
    """Press Tab until a button of `region` has the focus, and return its words."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.closest('{region}') !== null"):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return page.evaluate("document.activeElement.dataset.target")
    raise AssertionError(f"no button of {region} can be reached")


def test_a_critique_is_pressed_and_changes_the_cards(page: Page) -> None:
    say(page, VAGUE)
    before = titles(page)
    group = page.get_by_role("group", name="Or rather")
    expect(group.get_by_role("button").first).to_contain_text(re.compile(r"\d+ products?$"))
    message = tab_to(page, "#slate .ask")
    page.keyboard.press("Enter")
    expect(page.locator(".said").last).to_contain_text(message)
    settle(page)
    assert titles(page) != before
    # The button is gone: the keyboard goes on from the head of the new cards.
    assert page.evaluate("document.activeElement.id") == "slate-title"


def test_an_answer_is_given_and_is_not_asked_for_again(page: Page) -> None:
    say(page, VAGUE)
    expect(page.locator("#ask h2")).to_be_attached()
    before = titles(page)
    answer = tab_to(page, "#ask")
    page.keyboard.press("Enter")
    expect(page.locator(".said").last).to_contain_text(answer)
    settle(page)
    assert titles(page) != before
    expect(page.locator("#ask .options")).to_have_count(0)


def test_a_way_out_of_nothing_is_one_step_and_one_undo(page: Page) -> None:
    say(page, "a fan under $1")
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator(".latest")).to_contain_text("Nothing fits all of that")
    rows = tab_to(page, "#ask").split("\n")
    held = chips(page).count()
    page.keyboard.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    settle(page)
    assert page.locator(".event").count() == 1
    assert chips(page).count() == held - len(rows)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".card")).to_have_count(0)
    expect(chips(page)).to_have_count(held)


@pytest.mark.parametrize("words", [VAGUE, "a fan under $1"])
def test_every_offer_is_large_enough_for_a_thumb(
    browser: Browser, address: str, words: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = visit(context, address)
    say(page, words)
    heights = page.evaluate(
        "[...document.querySelectorAll('.options button')]"
        ".map(button => button.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    context.close()
