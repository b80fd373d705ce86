"""A caller who leaves in the middle of a turn: nobody goes on working for them."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from fastapi import FastAPI

from assistant.engine import Assistant
from assistant.events import Event
from assistant.explanation import Explainer
from assistant.llm import EndpointChatModel, LlmConfig
from assistant.state import Session
from tests.openai_server import ScriptedServer, openai_server
from tests.ui.api.conftest import api_client, opened
from tests.ui.api.test_metrics import KEY, figures
from ui.api import create_api
from ui.service import Service

LINE = "{pick} is a fine choice, and there is much more to be said about it than this\n"
REPLY = "".join(f"{slot}: {LINE}" for slot in range(1, 6))


class Watched(Assistant):
    """An assistant that says when one of its turns was closed."""

    closed: threading.Event

    def respond(self, session: Session, message: object) -> Generator[Event]:
        try:
            yield from super().respond(session, message)  # pyright: ignore[reportArgumentType]
        except GeneratorExit:
            self.closed.set()
            raise


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    """Serve `app` on a free loopback port for the length of the block."""
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def endpoint() -> Iterator[ScriptedServer]:
    with openai_server(replies=[REPLY], behaviour="slow", pause_s=0.03) as server:
        yield server


def test_the_language_model_is_no_longer_read(
    service: Service, shop: Assistant, endpoint: ScriptedServer
) -> None:
    model = EndpointChatModel(LlmConfig("endpoint", endpoint.url, "scripted"))
    assistant = Watched(replace(shop._parts, explainer=Explainer(shop.catalog, model)))
    assistant.closed = threading.Event()
    api = create_api(replace(service, assistant=assistant))
    with serving(api) as port:
        with api_client(replace(service, assistant=assistant)) as opener:
            path, token = opened(opener)
        body = json.dumps({"message": "a kettle"}).encode()
        head = (
            f"POST {path.removeprefix('/v1')}/turns HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: {token['Authorization']}\r\nAccept: text/event-stream\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.sendall(head.encode() + body)
            seen = b""
            while seen.count(b"event: prose") < 2:  # what needs no model, and the first pick
                seen += caller.recv(65_536)
            assert seen.index(b"event: cards") < seen.index(b"event: prose")
        assert assistant.closed.wait(10)
        time.sleep(0.3)
        sent = endpoint.sent
        time.sleep(0.3)
        assert endpoint.sent == sent
        assert 0 < sent < 15 * len(REPLY)  # all of it is some twenty bytes for each character
        request = f"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.sendall(f"{request}Authorization: {KEY['Authorization']}\r\n\r\n".encode())
            text = b"".join(iter(lambda: caller.recv(65_536), b"")).decode()
    assert figures(text.partition("\r\n\r\n")[2])["vouch_turns_total left"] == 1
    stored = assistant.resume(path.rpartition("/")[2])
    assert len(stored.turns) == 1
    assert stored.turns[0].cards
