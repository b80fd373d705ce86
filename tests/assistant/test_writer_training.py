"""The embedded model's recipe: one network in torch and in llama.cpp, one adapter from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("gguf")

from assistant.writer.pairs import Pair
from assistant.writer.tokens import end_of_text, tokenizer_of
from assistant.writer.weights import (
    read_changes,
    read_shape,
    read_weights,
    requantised,
    write_tuned,
)
from tests.assistant.tiny_gguf import LAYERS, write_tiny

BRIEF = "film\nasked: tense in mood\nway 3:"
PAIRS = tuple(
    Pair(
        "film",
        str(at),
        "film",
        (f"asked: {word} in mood",),
        ((1, f"{{pick}} is {word}."), (2, f"So {word}.")),
    )
    for at, word in enumerate(("tense", "warm", "bleak", "quirky", "epic", "dark"))
)


def _server(path: Path) -> Any:
    xllamacpp: Any = pytest.importorskip("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = 256
    params.warmup = False
    params.verbosity = -1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    return xllamacpp.Server(params)


def test_torch_and_llama_cpp_agree(tmp_path: Path) -> None:
    import torch

    from assistant.writer.network import Network

    # Of this seed the likeliest tokens are whole characters, without which none are reported.
    path = write_tiny(tmp_path / "tiny.gguf", seed=1)
    tokenizer = tokenizer_of(path)
    network = Network(read_weights(path), read_shape(path), frozen=1, rank=0, alpha=1.0)
    ids = torch.tensor([tokenizer.encode(BRIEF).ids])
    places = torch.arange(ids.shape[1])[None]
    seen = torch.ones(ids.shape[1], ids.shape[1], dtype=torch.bool).tril()[None, None]
    with torch.inference_mode():
        states = network.upper(network.lower(ids, places, seen), places, seen)
        chances = network.logits(states[0, -1]).log_softmax(-1)
    answers: list[Any] = []
    _server(path).handle_completions(
        {"prompt": BRIEF, "max_tokens": 1, "temperature": 0, "n_probs": 5},
        answers.append,
    )
    theirs = answers[0]["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
    assert len(theirs) == 5
    for entry in theirs:
        assert chances[entry["id"]].item() == pytest.approx(entry["logprob"], abs=0.01)


def test_a_telling_sees_its_brief_and_itself_only(tmp_path: Path) -> None:
    import torch

    from assistant.writer.network import Network
    from assistant.writer.train_writer import row_of

    path = write_tiny(tmp_path / "tiny.gguf")
    tokenizer = tokenizer_of(path)
    network = Network(read_weights(path), read_shape(path), frozen=1, rank=0, alpha=1.0)

    def states(pair: Pair) -> torch.Tensor:
        row = row_of(pair, tokenizer)
        with torch.inference_mode():
            lower = network.lower(row.ids[None], row.places[None], row.seen[None, None])
            return network.upper(lower, row.places[None], row.seen[None, None])[0]

    both = PAIRS[0]
    alone = Pair("film", "0", "film", both.lines, both.tellings[1:])
    length = len(row_of(alone, tokenizer).ids) - len(
        tokenizer.encode("film\nasked: tense in mood\nway").ids
    )
    torch.testing.assert_close(states(both)[-length:], states(alone)[-length:])
    targets = row_of(alone, tokenizer).targets
    told = targets[targets >= 0].tolist()
    assert told[-1] == end_of_text(tokenizer)
    assert tokenizer.decode(told[:-1]) == " So tense."


def test_the_same_seed_gives_the_same_adapter(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    from assistant.writer.train_writer import WriterConfig, train_writer

    source = write_tiny(tmp_path / "tiny.gguf", packed=True)

    def adapter(name: str, seed: int) -> dict[str, Any]:
        config = WriterConfig(frozen=1, rank=4, epochs=8, batch=2, rate=1e-2, seed=seed, threads=1)
        report = train_writer(PAIRS[1:], PAIRS[:1], source, tmp_path / name, config)
        assert report.losses[-1] < report.losses[0]
        assert report.tellings == 10
        assert (tmp_path / name / "recipe.json").exists()
        return load_file(tmp_path / name / "adapter.safetensors")

    one, again, other = adapter("one", 0), adapter("again", 0), adapter("other", 1)
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert any(not np.array_equal(one[name], other[name]) for name in one)
    assert {name.split(".")[1] for name in one} == {"1"}  # the upper layer


def test_the_file_that_is_run_is_the_sum(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    source = write_tiny(tmp_path / "tiny.gguf", packed=True)
    before, rng = read_weights(source), np.random.default_rng(1)
    thin = {
        "blk.1.ffn_up.up": rng.normal(0, 0.1, (128, 4)).astype(np.float16),
        "blk.1.ffn_up.down": rng.normal(0, 0.1, (4, 64)).astype(np.float16),
    }
    save_file(thin, tmp_path / "adapter.safetensors")
    changes = read_changes(tmp_path / "adapter.safetensors")
    write_tuned(source, changes, tmp_path / "tuned.gguf")
    after = read_weights(tmp_path / "tuned.gguf")
    assert read_shape(tmp_path / "tuned.gguf").layers == LAYERS
    assert not list(tmp_path.glob("*.part"))
    for name, weight in after.items():
        sought = before[name] + changes.get(name, np.float32(0))
        packed = name.startswith("blk.") and "norm" not in name
        np.testing.assert_array_equal(weight, requantised(sought) if packed else sought)
    answers: list[Any] = []
    _server(tmp_path / "tuned.gguf").handle_completions(
        {"prompt": BRIEF, "max_tokens": 3}, answers.append
    )
    assert "choices" in answers[0]
