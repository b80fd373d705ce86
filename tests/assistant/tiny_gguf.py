"""A language model of two layers and 300 tokens, with weights drawn from a seed, as a GGUF file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType, quantize
from tokenizers import pre_tokenizers

WIDTH, INNER, LAYERS, HEADS, KEY_HEADS = 64, 128, 2, 4, 2
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def write_tiny(path: Path, *, packed: bool = False, seed: int = 0) -> Path:
    """Write the model to `path` and return it; `packed` holds its matrices in Q4_1."""
    rng = np.random.default_rng(seed)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*_SPECIAL, *letters, "Ġa", "Ġt"]
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(words)
    kinds = [TokenType.CONTROL] * len(_SPECIAL)
    writer.add_token_types([*kinds, *[TokenType.NORMAL] * (len(words) - len(kinds))])
    writer.add_token_merges(["Ġ a", "Ġ t"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)

    def add(name: str, rows: int, columns: int) -> None:
        weight = rng.normal(0, columns**-0.5, (rows, columns)).astype(np.float32)
        if packed and name.startswith("blk."):
            kind = GGMLQuantizationType.Q4_1
            writer.add_tensor(f"{name}.weight", quantize(weight, kind), raw_dtype=kind)
        else:
            writer.add_tensor(f"{name}.weight", weight)

    add("token_embd", len(words), WIDTH)
    narrow = WIDTH * KEY_HEADS // HEADS
    for at in range(LAYERS):
        for name, rows, columns in (
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", narrow, WIDTH),
            ("attn_v", narrow, WIDTH),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", INNER, WIDTH),
            ("ffn_up", INNER, WIDTH),
            ("ffn_down", WIDTH, INNER),
        ):
            add(f"blk.{at}.{name}", rows, columns)
        for name in ("attn_norm", "ffn_norm"):
            weight = rng.normal(1, 0.1, WIDTH).astype(np.float32)
            writer.add_tensor(f"blk.{at}.{name}.weight", weight)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
