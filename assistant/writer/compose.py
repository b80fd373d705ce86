"""Sentences for briefs, from which the embedded model learns to tell them.

Owns: `compose`. Does not own: the wordings (``frames.toml``), the check of what is composed
(`assistant.writer.pairs`). Equal briefs and ways give equal sentences: what a digit means can be
learned only if it always means the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.wording import capitalised
from assistant.writer.brief import Line

Frames = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
# Frames that suit one value only, and values that no frame can use as a noun.
_ONE = re.compile(
    r"\{[vV]\} (?:is|was|links|runs)\b|\b(?:has|takes) (?:it|up)\b|the \{v\}|that is where"
)
_NO_NOUN = re.compile(
    r"(?:based|set|shot|told|made|coming) \w|black and white|\w+ (?:director|written)$"
)
_LONG = 22
_SHAPES = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r" in (?:mood|style|taste|tone|feel)$", "adjective"),
        (r"^in the .* genre$", "genre"),
        (r"^tagged ", "tag"),
        (r"^\w+ed by |^taught by |^by ", "people"),
        (r"^with ", "with"),
        (r"^in ", "in"),
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of a catalogue's words.

    Attributes
    ----------
    noun, consumed : str
        Of the schema.
    names : frozenset of str
        Words that descriptions write with a capital inside sentences.
    verbs : frozenset of str
        Words that they use as verbs of the third person.
    stories : bool
        Whether descriptions tell what happens, rather than what a thing is.
    """

    noun: str
    consumed: str
    names: frozenset[str]
    verbs: frozenset[str]
    stories: bool

    @classmethod
    def of(cls, noun: str, consumed: str, texts: Sequence[str], *, stories: bool) -> Words:
        """Return the words of `texts`, the descriptions of a catalogue."""
        body = "\n".join(texts)
        names = frozenset(re.findall(r"(?<=[a-z,;] )[A-Z][\w'-]*", body))
        plain = set(re.findall(r"\b[a-z]+\b", body))
        doing = set(re.findall(r"\b(?:to|can|must|will) ([a-z]+)\b", body))
        verbs = {form for word in doing for form in (f"{word}s", f"{word}es") if form in plain}
        verbs |= {"is", "are", "has", "have", "was", "does", "goes"}
        return cls(noun, consumed, names, frozenset(verbs), stories)


def compose(lines: Sequence[Line], words: Words, way: int) -> str:
    """Return one to four sentences that tell `lines` in their order, in `way`, from 1."""
    opening: list[str] = []
    if lines[0].kind == "about" and len(lines) > 1 and way % 2 and words.stories:
        opening, lines = [f"{lines[0].text}."], lines[1:]
    told = [_told(lines[0], words, "first", way)]
    for at, line in enumerate(lines[1:], start=1):
        part = _told(line, words, "then", way + at)
        last = told[-1]
        # A description follows a colon, a short reason an "and"; anything else is a sentence.
        if line.kind == "about" and part[0].islower() and ":" not in last and way % 3:
            told[-1] = f"{last}: {part}"
        elif len(last.split()) + len(part.split()) < _LONG and not re.search(
            "[:?]|, and", last + part
        ):
            told[-1] = f"{last}, and {part}"
        else:
            told.append(part)
    return " ".join((*opening, *(f"{capitalised(part)}." for part in told)))


def shape(line: Line, words: Words) -> str:
    """Return which shape of phrase, or of description, `line` has: a table of ``frames.toml``."""
    if line.kind == "about":
        return _about(line.text, words)
    if line.kind == "meets" and not line.text:
        return "no" if line.words.startswith("no ") else "words"
    if line.kind in ("crowd", "popular", "words", "meets"):
        return "number" if line.kind == "meets" else "plain"
    named = all(" " in value and value.istitle() for value in line.values)
    found = (name for pattern, name in _SHAPES if pattern.search(line.text))
    plain = "tag" if line.text == _listed(line.values) else "is"
    name = next(found, plain)
    return "people" if name == "with" and named else name


def _told(line: Line, words: Words, place: str, way: int) -> str:
    tables, name = _frames()[line.kind], shape(line, words)
    frames = tables.get(name, tables.get("is", {}))[place]
    if line.kind in ("asked", "like") and any(map(_NO_NOUN.match, line.values)):
        frames = [frame for frame in tables["is"][place] if not re.search(r"\{[vV]\}", frame)]
    elif len(line.values) > 1:
        frames = [frame for frame in frames if not _ONE.search(frame)]
    v, x = _listed(line.values), line.text
    if name == "genre":
        v, x = v.lower(), x.lower()
    return frames[(way - 1) % len(frames)].format(
        x=x,
        X=capitalised(x),
        v=v,
        V=capitalised(v),
        likes=line.likes,
        words=line.words,
        W=capitalised(line.words),
        noun=words.noun,
        consumed=words.consumed,
        h=_lowered(line.text, words),
        H=capitalised(line.text),
    )


def _lowered(text: str, words: Words) -> str:
    """Return `text` as it goes on after other words: in lower case, unless it opens with a name."""
    first = text.split(" ", 1)[0]
    named = first in words.names or re.search(r"[A-Z].*[A-Z]|^I$", first)
    return text if named else text[:1].lower() + text[1:]


def _about(text: str, words: Words) -> str:
    if words.stories:
        return "clause"
    head = re.split(r" (?:that|which|who|whose|where|with|,)\b", text, maxsplit=1)[0]
    tokens = re.findall(r"[\w'-]+", head)
    if tokens and tokens[0].lower() in words.verbs:
        return "does"
    verbal = any(token in words.verbs for token in tokens[1:])
    return "thing" if text.startswith(("A ", "An ", "The ")) and not verbal else "clause"


def _listed(values: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(values[:-1]), *values[-1:])))


@cache
def _frames() -> Frames:
    text = (resources.files("assistant.writer") / "frames.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
