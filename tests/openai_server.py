"""A local server that speaks the OpenAI chat protocol, with a scripted model behind it.

Real sockets, real HTTP, real server-sent events: only the model is scripted.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal

from tests.serving import handled

Behaviour = Literal[
    "answer", "stall", "slow", "break", "malformed", "wrong_shape", "endless", "huge_line",
    "compressed", "redirect", "not_http",
]  # fmt: skip


@dataclass
class ScriptedServer:
    """What the server does next, and what it was asked.

    Attributes
    ----------
    replies : list of str or callable
        Taken in order; the last one is kept. A callable is given the request's body. Where the
        answer is not streamed, it may return a whole message: tool calls, for instance.
    status : int
        HTTP status; other than 200 is an error object.
    behaviour : Behaviour
        How the answer is sent.
    pause_s : float
        Between pieces, where the behaviour is slow.
    """

    replies: list[str | Callable[[dict[str, Any]], Any]] = field(default_factory=lambda: ["Hello."])
    status: int = 200
    behaviour: Behaviour = "answer"
    pause_s: float = 0.1
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sent: int = 0
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def reply(self, body: dict[str, Any]) -> Any:
        """Return the next reply to `body`."""
        chosen = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return chosen(body) if callable(chosen) else chosen


@contextmanager
def openai_server(**script: Any) -> Iterator[ScriptedServer]:
    """Serve on a free loopback port for the length of the block."""
    scripted = ScriptedServer(**script)

    class _Handler(_ChatHandler):
        script = scripted

    with handled(_Handler) as address:
        scripted.url = f"{address}/v1"
        try:
            yield scripted
        finally:
            scripted.released.set()


class _ChatHandler(BaseHTTPRequestHandler):
    script: ScriptedServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.script.requests.append({"path": self.path, **body})
        self.script.keys.append(self.headers.get("Authorization", ""))
        try:
            self._answer(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _answer(self, body: dict[str, Any]) -> None:
        script = self.script
        if script.behaviour == "not_http":
            self.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
            return
        if script.behaviour == "redirect":
            self._head(307, Location="http://127.0.0.1:9/v1/chat/completions")
            self._end()
            return
        if script.status != 200:
            self._head(script.status)
            error = {"message": f"scripted: key {self.headers.get('Authorization')}", "type": "x"}
            self._send(json.dumps({"error": error}).encode())
            self._end()
            return
        if body.get("stream"):
            extra = {"Content_Encoding": "gzip"} if script.behaviour == "compressed" else {}
            self._head(200, Content_Type="text/event-stream", **extra)
            self._stream(_pieces(script.reply(body)))
        else:
            self._head(200)
            reply = script.reply(body)
            message = {"role": "assistant", "content": None}
            message |= reply if isinstance(reply, dict) else {"content": reply}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "scripted"}
            if script.behaviour == "stall":
                script.released.wait(30)
            self._send(json.dumps({**whole, "choices": [choice]}).encode())
            self._end()

    def _stream(self, pieces: Sequence[str]) -> None:
        script = self.script
        for number, piece in enumerate(pieces):
            if script.behaviour == "stall" and number == len(pieces) // 2:
                script.released.wait(30)
                return
            if script.behaviour == "break" and number == len(pieces) // 2:
                self.connection.shutdown(2)
                return
            if script.behaviour == "slow":
                script.released.wait(script.pause_s)
            self._event({"choices": [{"index": 0, "delta": {"content": piece}}]})
        match script.behaviour:
            case "malformed":
                self._send(b'data: {"choices": [{"index": 0, "delta": {"cont\n\n')
            case "wrong_shape":
                self._event({"choices": [{"index": 0, "delta": 7}]})
            case "endless":
                while not script.released.is_set():
                    self._event({"choices": [{"index": 0, "delta": {"content": "word " * 200}}]})
            case "huge_line":
                self._send(b"data: ")
                for _ in range(50):
                    self._send(b"x" * 1_000_000)
            case _:
                self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                self._send(b"data: [DONE]\n\n")
        self._end()

    def _event(self, event: dict[str, Any]) -> None:
        head = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
        self._send(f"data: {json.dumps({**head, **event})}\n\n".encode())

    def _head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        every = {"Content_Type": "application/json", "Transfer_Encoding": "chunked"}
        for name, value in {**every, "Connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _send(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()
        self.script.sent += len(data)

    def _end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")


def _pieces(text: str) -> list[str]:
    """Cut `text` at odd places, as a model's tokens do."""
    return [text[start : start + 7] for start in range(0, len(text), 7)] or [""]
