"""Pages of evaluation runs in Chromium: on a telephone, without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.reports import compare, page_of, write_page
from evaluation.reports.of_comparison import page as page_of_two
from tests.evaluation.test_reports import HOSTILE, dialogues, simulation


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    run, hostile = simulation(), dialogues(f"{HOSTILE} {'word' * 60}")
    written = {
        "simulation": page_of(run),
        "hostile": page_of(hostile),
        "two": page_of_two(compare(run, run), run, run),
    }
    for name, page in written.items():
        write_page(page, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in written}


@pytest.mark.parametrize("name", ["simulation", "hostile", "two"])
def test_a_page_on_a_telephone(name: str, pages: dict[str, Path], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(pages[name].as_uri())
    _open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # Not only hidden: nothing but what scrolls by itself sticks out.
    assert page.evaluate(STICKING_OUT) == []
    assert asked == [pages[name].as_uri()]
    assert said == []
    assert page.locator("script, main img").count() == 0
    context.close()


def test_why_opens_from_the_keyboard(pages: dict[str, Path], browser: Browser) -> None:
    page = browser.new_page()
    page.goto(pages["simulation"].as_uri())
    talk = page.locator("details.talk").first
    talk.locator("> summary").focus()
    page.keyboard.press("Enter")
    expect(talk.locator(".said").first).to_be_visible()
    why = talk.locator("details.why").first
    why.locator("> summary").press("Enter")
    expect(why.get_by_role("table", name="What each score is made of")).to_be_visible()
    plot = page.get_by_role("img", name="Found within 5 turns, by system")
    expect(plot).to_be_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_both_schemes(
    scheme: str, pages: dict[str, Path], browser: Browser
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(pages["hostile"].as_uri())
    _open_all(page)
    # WCAG 2.2, 1.4.3: 4.5 to 1.
    assert page.evaluate(FAINT) == []
    context.close()


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


STICKING_OUT = """() => [...document.querySelectorAll('body *')]
  .filter(one => !one.closest('.scroll, svg, .skip'))
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => one.outerHTML.slice(0, 80))"""

FAINT = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = one => {
    const found = rgb(getComputedStyle(one).backgroundColor);
    return found[3] === 0 ? behind(one.parentElement) : found;
  };
  const chosen = 'p, dt, dd, td, th, summary, a, .badge, .who, .chips li';
  return [...document.querySelectorAll(chosen)]
    .filter(one => one.checkVisibility() && !one.matches('.skip'))
    .filter(one => {
      const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    })
    .map(one => one.outerHTML.slice(0, 80));
}"""
