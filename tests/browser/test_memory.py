"""Being remembered on a device and forgotten again, with the keyboard only."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.engine import Assistant
from tests.browser.conftest import visit
from tests.browser.driving import chips, say, settle, titles

REQUEST = "a quiet fan for the bedroom, under $100"


def focus(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called `name`."""
    for _ in range(120):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()"
        )
        if label.startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_remember_me_reload_and_forget_me_by_keyboard(page: Page, shop: Assistant) -> None:
    page.keyboard.type(REQUEST)
    page.keyboard.press("Enter")
    settle(page)
    liked = titles(page)[0]
    focus(page, f"Like {liked}")
    page.keyboard.press("Enter")
    expect(chips(page).filter(has_text=liked)).to_have_count(1)
    settle(page)
    focus(page, "Remember me on this device")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Remembered on this device")).to_be_visible()
    expect(page.locator("#status [role=status]")).to_contain_text("remembered on this device")
    assert page.evaluate("document.activeElement.id") == "profile-title"
    session_id = page.evaluate("sessionStorage.getItem('vouch.current')")

    focus(page, "Always: price")
    page.keyboard.press("Enter")
    pin = page.get_by_role("button", name=re.compile("^Always: price"))
    expect(pin).to_have_attribute("aria-pressed", "true")
    settle(page)

    focus(page, "New conversation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What would you like?")).to_be_visible()
    page.reload()
    known = chips(page)
    expect(known.filter(has_text=liked)).to_have_attribute("title", re.compile("^From before"))
    expect(known.filter(has_text="price")).to_contain_text("always")
    expect(page.locator(".plainly")).to_contain_text(f"You liked {liked}")
    expect(known).to_have_count(2)

    focus(page, "Forget me")
    page.keyboard.press("Enter")
    focus(page, "Erase everything")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everything that was kept of you is erased.").first).to_be_visible()
    expect(known).to_have_count(0)
    assert page.evaluate("JSON.stringify(localStorage)").count("device-") == 0
    page.reload()
    expect(page.get_by_role("button", name="Remember me on this device")).to_be_visible()
    expect(known).to_have_count(0)
    page.evaluate("id => sessionStorage.setItem('vouch.current', id)", session_id)
    page.reload()
    expect(page.locator("#reply")).to_contain_text("no longer kept here")


def test_nobody_is_remembered_unasked(context: BrowserContext, address: str) -> None:
    page = visit(context, address)
    say(page, REQUEST)
    expect(page.get_by_text("erased 24 hours after its last word")).to_be_visible()
    assert page.evaluate("localStorage.getItem('vouch.person')") is None
    page.get_by_role("button", name="New conversation").click()
    expect(chips(page)).to_have_count(0)


def test_a_finger_finds_it_all_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(15_000)
    page = visit(context, address)
    say(page, REQUEST)
    remember = page.get_by_role("button", name="Remember me on this device")
    boxes = [remember.bounding_box()]
    remember.click()
    forget = page.locator(".keep > summary")
    boxes.append(forget.bounding_box())
    forget.click()
    erase = page.get_by_role("button", name="Erase everything")
    boxes.append(erase.bounding_box())
    assert all(box and box["height"] >= 44 for box in boxes)
    assert erase.evaluate("button => button.scrollWidth <= button.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    context.close()


def test_another_tab_learns_it_at_its_next_word(context: BrowserContext, address: str) -> None:
    first, second = visit(context, address), visit(context, address)
    say(second, REQUEST)
    first.get_by_role("button", name="Remember me on this device").click()
    expect(first.get_by_role("heading", name="Remembered on this device")).to_be_visible()
    liked = titles(second)[0]
    second.get_by_role("button", name=f"Like {liked}", exact=True).click()
    expect(second.get_by_role("heading", name="Remembered on this device")).to_be_visible()
    settle(second)
    first.reload()
    expect(chips(first).filter(has_text=liked)).to_have_count(1)


def test_not_now_keeps_a_card_away_and_its_chip_brings_it_back(page: Page) -> None:
    say(page, REQUEST)
    title = titles(page)[0]
    page.get_by_role("button", name=f"Not now: {title}").click()
    waiting = chips(page).filter(has_text=title)
    expect(waiting).to_have_count(1)
    settle(page)
    assert title not in titles(page)
    waiting.get_by_role("button", name=f"Remove {title}").click()
    expect(waiting).to_have_count(0)
    settle(page)
    assert title in titles(page)
