"""Words in common.

Owns: `LexicalRetriever` and its tokens. Does not own: BM25 itself (bm25s) or the item's text
(`Catalog.document`).
"""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass

import bm25s
import numpy as np
from bm25s.stopwords import STOPWORDS_EN

from catalog import Catalog, Mask
from retrieval.query import Hits, Query

_STOPWORDS = frozenset(STOPWORDS_EN)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class LexicalConfig:
    """BM25's two knobs, at the values that held over many collections.

    A lower `b` than the usual 0.75 matters where some items have a description and others only a
    title: a strong length norm prefers the bare titles (Trotman, Puurula & Burgess, "Improvements
    to BM25 and language models examined", ADCS 2014).

    Attributes
    ----------
    k1 : float
        How soon repeats of a word stop counting; at least 0.
    b : float
        How much long texts are held back, in [0, 1].
    """

    k1: float = 0.9
    b: float = 0.4


class LexicalRetriever:
    """BM25 over the items' documents, in Lucene's variant, scored over the whole catalogue.

    Building is linear in the words of the catalogue (about a second for 10,000 documents of 70
    words); a query costs the postings of its words.

    References
    ----------
    Robertson & Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009. Lù,
    "BM25S: Orders of magnitude faster lexical search via eager sparse scoring", 2024.
    """

    name = "lexical"

    def __init__(self, catalog: Catalog, config: LexicalConfig | None = None) -> None:
        # The library sets its own logger to DEBUG on import.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        config = config or LexicalConfig()
        documents = [tokens(catalog.document(row)) for row in range(len(catalog))]
        self._index = bm25s.BM25(method="lucene", k1=config.k1, b=config.b)
        self._index.index(documents, show_progress=False)

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; an item without a word of the query is no hit."""
        words = self._index.get_tokens_ids(tokens(query.text))
        if not words:
            return Hits.empty()
        scores = self._index.get_scores_from_ids(words)
        return Hits.top(np.asarray(scores, np.float32), allowed & (scores > 0), k)


def tokens(text: str) -> list[str]:
    """Return the words of `text`: case and accents folded, plurals cut, stopwords left out."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return [_singular(word) for word in _WORD.findall(plain) if word not in _STOPWORDS]


def _singular(word: str) -> str:
    """Cut an English plural: the S stemmer of Harman, "How effective is suffixing?", 1991."""
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return f"{word[:-3]}y"
    if (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("us", "ss", "aes", "ees", "oes"))
    ):
        return word[:-1]
    return word
