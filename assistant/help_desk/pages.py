"""An operator's help pages as passages: what may be quoted, and where it stands.

Owns: `Passage`, `read_pages`: a folder of Markdown cut at its headings, as plain text. Does not
own: which passage answers what (`assistant.help_desk.desk`). A page is data: its markup is dropped,
nothing of it is run or loaded, and only ``http`` and ``https`` addresses are ever linked to.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from catalog.errors import ConfigurationError

logger = logging.getLogger(__name__)

MOST_PASSAGES = 5_000
"""More are a wrong folder, not help pages."""
_LARGEST = 1_000_000
_LONGEST = 900
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.S | re.M)
_FIELD = re.compile(r"^(title|url)[ \t]*:[ \t]*(.+?)[ \t]*$", re.M | re.I)
_URL = re.compile(r"https?://[^\s<>\"'\\]+", re.I)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_ANCHOR = re.compile(r"[ \t]*\{#([\w-]+)\}$")
_RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}$|[ \t|:-]*-[ \t|:-]*$")
_BULLET = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+")
_QUOTE_MARK = re.compile(r"[ \t]*(?:>[ \t]?)+")
# Tags go with what only browsers read; the second half of a tag that is never closed too.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|iframe|object|svg)\b.*?(?:</\1\s*>|\Z)", re.S | re.I
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?|<[!?][^<>]*>?")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*[^()]*\)|\[[^\[\]]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s.*$", re.M)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>", re.I)
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)", re.S)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of a help page: a section, or a part of a long one.

    Attributes
    ----------
    page : str
        The file, relative to the folder: ``"shipping.md"``.
    title, heading : str
        Of the page and of the section; the heading is empty before the first one.
    anchor : str
        The section's fragment, as web pages make it of a heading: ``"what-shipping-costs"``.
    url : str
        Of the section on the web, where the page says its own; else empty.
    text : str
        Plain text, paragraphs and points one a line.
    """

    page: str
    title: str
    heading: str
    anchor: str
    url: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for a person: ``"Shipping: What shipping costs"``."""
        return f"{self.title}: {self.heading}" if self.heading else self.title


def read_pages(folder: Path) -> tuple[Passage, ...]:
    """Return the passages of every ``*.md`` file in `folder` and below, by path, then in order.

    Raises
    ------
    ConfigurationError
        When there is no such folder, it holds no help page, or a page cannot be read.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"help.folder is {str(folder)!r}, which is no folder; give one with Markdown files"
        )
    passages: list[Passage] = []
    for path in sorted(folder.rglob("*.md")):
        passages.extend(read_page(_content(path), path.relative_to(folder).as_posix()))
        if len(passages) > MOST_PASSAGES:
            raise ConfigurationError(
                f"help.folder {str(folder)!r} has more than {MOST_PASSAGES:,} sections; "
                "name a folder that holds help pages only"
            )
    if not passages:
        raise ConfigurationError(f"help.folder {str(folder)!r} holds no *.md file with text in it")
    return tuple(passages)


def read_page(content: str, page: str) -> Iterator[Passage]:
    """Yield the passages of one page of Markdown; linear in its length."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(content)
    fields = {name.lower(): value.strip("\"'") for name, value in _fields(front)}
    body = _UNSEEN.sub("", content[front.end() if front else 0 :])
    sections = list(_sections(body))
    heads = [_ANCHOR.sub("", heading) for level, heading, _ in sections if level == 1]
    title = plain(fields.get("title", "")) or (heads[0] if len(heads) == 1 else "")
    title = title or Path(page).stem.replace("-", " ").replace("_", " ").capitalize()
    url = _address(fields.get("url", ""), page)
    taken: dict[str, int] = {}
    for _, marked, lines in sections:
        found = _ANCHOR.search(marked)
        heading = _ANCHOR.sub("", marked)
        anchor = found[1] if found else _slug(heading, taken)
        link = f"{url.partition('#')[0]}#{anchor}" if url and anchor else url
        named = "" if heading == title else heading
        for text in _pieces(lines):
            yield Passage(page, title, named, anchor, link, text)


def plain(markdown: str) -> str:
    """Return `markdown` as the text that a reader sees, without markup, on one line."""
    text = _AUTOLINK.sub(lambda found: found[1].removeprefix("mailto:"), markdown)
    text = _TAG.sub("", text)
    for _ in range(3):  # an image in a link, emphasis in emphasis
        text = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))
    text = unescape(_ESCAPED.sub(r"\1", text))
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(kept.split())


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigurationError(f"help page {str(path)!r} is larger than {_LARGEST:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"help page {str(path)!r} cannot be read: {error}") from error


def _fields(front: re.Match[str] | None) -> list[tuple[str, str]]:
    return _FIELD.findall(front[1]) if front else []


def _address(url: str, page: str) -> str:
    if not url or _URL.fullmatch(url):
        return url
    logger.warning("help page %r: url %r is no http address; it is not linked to", page, url)
    return ""


def _sections(body: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield level, heading and lines of each section; level 0 is what comes before the first."""
    level, heading, lines, fence = 0, "", list[str](), ""
    for line in _DEFINITION.sub("", body).split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            continue
        head = None if fence else _HEADING.match(line)
        under = None if fence or not (lines and lines[-1].strip()) else _UNDERLINE.match(line)
        if not (head or under):
            lines.append(line)
            continue
        title = lines.pop() if under else head[2] if head else ""
        yield level, heading, lines
        level = len(head[1]) if head else 1 if under and "=" in under[1] else 2
        heading, lines = plain(title), []
    yield level, heading, lines


def _pieces(lines: list[str]) -> Iterator[str]:
    """Yield the text of a section, whole or, where it is long, in pieces of whole blocks."""
    blocks, size = list[str](), 0
    for block in _blocks(lines):
        if blocks and size + len(block) > _LONGEST:
            yield "\n".join(blocks)
            blocks, size = [], 0
        blocks.append(block)
        size += len(block)
    if blocks:
        yield "\n".join(blocks)


def _blocks(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs, points and rows of a table as plain text."""
    block: list[str] = []
    for line in (*lines, ""):
        mark = _QUOTE_MARK.match(line)
        line = line[mark.end() :] if mark else line  # noqa: PLW2901
        bullet, row = _BULLET.match(line), line.lstrip().startswith("|")
        if block and (bullet or row or not line.strip() or _RULE.match(line)):
            if text := plain("\n".join(block)):
                yield text
            block = []
        if line.strip() and not _RULE.match(line):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            told = line[bullet.end() :] if bullet else line
            block.append(", ".join(filter(None, cells)) if row else told)


def _slug(heading: str, taken: dict[str, int]) -> str:
    """Return the fragment that web pages give a heading; a second one of its name gets a number."""
    slug = re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-")
    count = taken.get(slug, 0)
    taken[slug] = count + 1
    return f"{slug}-{count}" if count else slug
