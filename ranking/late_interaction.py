"""Reading a request against an item word by word, fast enough for every turn.

Owns: `item_text`, `TokenVectors` (every item's token vectors, on disk), `LateInteraction`. Does not
own: the network that makes the vectors (`ranking.token_encoder`) or choosing an engine
(`ranking.reranker`).

An item's vectors do not depend on the request, so they are computed once per catalogue. A turn
encodes one short text and takes inner products: Khattab & Zaharia, "ColBERT: efficient and
effective passage search via contextualized late interaction over BERT", SIGIR 2020.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from catalog import Catalog
from catalog.progress import Progress, silent
from retrieval.query import Rows, Scores

_VECTORS, _OFFSETS = "vectors.npy", "offsets.npy"


class TokenEngine(Protocol):
    """Runs the trained encoder.

    Attributes
    ----------
    batch : int
        How many texts at once it reads fastest, when there are many.
    """

    batch: int

    def run(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return (batch, tokens, dimensions + 1): unit vectors, then the token's weight."""
        ...


def item_text(catalog: Catalog, row: int) -> str:
    """Return what the reranker reads about an item: title, the values of all facets, texts.

    Values come without the facets' names and numbers with their unit: ``"Heat (1995). 170 min.
    Action, Crime. Michael Mann. ..."``. Unlike `Catalog.document` it has the numbers and the
    facets that are no use to search, because people ask for them.
    """
    item, year = catalog.items[row], catalog.schema.by_role("year")
    parts = [catalog.name(row)]
    for facet in catalog.schema.facets:
        if facet.name in item.numbers and facet is not year:
            parts.append(facet.display(item.numbers[facet.name]))
        elif item.flags.get(facet.name, False):
            parts.append(facet.label)
        elif values := item.labels.get(facet.name):
            parts.append(", ".join(values))
    parts.extend(text for text in item.texts.values() if text)
    return ". ".join(part.rstrip(". ") for part in parts) + "."


def dropped_tokens(tokenizer: Tokenizer) -> NDArray[np.bool_]:
    """Return which token ids say nothing about an item, shape (vocabulary,).

    Punctuation and the end mark; the start mark stays, since it stands for the whole text.
    """
    dropped = np.zeros(tokenizer.get_vocab_size(), np.bool_)
    for token, index in tokenizer.get_vocab().items():
        dropped[index] = token == "[SEP]" or not any(char.isalnum() for char in token)  # noqa: S105
    return dropped


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Token vectors of a whole catalogue, read from disk as they are needed.

    Attributes
    ----------
    vectors : float16 array, shape (n_tokens, dimensions)
        Unit vectors, item after item; memory-mapped.
    offsets : int64 array, shape (n_items + 1,)
        Where each row's vectors start; every item has at least one.
    """

    vectors: NDArray[np.float16]
    offsets: NDArray[np.int64]

    @classmethod
    def open(cls, folder: Path) -> TokenVectors:
        """Return what `build` left in `folder`."""
        vectors = np.asarray(np.load(folder / _VECTORS, mmap_mode="r"))  # slices cost less
        return cls(vectors, np.load(folder / _OFFSETS))

    @classmethod
    def build(
        cls,
        catalog: Catalog,
        engine: TokenEngine,
        tokenizer: Tokenizer,
        folder: Path,
        progress: Progress = silent,
    ) -> TokenVectors:
        """Encode every item of `catalog` into `folder`: whole or not at all.

        Linear in the tokens of the catalogue; 256 bytes of disk per token at 128 dimensions.
        """
        ids = [e.ids for e in tokenizer.encode_batch(
            [item_text(catalog, row) for row in range(len(catalog))]
        )]  # fmt: skip
        dropped = dropped_tokens(tokenizer)
        kept = [np.flatnonzero(~dropped[np.asarray(text)]) for text in ids]
        offsets = np.cumsum([0, *(len(places) for places in kept)], dtype=np.int64)
        order = np.argsort([len(text) for text in ids], kind="stable")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            partial = Path(scratch) / folder.name
            partial.mkdir()
            np.save(partial / _OFFSETS, offsets)
            vectors: NDArray[np.float16] | None = None
            for start in range(0, len(order), engine.batch):
                batch = [int(row) for row in order[start : start + engine.batch]]
                encoded = encode(engine, [ids[row] for row in batch])
                if vectors is None:
                    shape = (int(offsets[-1]), encoded[0].shape[1] - 1)
                    vectors = np.lib.format.open_memmap(
                        partial / _VECTORS, mode="w+", dtype=np.float16, shape=shape
                    )
                for row, tokens in zip(batch, encoded, strict=True):
                    vectors[offsets[row] : offsets[row + 1]] = tokens[kept[row], :-1]
                progress("Reading the catalogue for reranking", start + len(batch), len(order))
            del vectors  # flushes the map
            if not folder.exists():  # another start may have been quicker
                os.replace(partial, folder)
        return cls.open(folder)


def encode(engine: TokenEngine, ids: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
    """Return (tokens, dimensions + 1) for each text, padding taken off again."""
    longest = max(len(text) for text in ids)
    tokens = np.zeros((len(ids), longest), np.int64)
    mask = np.zeros((len(ids), longest), np.int64)
    for place, text in enumerate(ids):
        tokens[place, : len(text)] = text
        mask[place, : len(text)] = 1
    output = engine.run(tokens, mask)
    return [output[place, : len(text)] for place, text in enumerate(ids)]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Tokens of some rows, one after the other.

    Attributes
    ----------
    vectors : float32 array, shape (n_tokens, dimensions)
        Unit vectors.
    firsts : int64 array, shape (n_rows,)
        Where each row's tokens start.
    """

    vectors: NDArray[np.float32]
    firsts: NDArray[np.int64]


class LateInteraction:
    """`Reranker` that compares every word of a request with every word of an item.

    A pair's score is the mean over the request's tokens of the token's learned weight (which may
    be negative) times its best cosine with a token of the item, times the learned scale. It does
    not depend on the other pairs. Safe to share between threads.
    """

    def __init__(
        self,
        name: str,
        engine: TokenEngine,
        tokenizer: Tokenizer,
        items: TokenVectors,
        scale: float,
    ) -> None:
        self.name = name
        self._engine = engine
        self._tokenizer = tokenizer
        self._items = items
        self._scale = scale
        # One turn scores the same request for retrieval and for ranking.
        self._read = lru_cache(maxsize=128)(self._encode)
        # The same items are read again and again: 1,024 of them are some 30 MB.
        self._tokens = lru_cache(maxsize=1024)(self._of_item)
        self._kept: dict[int, NDArray[np.float32]] = {}

    def _encode(self, text: str) -> NDArray[np.float32]:
        (request,) = encode(self._engine, [self._tokenizer.encode(text).ids])
        return request

    def _of_item(self, row: int) -> NDArray[np.float32]:
        start, end = self._items.offsets[row : row + 2]
        return self._items.vectors[start:end].astype(np.float32)

    def score(self, text: str, rows: Rows) -> Scores:
        """See `Reranker.score`; linear in the tokens of `rows`."""
        if len(rows) == 0:
            return np.empty(0, np.float32)
        return self.compare(text, self.gather(rows))

    def gather(self, rows: Rows) -> Gathered:
        """Return the tokens of `rows`, at least one, in memory and ready to be compared."""
        kept, read = self._kept, self._tokens
        return _joined([kept[row] if row in kept else read(row) for row in rows.tolist()])

    def keep(self, rows: Rows) -> Gathered:
        """Return the tokens of `rows`, at least one, which `gather` need not read from here on."""
        gathered = _joined([self._of_item(row) for row in rows.tolist()])
        spans = np.split(gathered.vectors, gathered.firsts[1:])
        self._kept = dict(zip(rows.tolist(), spans, strict=True))
        return gathered

    def compare(self, text: str, items: Gathered) -> Scores:
        """Return the score of each gathered row, in their order."""
        request = self._read(text)
        vectors, weights = request[:, :-1], request[:, -1]
        best = np.maximum.reduceat(vectors @ items.vectors.T, items.firsts, axis=1)
        return (self._scale * (weights @ best) / len(weights)).astype(np.float32)


def _joined(spans: Sequence[NDArray[np.float32]]) -> Gathered:
    firsts = np.cumsum([0, *(len(span) for span in spans[:-1])])
    return Gathered(np.concatenate(spans), firsts)
