"""Take the README's picture of a running server.

::

    vouch serve &
    python -m tests.browser.screenshot http://127.0.0.1:7860 docs/screenshot.png
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, visit
from tests.browser.driving import say

WORDS = "I loved Heat and The Insider, but nothing too violent, and under two hours please"


def take(address: str, path: Path) -> None:
    """Save what the page at `address` answers to `WORDS`, with the first card's reasons open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 1040})
        page = visit(context, address)
        say(page, WORDS)
        page.locator(".why > summary").first.click()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.wait_for_timeout(300)
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1], Path(sys.argv[2]))
