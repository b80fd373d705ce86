"""A local server that receives webhooks, as another system would: real sockets, real HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.serving import handled


@dataclass(frozen=True)
class Delivery:
    """One request: its headers by lower-case name, its body, and what it was answered with."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def json(self) -> dict[str, Any]:
        """The body."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What was received, and what is answered next.

    Attributes
    ----------
    statuses : list of int
        Taken in order; 200 when there are none left.
    """

    url: str = ""
    statuses: list[int] = field(default_factory=list[int])
    deliveries: list[Delivery] = field(default_factory=list[Delivery])

    @property
    def accepted(self) -> list[Delivery]:
        """What was answered with success."""
        return [delivery for delivery in self.deliveries if delivery.status == 200]

    def wait(self, count: int, seconds: float = 10.0) -> list[Delivery]:
        """Return what was accepted once that are `count`."""
        end = time.monotonic() + seconds
        while len(self.accepted) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.accepted) >= count, [d.status for d in self.deliveries]
        return self.accepted


@contextmanager
def receiving(*statuses: int) -> Iterator[Receiver]:
    """Receive on a free loopback port for the length of the block."""
    receiver = Receiver(statuses=list(statuses))

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.deliveries.append(Delivery(headers, body, status))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with handled(_Handler) as address:
        receiver.url = f"{address}/hook"
        yield receiver
