"""A report as one HTML page that stands alone.

Owns: the parts of a page, and writing it: styles inside, no script, nothing fetched. Does not own:
what a kind of run has to tell (`evaluation.reports.kinds`), plots (`evaluation.reports.plots`).

What people and models said is hostile text: templates escape every value, and a content security
policy forbids the page to load or run anything, should one slip through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evaluation.reports.plots import Plot
from evaluation.reports.run_file import Json, write_text

Tone = Literal["plain", "good", "bad", "known"]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure at the top of a page, with a line on what it is and how sure it is."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; a column of figures is set to the right.

    Attributes
    ----------
    head : tuple of str
        Of the columns.
    rows : tuple of tuple of str
        Cells.
    words : int
        How many columns, from the left, are words.
    caption : str
        What it shows.
    strong : str
        The first cell of the row that the page is about.
    fold : bool
        Whether it is opened only on demand.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    caption: str = ""
    strong: str = ""
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """An item that was shown: its title, what its score is made of, reasons, conditions met."""

    title: str
    terms: Mapping[str, float]
    reasons: tuple[str, ...] = ()
    satisfies: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The sum of its terms."""
        return sum(self.terms.values())


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and what came of it, with why.

    Attributes
    ----------
    user, reply : str
        Both sides.
    cards : tuple of Card
        Best first.
    asked : str
        The facet or the question asked, or empty.
    ledger : tuple of str
        What was held of the person after it.
    faults : tuple of str
        What is wrong with it.
    """

    user: str
    reply: str
    cards: tuple[Card, ...] = ()
    asked: str = ""
    ledger: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the terms of any card, in order of first use."""
        return tuple(dict.fromkeys(name for card in self.cards for name in card.terms))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation to read.

    Attributes
    ----------
    title : str
        Which.
    verdict, tone : str
        How it went, in a word or two.
    note : str
        What to know before reading.
    exchanges : tuple of Exchange
        In order.
    """

    title: str
    verdict: str
    tone: Tone
    note: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit in two runs, side by side."""

    title: str
    first: Talk
    second: Talk


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: words, then plots, tables, conversations, as far as there are any."""

    title: str
    lead: str = ""
    plots: tuple[Plot, ...] = ()
    tables: tuple[Table, ...] = ()
    talks: tuple[Talk, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Another page beside this one."""

    title: str
    target: str
    headline: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page.

    Attributes
    ----------
    title, lead : str
        What was measured.
    tiles : tuple of Tile
        The figures that matter most.
    sections : tuple of Section
        In order.
    settings : mapping of str to str
        How to get the same again.
    links : tuple of Link
        Pages that this one is the contents of.
    """

    title: str
    lead: str
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    settings: Mapping[str, str]
    links: tuple[Link, ...] = ()


def render(page: Page) -> str:
    """Return `page` as HTML."""
    style = (resources.files("evaluation.reports") / "page.css").read_text(encoding="utf-8")
    # Ours, and in a place where text is not escaped.
    return _templates().get_template("page.html").render(page=page, style=Markup(style))  # noqa: S704


def write_page(page: Page, file: Path) -> None:
    """Write `page`.

    Raises
    ------
    ConfigurationError
        When the file cannot be written.
    """
    write_text(file, render(page))


def interval(one: Json) -> str:
    """Write a mean with its interval: ``0.081 [0.070, 0.093]``; a dash where there is none."""
    if one["mean"] is None:
        return "–"
    return f"{one['mean']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"


def told(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return settings as words, those that say nothing left out."""
    return {
        name.replace("_", " "): ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
        for name, value in settings.items()
        if value not in (None, "", [])
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("evaluation.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
