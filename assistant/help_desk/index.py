"""Finding the passage that a question is about.

Owns: `HelpIndex`, `Hit`. Does not own: whether the message is such a question, or the passage an
answer (`assistant.help_desk.judge`). Built at start and kept in memory: three kinds of vectors and
BM25 over a few hundred passages.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

from assistant.help_desk.glossary import folded
from assistant.help_desk.pages import Passage
from assistant.sentences import SentenceSplitter
from assistant.understanding.english import FILLER, FUNCTION
from assistant.understanding.english_words import EVERYDAY
from retrieval.embedder import Embedder, Vectors
from retrieval.lexical import LexicalConfig, tokens

_BARE = FUNCTION | FILLER
# What one point of BM25 adds to a cosine; few questions share words worth more than ten points.
_LEXICAL = 0.02
# Words at least so near say the same: "parcel" and "package".
_LIKE = 0.7
_EVERYDAY_WORTH = 0.5
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """The passage nearest to a question.

    Attributes
    ----------
    place : int
        Of the passage, in the index.
    similarity : float
        Mean cosine of the question to the whole passage, its headings and its nearest sentence.
    shared : float
        BM25 of the words in common.
    """

    place: int
    similarity: float
    shared: float


class HelpIndex:
    """Passages by meaning and by words.

    Building embeds each passage, its headings, its sentences and each word once; a search is linear
    in their number. Safe to share between threads.

    Parameters
    ----------
    passages : sequence of Passage
        At least one.
    embedder : Embedder
        The catalogue's own.
    """

    def __init__(self, passages: Sequence[Passage], embedder: Embedder) -> None:
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self.passages = tuple(passages)
        self._embedder = embedder
        texts = [f"{passage.place}. {passage.text}" for passage in passages]
        self.sentences = tuple(sentences(passage.text) for passage in passages)
        told = [
            f"{passage.title}: {sentence}"
            for passage, found in zip(passages, self.sentences, strict=True)
            for sentence in found
        ]
        self._starts = np.cumsum([0, *map(len, self.sentences)])[:-1]
        self._whole = embedder.embed(texts)
        self._heads = embedder.embed([passage.place for passage in passages])
        self._sentences = embedder.embed(told)
        lexical = LexicalConfig()
        self._bm25 = bm25s.BM25(method="lucene", k1=lexical.k1, b=lexical.b)
        # Headings say twice what a passage is about.
        documents = [f"{p.heading} {text}" for p, text in zip(passages, texts, strict=True)]
        self._bm25.index([tokens(text) for text in documents], show_progress=False)
        words = [content_words(folded(text)) for text in texts]
        known = sorted({word for found in words for word in found}) or [""]
        row = {word: place for place, word in enumerate(known)}
        self._words = embedder.embed(known)
        self._held = [np.array([row[word] for word in found], np.intp) for found in words]

    def search(self, question: Vectors, words: str) -> Hit:
        """Return the passage nearest to a question.

        Parameters
        ----------
        question : float32 array, shape (dimensions,)
            The question's vector.
        words : str
            Its words and what help pages may call them.
        """
        similarity = (self._whole @ question + self._heads @ question + self.nearness(question)) / 3
        ids = self._bm25.get_tokens_ids(tokens(words))
        shared = np.zeros(len(self.passages), np.float32)
        if ids:
            shared += np.asarray(self._bm25.get_scores_from_ids(ids), np.float32)
        place = int(np.argmax(similarity + _LEXICAL * shared))
        return Hit(place, float(similarity[place]), float(shared[place]))

    def nearness(self, question: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each passage's nearest sentence, shape (n_passages,)."""
        return np.maximum.reduceat(self._sentences @ question, self._starts)

    def sentence_scores(self, question: NDArray[np.float32], place: int) -> NDArray[np.float32]:
        """Return the cosine of each sentence of a passage, in order."""
        start = int(self._starts[place])
        return self._sentences[start : start + len(self.sentences[place])] @ question

    def unlike(self, words: Sequence[str], place: int) -> float:
        """Return how many of `words` a passage has nothing like.

        Each counts by how far the nearest word of the passage stays below a cosine of 0.7, an
        everyday one half.
        """
        held = self._words[self._held[place]]
        if not words or not len(held):
            return float(len(words))
        nearest = (self._embedder.embed(words) @ held.T).max(axis=1)
        worth = np.array([_EVERYDAY_WORTH if word in EVERYDAY else 1.0 for word in words])
        return float(worth @ np.maximum(_LIKE - nearest, 0))


def content_words(plain: str) -> tuple[str, ...]:
    """Return the words of folded text that carry content, without repeats, in order."""
    return tuple(
        dict.fromkeys(
            word
            for word in plain.split()
            if word not in _BARE and not word.isdigit() and 1 < len(word) <= _LONGEST_WORD
        )
    )


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`, each as it stands there."""
    splitter = SentenceSplitter()
    return (*splitter.feed(text), *splitter.close())
