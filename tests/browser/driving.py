"""What a person does on the page, by what they see and not by how it is made."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect


def say(page: Page, words: str) -> None:
    """Type `words`, send them with Enter and wait for the answer."""
    box = page.get_by_label("Message")
    box.fill(words)
    box.press("Enter")
    expect(page.locator(".said").last).to_contain_text(words)
    settle(page)


def violations(page: Page, context: str | None = None) -> list[tuple[str, list[str]]]:
    """Return what axe-core finds on the page, or in a part of it: rules, with the elements."""
    found = Axe().run(page, context=context).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def settle(page: Page) -> None:
    """Wait until the reply is complete."""
    expect(page.locator(".latest.done")).to_have_count(1)


def titles(page: Page) -> list[str]:
    """Return the cards' titles, first to last."""
    return page.locator(".card h3").all_inner_texts()


def press(page: Page, name: str, card: int = 0) -> str:
    """Press a card's button, wait until the cards are others, and return the card's title."""
    before = titles(page)
    title = before[card]
    page.locator(".card").nth(card).get_by_role("button", name=re.compile(f"^{name}")).click()
    expect(page.locator(".event").last).to_contain_text(title)
    settle(page)
    return title


def chips(page: Page) -> Locator:
    """Return the profile's chips."""
    return page.get_by_role("complementary", name="Your taste").get_by_role("listitem")
