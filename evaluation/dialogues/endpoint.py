"""A language model that says what a file of dialogues tells it to.

Owns: `ScriptedEndpoint`, a server on this machine that speaks the OpenAI chat protocol, so that a
scripted reply takes the same way as a real one. Does not own: what becomes of the replies.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from assistant.prompts import load_prompt

_PIECE = 7
_READS_NOTHING = "{}"


class ScriptedEndpoint:
    """Serves on a free loopback port inside a ``with`` block.

    A request to read a message is answered from the readings, any other from the replies. Each
    queue is taken in order, its last entry kept.
    """

    def __init__(self) -> None:
        self._replies: list[str] = []
        self._readings: list[str] = []
        # The words before the first variable tell a reading from the rest.
        self._reads = load_prompt("understand").system.partition("$")[0]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self) -> str:
        """The base URL for ``llm.base_url``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, replies: Sequence[str], readings: Sequence[str] = ()) -> None:
        """Say `replies` and `readings` from now on; without readings nothing is read."""
        self._replies = list(replies)
        self._readings = list(readings) or [_READS_NOTHING]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _next(self, body: dict[str, Any]) -> str:
        system = str(body["messages"][0]["content"])
        queue = self._readings if system.startswith(self._reads) else self._replies
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class _Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def do_POST(self) -> None:
                """Stream the next reply in pieces, as a model's tokens come."""
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                # Who has heard enough hangs up.
                with suppress(BrokenPipeError, ConnectionResetError):
                    self._stream(endpoint._next(body))

            def _stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for start in range(0, len(text), _PIECE):
                    self._send({"content": text[start : start + _PIECE]}, None)
                self._send({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

            def _send(self, delta: dict[str, str], finish: str | None) -> None:
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                head = {"id": "1", "object": "chat.completion.chunk", "created": 0}
                event = json.dumps({**head, "model": "scripted", "choices": [choice]})
                self.wfile.write(f"data: {event}\n\n".encode())

        return _Handler
