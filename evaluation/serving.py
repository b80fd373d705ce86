"""How many people one server talks with at once, and how long each of them waits.

Owns: `bench_serving`: a real server in a process of its own, people in threads, its report. Does
not own: what they say (`evaluation.latency`) or the server (`ui.app`).

Everyone opens a session over HTTP, takes turns as server-sent events, thinks for a while and
goes on; the clients share the machine with the server.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Catalog
from catalog.database import load_catalog, open_database
from catalog.errors import VouchError
from evaluation.latency import CONVERSATION, load, percentiles

_STARTS_S = 300.0
_ANSWERS_S = 60.0


@dataclass(frozen=True, slots=True)
class ServingReport:
    """Seconds that people waited.

    Attributes
    ----------
    users : int
        At the same time.
    seconds, think_s : float
        How long it went on, and how long everyone thinks between turns, on average.
    turns : int
        Taken in all.
    errors : tuple of str
        Answers that were not what they should be, at most ten of them told.
    failed : int
        How many there were.
    cards_s, turn_s : dict of str to float
        Until the cards were there, and until all of it was: ``p50``, ``p95``, ``max``.
    """

    users: int
    seconds: float
    think_s: float
    turns: int
    errors: tuple[str, ...]
    failed: int
    cards_s: dict[str, float]
    turn_s: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "users": self.users,
            "seconds": round(self.seconds, 1),
            "think_s": self.think_s,
            "turns": self.turns,
            "turns_per_second": round(self.turns / self.seconds, 2),
            "failed": self.failed,
            "errors": list(self.errors),
            "cards_s": self.cards_s,
            "turn_s": self.turn_s,
        }

    def to_text(self) -> str:
        """Return the report in three lines."""
        rows = (("cards", self.cards_s), ("whole turn", self.turn_s))
        told = [
            f"{name:<12}p50 {row['p50']:.3f} s, p95 {row['p95']:.3f} s, max {row['max']:.3f} s"
            for name, row in rows
        ]
        rate = self.turns / self.seconds
        head = (
            f"{self.users} people, {self.turns:,} turns ({rate:.1f} a second), {self.failed} failed"
        )
        return "\n".join([head, *told, *self.errors])


@dataclass(slots=True)
class _Notes:
    """What all threads write down."""

    cards: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])


def bench_serving(
    home: Path, users: int = 50, seconds: float = 300.0, think_s: float = 0.0, seed: int = 7
) -> ServingReport:
    """Return how long `users` people waited who talked with one server for `seconds`.

    Parameters
    ----------
    home : Path
        A home that has been built.
    think_s : float
        Mean of an exponential distribution; 0 never thinks.

    Raises
    ------
    VouchError
        When the server does not start.
    """
    catalog = load_catalog(open_database(f"sqlite:///{home / 'vouch.db'}"))
    notes, began = _Notes(), 0.0
    with _serving(home) as port:
        began = time.monotonic()
        threads = [
            threading.Thread(
                target=_talk, args=(port, catalog, began + seconds, think_s, seed + user, notes)
            )
            for user in range(users)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent = time.monotonic() - began
    return ServingReport(
        users, spent, think_s, len(notes.whole), tuple(notes.errors[:10]), len(notes.errors),
        _percentiles(notes.cards), _percentiles(notes.whole),
    )  # fmt: skip


def _percentiles(values: list[float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in percentiles(values).items()}


@contextmanager
def _serving(home: Path) -> Generator[int]:
    """Give the port of a server over `home`, which is ended afterwards."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "ui.cli", "serve", "--home", str(home), "--port", str(port)]
    server = subprocess.Popen([*command, "--llm", "none"], stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + _STARTS_S
        while not _ready(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise VouchError(f"the server over {str(home)!r} did not start; try: vouch serve")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _ready(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/v1/ready")
            return connection.getresponse().status == http.client.OK
    except OSError:
        return False


def _talk(
    port: int, catalog: Catalog, until: float, think_s: float, seed: int, notes: _Notes
) -> None:
    """Be one person until then, beginning a new conversation after every ten turns.

    The first one breaks off sooner, in a place of each person's own: else all would be at the same
    turn for good, and what is measured is its cost.
    """
    rng, turns = np.random.default_rng(seed), 1 + seed % CONVERSATION
    try:
        while time.monotonic() < until:
            messages = load(catalog, int(rng.integers(2**31)))
            with _line(port) as line:
                opened = json.loads(_asked(line, "/v1/sessions", {}).read())
            for _ in range(turns):
                if time.monotonic() >= until:
                    return
                with _line(port) as line:  # a server closes lines on which nothing is said
                    _turn(line, opened, next(messages), notes)
                time.sleep(float(rng.exponential(think_s)) if think_s else 0.0)
            turns = CONVERSATION
    except (OSError, http.client.HTTPException, VouchError, ValueError, KeyError) as error:
        notes.errors.append(f"{type(error).__name__}: {error}")


def _line(port: int) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWERS_S))


def _asked(
    line: http.client.HTTPConnection, path: str, body: dict[str, str], token: str = ""
) -> http.client.HTTPResponse:
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    line.request("POST", path, json.dumps(body), headers)
    answer = line.getresponse()
    if answer.status >= http.client.BAD_REQUEST:
        raise VouchError(f"{path} answered {answer.status}: {answer.read()[:200]!r}")
    return answer


def _turn(
    line: http.client.HTTPConnection, opened: dict[str, Any], message: str, notes: _Notes
) -> None:
    began = time.monotonic()
    path = f"/v1/sessions/{opened['session_id']}/turns"
    answer = _asked(line, path, {"message": message}, opened["token"])
    name = ""
    while text := answer.readline():
        if text.startswith(b"event: "):
            name = text[7:].strip().decode()
            if name == "cards":
                notes.cards.append(time.monotonic() - began)
    if name != "done":
        raise VouchError(f"the turn {message!r} ended with {name!r}")
    notes.whole.append(time.monotonic() - began)
