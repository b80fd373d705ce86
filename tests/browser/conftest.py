"""A real server in a thread and a real Chromium in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assistant.engine import Assistant
from tests.serving import served
from ui.app import UiConfig, create_app

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and skip it where there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@contextmanager
def serving(assistant: Assistant, port: int = 0, api: FastAPI | None = None) -> Iterator[str]:
    """Serve `assistant` on loopback for a while; gives the address."""
    with served(create_app(assistant, UiConfig(port=port), api), port=port) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(shop: Assistant) -> Iterator[str]:
    """The example shop, served for all tests of this folder."""
    with serving(shop) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    """The page as a stranger meets it."""
    return visit(context, address)


def visit(context: BrowserContext, address: str) -> Page:
    """Open the page and wait until its buttons work."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#composer")
    page.wait_for_function("() => 'vouch' in window")
    page.wait_for_load_state("networkidle")
    return page
