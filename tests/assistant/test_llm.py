"""The endpoint against a real local server, at its best and at its worst."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.llm import ChatModel, LlmConfig, open_chat_model
from catalog.errors import (
    ChatModelError,
    ChatModelTimeoutError,
    ConfigurationError,
    ModelError,
)
from tests.openai_server import ScriptedServer, openai_server

SECRET = "sk-very-secret"


def _model(server: ScriptedServer, retries: int = 0) -> ChatModel:
    config = LlmConfig("endpoint", server.url, "scripted", SecretStr(SECRET), retries=retries)
    model = open_chat_model(config)
    assert model is not None
    return model


def _ask(server: ScriptedServer, deadline_s: float = 5.0, retries: int = 0) -> str:
    model = _model(server, retries)
    return "".join(model.complete("Be brief.", "Hello?", deadline_s=deadline_s))


def test_sends_the_messages_the_model_and_the_key() -> None:
    with openai_server(replies=["All is well."]) as server:
        assert _ask(server) == "All is well."
    (request,) = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["model"] == "scripted"
    assert [message["content"] for message in request["messages"]] == ["Be brief.", "Hello?"]
    assert server.keys == [f"Bearer {SECRET}"]


def test_streams_as_the_server_writes() -> None:
    with openai_server(replies=["one two three four five"], behaviour="slow") as server:
        start = monotonic()
        pieces = _model(server).complete("", "Hello?", deadline_s=5)
        next(iter(pieces))
        first = monotonic() - start
        list(pieces)
        assert first < monotonic() - start - 0.15


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_names_the_status_and_never_the_key(status: int) -> None:
    with openai_server(status=status) as server, pytest.raises(ChatModelError) as caught:
        _ask(server)
    assert f"HTTP {status}" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_repeats_a_refused_request_as_often_as_configured() -> None:
    with openai_server(status=500) as server, pytest.raises(ChatModelError):
        _ask(server, retries=1)
    assert len(server.requests) == 2


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize(
    "behaviour",
    ["break", "malformed", "wrong_shape", "compressed", "redirect", "not_http", "huge_line"],
)
def test_a_broken_endpoint_is_an_error_and_soon(behaviour: Any) -> None:
    start = monotonic()
    with openai_server(replies=["Half of it"], behaviour=behaviour) as server:
        with pytest.raises(ChatModelError):
            _ask(server)
        assert monotonic() - start < 4
        assert server.sent < 12_000_000


def test_an_endless_answer_is_cut_off() -> None:
    with openai_server(behaviour="endless") as server, pytest.raises(ChatModelError, match="more"):
        _ask(server)


@pytest.mark.parametrize("behaviour", ["stall", "slow"])
def test_the_deadline_holds_in_mid_stream(behaviour: Any) -> None:
    with openai_server(replies=["word " * 400], behaviour=behaviour, pause_s=0.2) as server:
        _ask_once = _model(server)
        got: list[str] = []
        start = monotonic()
        with pytest.raises(ChatModelTimeoutError):
            got.extend(_ask_once.complete("", "Hello?", deadline_s=1.5))
        assert monotonic() - start < 2.0


def test_nobody_listening_is_an_error() -> None:
    with openai_server() as server:
        pass
    with pytest.raises(ChatModelError):
        _ask(server)


@pytest.mark.slow
def test_a_stalled_request_does_not_hold_the_process() -> None:
    script = (
        "import sys\n"
        "from assistant.llm import LlmConfig, open_chat_model\n"
        "model = open_chat_model(LlmConfig('endpoint', sys.argv[1], 'scripted'))\n"
        "next(iter(model.complete('', 'Hello?', deadline_s=60)))\n"
    )
    with openai_server(replies=["word " * 400], behaviour="stall") as server:
        done = subprocess.run(
            [sys.executable, "-c", script, server.url],
            timeout=25,
            check=False,
            capture_output=True,
            cwd=Path(__file__).parents[2],
        )
    assert done.returncode == 0, done.stderr.decode()


def test_none_is_no_model() -> None:
    assert open_chat_model(LlmConfig()) is None


@pytest.mark.parametrize(
    "config", [LlmConfig("endpoint", model="m"), LlmConfig("endpoint", "http://127.0.0.1:9/v1")]
)
def test_an_endpoint_without_key_or_model_is_refused_at_once(config: LlmConfig) -> None:
    with pytest.raises(ConfigurationError):
        open_chat_model(config)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        open_chat_model(LlmConfig("embedded", model_path=tmp_path / "nowhere.gguf"))


def test_weights_that_are_none_fail_in_words(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF? no")
    model = open_chat_model(LlmConfig("embedded", model_path=path))
    assert model is not None
    with pytest.raises(ChatModelError, match="broken"):
        list(model.complete("", "Hello?", deadline_s=10))


def test_importing_the_seam_loads_no_client() -> None:
    script = "import sys, assistant.llm, assistant.explanation\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert not loaded & {"langchain_core", "langchain_openai", "openai", "xllamacpp", "torch"}
