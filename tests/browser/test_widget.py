"""The widget in Chromium: on a shop's page of another origin, under a strict content policy."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from assistant.engine import Assistant
from assistant.settings import Settings, load_settings
from tests.browser.conftest import CHROMIUM, FLAGS, serving
from tests.browser.driving import violations
from ui.api import create_api
from ui.examples.shop import Shop
from ui.service import service_of

REQUEST = "a quiet fan for the bedroom, under $100"
SECRET, ADMIN = "s" * 40, "the-operators-own-key"
NO_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout"
# Everything that the page may tell a test: violations of the policy, and the widget's events.
WATCH = """
window.violations = [];
window.told = [];
addEventListener("securitypolicyviolation", (event) => violations.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
const names = "ready open close session cards reply action feedback error handover";
for (const name of names.split(" "))
  addEventListener(`vouch:${name}`, (event) => told.push([name, event.detail]));
"""


@dataclass(frozen=True)
class Stage:
    """Vouch, and a shop that has it on its pages."""

    vouch: str
    shop: Shop


@contextmanager
def opened(vouch: str = "") -> Iterator[Shop]:
    """Serve the example shop's website; `vouch` may be told later."""
    shop = Shop(0, "shop", SECRET, vouch)
    thread = threading.Thread(target=shop.serve_forever, daemon=True)
    thread.start()
    yield shop
    shop.shutdown()
    shop.server_close()


def settings_of(home: Path, shop: Shop) -> Settings:
    return load_settings(
        home=home,
        sites=({"key": "shop", "name": "Hearthside", "origins": (shop.origin,)},),
        site_secrets={"shop": SECRET},
        admin_key=ADMIN,
        handover={"enabled": True},
    )


@pytest.fixture(scope="module")
def stage(shop: Assistant, shop_home: Path) -> Iterator[Stage]:
    with opened() as website:
        api = create_api(service_of(shop, settings_of(shop_home, website)))
        with serving(shop, api=api) as address:
            website.vouch = address
            yield Stage(address, website)


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Iterator[Browser]:
    """A browser that blocks cookies of third parties."""
    assert browser.browser_type.name == "chromium"
    browser = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*FLAGS, NO_THIRD_PARTY_COOKIES]
    )
    yield browser
    browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    with visiting(chromium) as context:
        yield context


@contextmanager
def visiting(browser: Browser, **more: Any) -> Iterator[BrowserContext]:
    """A fresh profile; afterwards nothing broke the policy, raised an error or set a cookie."""
    context = browser.new_context(**{"viewport": {"width": 1100, "height": 820}, **more})
    context.set_default_timeout(15_000)
    context.add_init_script(WATCH)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    for page in context.pages:
        if page.url.startswith("http"):
            assert page.evaluate("violations") == []
    assert faults == []
    assert context.cookies() == []
    context.close()


def come(context: BrowserContext, stage: Stage, path: str = "/") -> Page:
    page = context.new_page()
    page.goto(stage.shop.origin + path)
    expect(page.locator("#products li")).to_have_count(40)
    return page


def launch(page: Page) -> Page:
    page.get_by_role("button", name="Help me choose").click()
    expect(page.get_by_label("Your message")).to_be_focused()
    return page


def say(page: Page, words: str) -> None:
    box = page.get_by_label("Your message")
    box.fill(words)
    box.press("Enter")
    settle(page)


def settle(page: Page) -> None:
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")


def titles(page: Page) -> list[str]:
    first = "nodes => nodes.map((node) => node.firstChild.firstChild.textContent)"
    return page.locator(".turn > .cards h3").evaluate_all(first)


def chips(page: Page) -> Locator:
    return page.locator(".taste .chip")


def told(page: Page, name: str) -> list[dict[str, Any]]:
    return [detail for kind, detail in page.evaluate("told") if kind == name]


def test_a_conversation_with_feedback_and_the_cart(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    say(page, REQUEST)
    shown = titles(page)
    assert len(shown) == 3
    card = page.locator(".card").first
    expect(card).to_contain_text("under $100")
    expect(page.locator(".answer").first).to_contain_text("Automatic reply")
    card.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart")).to_have_text(f"Cart: 1 ({shown[0]})")
    expect(card.get_by_text("Added")).to_be_visible()
    page.get_by_role("link", name=f"{shown[1]} (opens a new tab)").click()
    expect(page.locator("#products .shown h2")).to_have_text(shown[1])
    assert len(visitor.pages) == 1  # the page took the press for itself
    page.get_by_role("button", name=f"Not for me: {shown[0]}").click()
    settle(page)
    assert shown[0] not in titles(page)
    page.get_by_text("What I noted").click()
    expect(chips(page).filter(has_text=shown[0])).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Remove price")).click()
    settle(page)
    expect(chips(page).filter(has_text="price")).to_have_count(0)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Undo the last step").click()
    settle(page)
    expect(chips(page).filter(has_text="price")).to_have_count(1)
    assert [detail["kind"] for detail in told(page, "feedback")] == ["dislike", "remove", "undo"]
    assert all(detail["version"] == 1 for _, detail in page.evaluate("told"))
    assert [detail["action"] for detail in told(page, "action")] == ["cart", "open"]


def test_the_conversation_goes_on_on_the_next_page(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    say(page, REQUEST)
    say(page, "compare the first two")
    before = titles(page)
    page.get_by_label("Your message").fill("half a thou")
    page.reload()
    page.evaluate("document.querySelector('vouch-chat').identify(null)")  # nobody, as before
    launch(page)
    expect(page.locator(".said").first).to_contain_text(REQUEST)
    assert titles(page) == before
    table = page.get_by_role("region", name=re.compile("^Side by side")).get_by_role("table")
    assert table.get_by_role("columnheader").all_inner_texts() == before[:2]
    expect(page.get_by_label("Your message")).to_have_value("half a thou")


def test_nothing_fits_and_a_way_out_helps(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    say(page, "a fan under $1")
    assert titles(page) == []
    page.get_by_role("button", name=re.compile("^Without price")).click()
    expect(page.locator(".card").first).to_be_visible()
    assert page.locator(".turn .options button", has_text="Without price").count() == 0


def test_the_site_says_who_it_is(visitor: BrowserContext, stage: Stage) -> None:
    page = come(visitor, stage)
    page.get_by_role("button", name="Sign in").click()
    launch(page)
    say(page, REQUEST)
    assert told(page, "session")[-1] == {
        "version": 1, "site": "shop", "known": True, "reason": "new",
    }  # fmt: skip
    page.get_by_role("button", name="Sign out").click()
    say(page, "a kettle")
    assert told(page, "session")[-1]["known"] is False
    expect(page.locator(".said")).to_have_count(1)
    page.get_by_role("button", name="Sign in").click()  # in the middle of a conversation
    for _ in range(100):
        page.wait_for_timeout(50)
        if len(told(page, "session")) == 3:
            break
    assert told(page, "session")[-1]["reason"] == "identified"
    assert told(page, "session")[-1]["known"] is True
    expect(page.locator(".said")).to_have_count(1)


def test_a_forged_visitor_stays_anonymous(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    page.evaluate("document.querySelector('vouch-chat').identify('ey.forged.token')")
    say(page, REQUEST)
    assert [detail["kind"] for detail in told(page, "error")] == ["identity"]
    assert told(page, "session")[-1]["known"] is False
    assert titles(page)


def test_the_keyboard_is_enough_on_a_phone(chromium: Browser, stage: Stage) -> None:
    with visiting(chromium, viewport={"width": 390, "height": 760}) as context:
        page = come(context, stage)
        reach(page, "Help me choose")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your message")).to_be_focused()
        box = page.get_by_role("dialog").bounding_box()
        assert box == {"x": 0, "y": 0, "width": 390, "height": 760}
        page.keyboard.type(REQUEST)
        page.keyboard.press("Enter")
        settle(page)
        liked = titles(page)[0]
        reach(page, f"Like: {liked}")
        page.keyboard.press("Enter")
        settle(page)
        expect(page.locator(".event")).to_contain_text(liked)
        assert page.evaluate(f"{FOCUSED}.className") == "turn"  # where the answer is
        wide = "(e) => e.scrollWidth - e.clientWidth"
        assert page.get_by_role("log").evaluate(wide) == 0
        for small in page.locator(".panel :is(button, a.main):visible").all():
            size = small.bounding_box()
            assert size is not None
            assert min(size["width"], size["height"]) >= 40, small.inner_text()
        reach(page, "Menu")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")  # the menu first, then the panel
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_role("button", name="Help me choose")).to_be_focused()


FOCUSED = "(document.activeElement.shadowRoot?.activeElement ?? document.activeElement)"


def reach(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called `name`."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"({FOCUSED}.ariaLabel || {FOCUSED}.textContent).trim()") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_loaded_twice_and_two_on_a_page(visitor: BrowserContext, stage: Stage) -> None:
    page = come(visitor, stage)
    page.evaluate(
        """async (vouch) => {
          await import(`${vouch}/widget/vouch-chat.js?again`);
          const second = document.createElement("vouch-chat");
          Object.entries({site: "shop", mode: "inline", lang: "de", action: "none"})
            .forEach(([name, value]) => second.setAttribute(name, value));
          document.querySelector("h1").after(second);
        }""",
        stage.vouch,
    )
    inline = page.locator("vouch-chat[mode=inline]")
    inline.get_by_label("Deine Nachricht").fill("ein leiser Ventilator")
    inline.get_by_label("Deine Nachricht").press("Enter")
    expect(inline.locator(".card").first).to_be_visible()
    expect(inline.locator("a.main, button.main")).to_have_count(0)
    launch(page)
    launcher = page.locator("vouch-chat:not([mode])")
    expect(launcher.locator(".said")).to_have_count(0)
    say_to = launcher.get_by_label("Your message")
    say_to.fill("a kettle")
    say_to.press("Enter")
    expect(launcher.locator(".card").first).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).length") == 2
    expect(inline.locator(".said")).to_have_count(1)


def test_the_server_goes_down_and_comes_back(
    visitor: BrowserContext, shop: Assistant, shop_home: Path
) -> None:
    with opened() as website:
        service = service_of(shop, settings_of(shop_home, website))
        with serving(shop, api=create_api(service)) as address:
            website.vouch = address
            page = launch(come(visitor, Stage(address, website)))
            say(page, "a kettle")
        say(page, REQUEST)
        trouble = page.get_by_role("alert")
        expect(trouble).to_contain_text("Your words are kept")
        page.get_by_label("Your message").fill("not sent yet")
        with serving(shop, urlsplit(address).port or 0, create_api(service)):
            trouble.get_by_role("button", name="Try again").click()
            expect(page.locator(".turn > .cards .card").first).to_contain_text("Fan")
            expect(trouble).to_have_count(0)
            expect(page.locator(".said")).to_have_count(2)
            expect(page.get_by_label("Your message")).to_have_value("not sent yet")


def test_a_busy_or_lost_answer_is_said(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    busy = {"status": 429, "headers": {"Retry-After": "1", "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After"}, "body": "{}"}  # fmt: skip
    page.route("**/turns", lambda route: route.fulfill(**busy), times=1)
    say(page, REQUEST)
    again = page.get_by_role("alert").get_by_role("button", name="Try again")
    expect(page.get_by_role("alert")).to_contain_text("in 1 s")
    expect(again).to_be_disabled()
    again.click()
    expect(page.locator(".card").first).to_be_visible()
    # The answer is lost on the way: the second try gets the same turn, not another one.
    page.route("**/turns", lambda route: (route.fetch(), route.abort()), times=1)
    say(page, "cheaper than $60")
    again.click()
    expect(page.get_by_role("alert")).to_have_count(0)
    settle(page)
    assert [detail["turn"] for detail in told(page, "reply")] == [1, 2]


def test_an_ended_conversation_is_opened_anew(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    say(page, REQUEST)
    forge = """for (const [name, text] of Object.entries(sessionStorage)) {
      sessionStorage.setItem(name, text.replace(/"token":"[^"]*/, '"token":"ey.no.longer'));
    }"""
    page.evaluate(forge)
    page.reload()
    launch(page)
    expect(page.get_by_role("log")).to_contain_text("The earlier conversation has ended")
    say(page, "a kettle")
    expect(page.locator(".card").first).to_contain_text("Kettle")
    erase = """([name, text]) => {
      const { id, token } = JSON.parse(text).session;
      const headers = {Authorization: `Bearer ${token}`};
      return fetch(`${vouch}/v1/sessions/${id}`, {method: "DELETE", headers});
    }"""
    page.evaluate(f"const vouch = '{stage.vouch}'; ({erase})(Object.entries(sessionStorage)[0])")
    say(page, "a toaster")
    expect(page.locator(".turn .cards .card").last).to_contain_text("Toaster")
    expect(page.get_by_text("The earlier conversation has ended")).to_have_count(2)


def test_a_person_takes_over(visitor: BrowserContext, stage: Stage) -> None:
    page = launch(come(visitor, stage))
    say(page, REQUEST)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Talk to a person").click()
    who = page.locator(".who")
    expect(who).to_have_text("Waiting for a person…")
    waiting = desk(stage, "handovers")
    path = f"handovers/{waiting[-1]['session_id']}"
    desk(stage, f"{path}/take", name="Anna")
    expect(who).to_have_text("You are talking with Anna")
    desk(stage, f"{path}/messages", text="Hello, Anna here. Which room is it for?")
    expect(page.locator(".answer.human")).to_contain_text("Which room is it for?")
    expect(page.locator(".answer.human .by")).to_have_text("Anna")
    say(page, "the bedroom")
    expect(page.locator(".said").last).to_contain_text("the bedroom")
    said = [message["text"] for message in desk(stage, path)["messages"]]
    assert said[-1] == "the bedroom"
    page.reload()
    launch(page)
    expect(who).to_have_text("You are talking with Anna")
    order = page.locator(".said, .human > div").all_inner_texts()
    assert [text.splitlines()[-1] for text in order] == [
        REQUEST, "Hello, Anna here. Which room is it for?", "the bedroom",
    ]  # fmt: skip
    page.get_by_role("button", name="Close").click()
    desk(stage, f"{path}/messages", text="This one is the quietest.")
    expect(page.get_by_role("img", name="1 new messages")).to_be_visible()
    launch(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Back to the automatic assistant").click()
    expect(who).to_have_text("Automatic assistant")
    say(page, "cheaper")
    assert titles(page)


def desk(stage: Stage, path: str, **body: str) -> Any:
    """Do what an agent does at the desk."""
    request = urllib.request.Request(
        f"{stage.vouch}/v1/admin/{path}",
        json.dumps(body).encode() if body else None,
        {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_in_a_frame(visitor: BrowserContext, stage: Stage) -> None:
    page = visitor.new_page()
    page.goto(f"{stage.shop.origin}/framed.html")
    frame = page.frame_locator("#vouch")
    expect(page.locator("#vouch")).to_have_attribute("data-ready", "true")
    frame.get_by_label("Your message").fill(REQUEST)
    frame.get_by_label("Your message").press("Enter")
    card = frame.locator(".card").first
    card.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart")).to_contain_text("Cart: 1 (Lull")
    send = "frame.contentWindow.postMessage({vouch: 1, type: 'ask', text: 'a kettle'}, '*')"
    page.evaluate(f"const frame = document.querySelector('#vouch'); {send}")
    expect(frame.locator(".said").last).to_contain_text("a kettle")


def test_another_origin_gets_nothing(chromium: Browser, stage: Stage) -> None:
    with opened(stage.vouch) as thief, visiting(chromium) as context:
        page = context.new_page()
        page.goto(f"{thief.origin}/framed.html")
        page.wait_for_load_state("networkidle")
        framed = page.frames[1]
        assert framed.url.startswith("chrome-error://")
        assert framed.locator("vouch-chat").count() == 0
        page.goto(f"{thief.origin}/")
        page.get_by_role("button", name="Help me choose").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator(".card, .said")).to_have_count(0)


@pytest.mark.parametrize(
    ("scheme", "direction", "language"), [("light", "ltr", "en"), ("dark", "rtl", "fr")]
)
def test_axe_finds_nothing(
    chromium: Browser, stage: Stage, scheme: str, direction: str, language: str
) -> None:
    with visiting(chromium, color_scheme=scheme, reduced_motion="reduce") as context:
        page = come(context, stage)
        page.evaluate(
            """([direction, language]) => {
              document.documentElement.dir = direction;
              document.querySelector("vouch-chat").lang = language;
            }""",
            [direction, language],
        )
        page.locator(".launcher").click()
        box = page.locator("textarea")
        for words in (REQUEST, "compare the first two", "a fan under $1"):
            box.fill(words)
            box.press("Enter")
            settle(page)
        page.locator(".taste summary").click()
        for past in page.locator(".past summary").all():
            past.click()
        page.locator(".bar > button").click()
        assert violations(page, "vouch-chat") == []
        box = page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert (box["x"] < 100) is (direction == "rtl")
