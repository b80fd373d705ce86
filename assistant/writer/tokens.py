"""The tokens of the embedded model, read from its own file.

Owns: `tokenizer_of`, `end_of_text`. Does not own: the weights
(`assistant.writer.weights`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_END = "<|im_end|>"


def tokenizer_of(path: Path) -> Tokenizer:
    """Return the byte-level BPE of the GGUF file at `path`, digits one by one."""
    from gguf import GGUFReader
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    fields: Any = GGUFReader(path).fields
    words: list[str] = fields["tokenizer.ggml.tokens"].contents()
    merges: list[str] = fields["tokenizer.ggml.merges"].contents()
    pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in merges)]
    tokenizer: Any = Tokenizer(models.BPE({word: at for at, word in enumerate(words)}, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def end_of_text(tokenizer: Tokenizer) -> int:
    """Return the token that ends an answer."""
    token: int | None = tokenizer.token_to_id(_END)
    assert token is not None
    return token
