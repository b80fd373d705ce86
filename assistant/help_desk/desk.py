"""Questions about shipping, returns and their kin, answered in the words of the help pages.

Owns: `HelpDesk`: which part of a message is such a question, and what is quoted. Does not own:
reading the pages (`pages`), finding (`index`), deciding (`judge`), or the wording around a quote
(`assistant.help_desk.reply`). Nothing is generated: an answer stands in a page word for word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.help_desk.clauses import clauses
from assistant.help_desk.index import HelpIndex, Hit
from assistant.help_desk.judge import Judge, read_judge
from assistant.help_desk.pages import Passage
from assistant.help_desk.quotes import quoted
from assistant.help_desk.signals import SignalReader, Signals
from assistant.state import Finding, Understanding
from catalog import Schema
from retrieval.embedder import Embedder, Vectors

Span = tuple[int, int]

# Nearer than any message came to a page.
_NEAREST = Hit(0, similarity=0.9, shared=12.0)
# Said to the assistant, unless it names a matter of help pages: "can I pay with bitcoin?".
_OTHERWISE = frozenset({"off_topic", "help", "why", "compare"})
# What goes before any question.
_ELSEWHERE = frozenset({"undo", "reset", "human", "abuse", "profile", "button"})


@dataclass(frozen=True, slots=True)
class HelpConfig:
    """When a message is a question for help pages, and how much of them is quoted.

    Attributes
    ----------
    ask_threshold, answer_threshold : float
        Least probability that it is one, and that a passage answers it.
    longest : int
        Characters of a quote; a longer passage is cut to its best sentences.
    """

    ask_threshold: float = 0.6
    answer_threshold: float = 0.5
    longest: int = 420


@dataclass(frozen=True, slots=True)
class HelpReading:
    """A question for the help pages, and what they say.

    Attributes
    ----------
    findings : tuple of Finding
        Where in the message it stands.
    rest : str
        The message with blanks in its place; empty where nothing else is said.
    asked, answered : float
        Probabilities that it is such a question, and that `passage` answers it.
    passage : Passage
        The nearest one.
    quote : str
        From it, word for word; empty where it is no answer.
    topics : tuple of str
        What the pages are about: their titles.
    """

    findings: tuple[Finding, ...]
    rest: str
    asked: float
    answered: float
    passage: Passage
    quote: str
    topics: tuple[str, ...]


class HelpDesk:
    """Answers from an operator's help pages. Safe to share between threads.

    Parameters
    ----------
    passages : sequence of Passage
        Of the pages; at least one.
    embedder : Embedder
        The catalogue's own.
    items : float32 array, shape (n_items, dimensions)
        The items' vectors: what is nearer to an item than to a page is a wish.
    schema : Schema
        Gives what an item is called.
    config : HelpConfig
        Thresholds and length.
    judge : Judge, optional
        The one that ships by default.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        embedder: Embedder,
        items: Vectors,
        schema: Schema,
        config: HelpConfig = HelpConfig(),
        judge: Judge | None = None,
    ) -> None:
        self._index = HelpIndex(passages, embedder)
        self._topics = tuple(dict.fromkeys(passage.title for passage in passages))
        self._embedder = embedder
        self._items = items
        self._config = config
        self._judge = judge or read_judge()
        self._reader = SignalReader(schema)

    def read(self, message: str, understood: Understanding) -> HelpReading | None:
        """Return the question for the help pages in `message`, or None where there is none.

        Parameters
        ----------
        message : str
            As the person wrote it.
        understood : Understanding
            What the catalogue's rules make of it.
        """
        if not message.strip() or _ELSEWHERE.intersection(understood.acts):
            return None
        chosen = self._chosen(message, understood)
        if chosen is None:
            return None
        spans, look, beside = chosen
        answered = look.answered >= self._config.answer_threshold
        # The catalogue knows more of its items than a page that does not answer.
        known = any(ask.kind != "open" for ask in understood.asks)
        if not answered and known and not beside:
            return None
        rest = _without(message, spans) if beside else ""
        passage = self._index.passages[look.hit.place]
        quote = self._quote(look) if answered else ""
        asked = tuple(Finding(s, e, message[s:e], "act", "policy") for s, e in spans)
        return HelpReading(asked, rest, look.asked, look.answered, passage, quote, self._topics)

    def _chosen(
        self, message: str, understood: Understanding
    ) -> tuple[tuple[Span, ...], _Look, bool] | None:
        """Return where the question stands, what it shows, and whether wishes stand beside it."""
        least = self._config.ask_threshold
        parts = clauses(message) or ((0, len(message)),)
        whole: tuple[Span, ...] = ((0, len(message)),)
        pieces = [whole, *((part,) for part in parts if len(parts) > 1)]
        if not any(self._thinkable(message, piece, understood) for piece in pieces):
            return None
        look, *looks = self._look(message, pieces, understood)
        wishes = {
            part
            for part, one in zip(parts, looks, strict=False)
            if one.asked < least and (one.signals.found or one.signals.request)
        }
        spans = tuple(part for part in parts if part not in wishes) if wishes else whole
        if wishes and spans:
            (look,) = self._look(message, [spans], understood)
        otherwise = not look.signals.matters and _OTHERWISE.intersection(understood.acts)
        if not spans or look.asked < least or otherwise:
            return None
        return spans, look, bool(wishes)

    def signals(self, message: str, understood: Understanding) -> tuple[Signals, Passage]:
        """Return what `message` as a whole shows, and the passage nearest to it; for a fit."""
        (look,) = self._look(message, [((0, len(message)),)], understood)
        return look.signals, self._index.passages[look.hit.place]

    def _look(
        self,
        message: str,
        pieces: Sequence[tuple[Span, ...]],
        understood: Understanding,
    ) -> list[_Look]:
        """Return what each piece, given by its spans, shows."""
        words = [self._reader.words(message, spans, understood) for spans in pieces]
        own = [one.text if understood.language == "en" else one.english for one in words]
        texts = list(dict.fromkeys([*own, *(one.general for one in words)]))
        embedded = dict(zip(texts, self._embedder.embed(texts), strict=True))
        looks: list[_Look] = []
        for place, one in enumerate(words):
            vector = (embedded[own[place]] + embedded[one.general]) / 2
            hit = self._index.search(vector, one.general)
            item = float((self._items @ vector).max()) if len(self._items) else 0.0
            signals = self._reader.signals(one, hit, item, understood)
            asked = self._judge.asked(signals)
            if asked >= self._config.ask_threshold:
                strange = self._index.unlike(one.strange, hit.place)
                signals = replace(signals, strange=strange)
            looks.append(_Look(signals, hit, vector, asked, self._judge.answered(signals)))
        return looks

    def _thinkable(self, message: str, piece: Sequence[Span], understood: Understanding) -> bool:
        """Tell whether a page, if only it were near enough, could make the piece a question for it.

        Most wishes are not, which spares embedding them.
        """
        words = self._reader.words(message, piece, understood)
        signals = self._reader.signals(words, _NEAREST, 0.0, understood)
        return self._judge.asked(signals) >= self._config.ask_threshold

    def _quote(self, look: _Look) -> str:
        index, place = self._index, look.hit.place
        scores = index.sentence_scores(look.vector, place)
        text = index.passages[place].text
        return quoted(text, index.sentences[place], scores, self._config.longest)


@dataclass(frozen=True, slots=True)
class _Look:
    """A piece of a message, seen."""

    signals: Signals
    hit: Hit
    vector: Vectors
    asked: float
    answered: float


def _without(message: str, spans: Sequence[Span]) -> str:
    """Return `message` with blanks in `spans`, so that what is left stays in its place."""
    for start, end in spans:
        message = message[:start] + " " * (end - start) + message[end:]
    return message
