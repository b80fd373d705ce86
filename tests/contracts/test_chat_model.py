"""What every language model behind the seam must do."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pytest
from pydantic import SecretStr

from assistant.embedded import EmbeddedChatModel
from assistant.llm import ChatModel, LlmConfig, open_chat_model
from catalog.errors import ChatModelTimeoutError
from tests.openai_server import openai_server
from tests.scripted_model import ScriptedChatModel


def _scripted() -> Iterator[ChatModel]:
    yield ScriptedChatModel(["Hello there, friend."])


def _endpoint() -> Iterator[ChatModel]:
    with openai_server(replies=["Hello there, friend."]) as server:
        model = open_chat_model(LlmConfig("endpoint", server.url, "scripted", SecretStr("sk-test")))
        assert model is not None
        yield model


def _embedded() -> Iterator[ChatModel]:
    model = EmbeddedChatModel(threads=1, most_tokens=12)
    assert "".join(model.complete("Answer.", "Say hello.", deadline_s=30))
    yield model


@pytest.fixture(
    params=[
        pytest.param(_scripted, id="scripted"),
        pytest.param(_endpoint, id="endpoint"),
        pytest.param(_embedded, id="embedded", marks=pytest.mark.slow),
    ]
)
def model(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    yield from request.param()


def test_says_who_it_is(model: ChatModel) -> None:
    assert model.name
    assert model.status.tier in ("embedded", "endpoint")
    assert model.status.model == model.name


def test_answers_in_pieces(model: ChatModel) -> None:
    pieces = list(model.complete("You are brief.", "Say hello.", deadline_s=30))
    assert len(pieces) > 1
    assert all(isinstance(piece, str) for piece in pieces)
    assert "".join(pieces).strip()


def test_answers_the_same_twice(model: ChatModel) -> None:
    first, second = (
        "".join(model.complete("You are brief.", "Name a colour.", deadline_s=30)) for _ in range(2)
    )
    assert first == second


def test_can_be_abandoned_and_asked_again(model: ChatModel) -> None:
    started = model.complete("You are brief.", "Say hello.", deadline_s=30)
    assert next(iter(started))
    started.close()  # type: ignore[attr-defined]
    assert "".join(model.complete("You are brief.", "Say hello.", deadline_s=30))


def test_keeps_a_deadline_that_has_passed(model: ChatModel) -> None:
    start = monotonic()
    with pytest.raises(ChatModelTimeoutError):
        list(model.complete("You are brief.", "Say hello.", deadline_s=0))
    assert monotonic() - start < 0.5
