"""What is quoted of a passage.

Owns: `quoted`. Does not own: which passage. A quote stands in the passage word for word and begins
and ends with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def quoted(text: str, sentences: Sequence[str], scores: NDArray[np.float32], longest: int) -> str:
    """Return `text`, or sentences of it in a row around the best one, `longest` characters at most.

    A single longer sentence is quoted whole.

    Parameters
    ----------
    text : str
        The passage.
    sentences : sequence of str
        Its sentences, in order, each as it stands there.
    scores : float32 array, shape (n_sentences,)
        How near each is to the question.
    longest : int
        In characters.
    """
    if len(text) <= longest:
        return text
    starts: list[int] = []
    for sentence in sentences:
        starts.append(text.index(sentence, starts[-1] + 1 if starts else 0))
    ends = [start + len(sentence) for start, sentence in zip(starts, sentences, strict=True)]
    first = last = int(np.argmax(scores))
    while True:
        fits: dict[float, tuple[int, int]] = {}
        if first > 0 and ends[last] - starts[first - 1] <= longest:
            fits[float(scores[first - 1])] = (first - 1, last)
        if last + 1 < len(ends) and ends[last + 1] - starts[first] <= longest:
            fits[float(scores[last + 1])] = (first, last + 1)
        if not fits:
            return text[starts[first] : ends[last]]
        first, last = fits[max(fits)]
