"""What a piece of a message shows of itself: the evidence that a judge weighs.

Owns: `Signals`, `Words`, `SignalReader`. Does not own: the weighing (`judge`), the
search (`index`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.help_desk.glossary import folded, read_glossary
from assistant.help_desk.index import Hit, content_words
from assistant.state import Understanding
from catalog import Schema

_QUESTION = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|please|and|also|so|but|thanks) )*(?:do|does|did|can|could|will"
    r"|would|is|are|am|was|have|has|how|hows|when|where|wheres|what|whats|which|who|whos|may|should"
    r"|why|i wonder|tell me|explain)\b"
)
_OWN = re.compile(
    r"\bmy (?:\w+ )?(?:order|parcel|package|delivery|refund|money|card|account|address|password"
    r"|tracking|invoice|receipt|data|payment|return)\b|\byou sent\b|\bi (?:have )?(?:ordered"
    r"|received)\b|\bit (?:arrived|came|broke)\b|\bstopped working\b|\bi bought it\b"
    r"|\bi (?:want|need|would like|d like) to (?:\w+ ){0,2}(?:return|cancel|exchange|track|pay"
    r"|complain|send|delete|unsubscribe|claim|change)\b|\bi(?:d| would)? (?:need|want|like)"
    r" (?:an? |the |my )?(?:invoice|receipt|refund|money back)\b"
)
_ADDRESSED = re.compile(
    r"\b(?:do|can|could|will|would|are|have|did) you\b|\byour?\b(?! (?:mood|taste))"
)
_REQUEST = re.compile(
    r"\b(?:film|movie|book|story|something|anything|show|recommend|suggest|looking for|look for"
    r"|find me|search for|gift for|present for|surprise me|another one|others?|cheaper|better one"
    r"|which (?:one|of)|best|cheapest)\b|\b(?:want|need|would like|id like|give me|find|got)"
    r" (?:an?|some|me an?)\b|^an? |\bunder \d|\bbelow \d"
)
_ABOUT = frozenset({"ask", "compare", "why", "help"})
_NAMED = frozenset({"item", "value", "number", "reference", "missing"})


@dataclass(frozen=True, slots=True)
class Signals:
    """What a piece of a message shows.

    Attributes
    ----------
    similarity, shared : float
        Of the nearest passage (`assistant.help_desk.index.Hit`); `shared` in tens of points.
    strange : float
        How many of its words that passage has nothing like (`HelpIndex.unlike`); 0 where nobody
        looked.
    item : float
        Cosine to the item whose text is nearest.
    matters : float
        How many matters of help pages it names: 0, 1, or 2 for more.
    question, own, addressed, request : float
        1 where it asks; tells of one's own order ("my parcel"); speaks to the shop ("do you");
        asks for an item ("something", "show me").
    found : float
        Items, values and numbers of the catalogue that it names: 0, 1, 2, or 3 for more.
    about : float
        1 where the whole message asks about items of the catalogue, or about the assistant.
    """

    similarity: float
    shared: float
    item: float
    matters: float
    question: float
    own: float
    addressed: float
    request: float
    found: float
    about: float
    strange: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a message in the words that it is searched with.

    Attributes
    ----------
    text : str
        As written.
    english : str
        In plain English words.
    general : str
        The same and what help pages may call its matters.
    named : tuple of str
        What it names of the catalogue.
    """

    text: str
    english: str
    general: str
    named: tuple[str, ...]

    @property
    def strange(self) -> tuple[str, ...]:
        """The words that neither the glossary nor the catalogue knows."""
        glossary = read_glossary()
        known = set(folded(" ".join(self.named)).split())
        left = content_words(glossary.unlisted(self.english))
        return tuple(word for word in left if word not in known)


class SignalReader:
    """Reads the signals of pieces of messages about one catalogue.

    Parameters
    ----------
    schema : Schema
        Gives what an item is called.
    """

    def __init__(self, schema: Schema) -> None:
        nouns = "|".join(re.escape(noun) for noun in (schema.noun, schema.plural))
        self._nouns = re.compile(rf"\b(?:{nouns})\b", re.I)
        self._glossary = read_glossary()

    def words(
        self, message: str, spans: Sequence[tuple[int, int]], understood: Understanding
    ) -> Words:
        """Return the words of the piece of `message` in `spans`."""
        text = " ".join(message[start:end] for start, end in spans)
        english = self._glossary.english(text, understood.language)
        named = tuple(
            finding.text
            for finding in understood.findings
            if finding.kind in _NAMED and any(s <= finding.start < e for s, e in spans)
        )
        general = f"{english} {self._glossary.added(english)}".strip()
        return Words(text, english, general, named)

    def signals(self, words: Words, hit: Hit, item: float, understood: Understanding) -> Signals:
        """Return what a piece shows, with its nearest passage and its nearest item's cosine."""
        text, english = words.text, words.english
        asks = text.rstrip().endswith(("?", "？")) or _QUESTION.search(english)  # noqa: RUF001
        return Signals(
            similarity=hit.similarity,
            shared=hit.shared / 10,
            item=item,
            matters=min(self._glossary.matters(english), 2),
            question=float(bool(asks)),
            own=float(bool(_OWN.search(english))),
            addressed=float(bool(_ADDRESSED.search(english))),
            request=float(bool(self._nouns.search(text) or _REQUEST.search(english))),
            found=min(len(words.named), 3),
            about=float(not _ABOUT.isdisjoint(understood.acts)),
        )
