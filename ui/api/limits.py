"""How much one conversation, one network address and one site may ask for.

Owns: `Buckets`, `Limits` and the dependencies that apply them, and the largest body. Does not own:
the numbers (`assistant.settings.LimitSettings`).

A token bucket each: a minute's worth at once, refilled evenly. In memory: a restart forgives.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from time import monotonic
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import LimitSettings
from ui.api.callers import Caller, Calling, CallingSite
from ui.api.problems import ProblemError, problem
from ui.sites import Site

MOST_BYTES = 64 * 1024
MOST_TRANSCRIPT_BYTES = 1024 * 1024  # callers of /chat/completions bring all that was said


class Buckets:
    """Token buckets by name. Safe to share between threads; O(1) in time for each request.

    Parameters
    ----------
    per_minute : int
        What a bucket holds, and how fast it fills.
    most : int
        How many are kept. One that was left for a minute is full again and need not be; beyond
        `most` the one left longest goes.
    clock : callable
        Seconds, only ever rising.
    """

    def __init__(
        self, per_minute: int, most: int = 20_000, clock: Callable[[], float] = monotonic
    ) -> None:
        self._per_minute = per_minute
        self._most = most
        self._clock = clock
        self._lock = Lock()
        # By name, longest left first: how much was in it, and when.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, name: str) -> float:
        """Take one from the bucket `name`; returns 0, or the seconds until there is one."""
        with self._lock:
            now = self._clock()
            held, since = self._buckets.pop(name, (float(self._per_minute), now))
            held = min(self._per_minute, held + (now - since) * self._per_minute / 60)
            taken = held >= 1
            self._buckets[name] = (held - taken, now)
            self._drop(now)
        return 0.0 if taken else (1 - held) * 60 / self._per_minute

    def _drop(self, now: float) -> None:
        while self._buckets:
            name, (_, since) = next(iter(self._buckets.items()))
            if now - since < 60 and len(self._buckets) <= self._most:
                return
            del self._buckets[name]


class Limits:
    """All the limits of one API. Safe to share between threads."""

    def __init__(self, settings: LimitSettings = LimitSettings()) -> None:
        self._sessions = Buckets(settings.per_session)
        self._addresses = Buckets(settings.per_address)
        self._sites = Buckets(settings.per_site)
        self._opening_addresses = Buckets(settings.opened_per_address)
        self._opening_sites = Buckets(settings.opened_per_site)

    def write(self, site: str, address: str, session: str | None = None) -> None:
        """Count one turn or other write.

        Raises
        ------
        ProblemError
            429, with the seconds to wait in ``Retry-After``.
        """
        if session is not None:
            _take(self._sessions, session, "in this conversation")
        _take(self._addresses, address, "from this address")
        _take(self._sites, site, "on this site")

    def open(self, site: str, address: str) -> None:
        """Count one conversation opened; see `write`."""
        _take(self._opening_addresses, address, "from this address")
        _take(self._opening_sites, site, "on this site")


def limits_of(request: Request) -> Limits:
    """Return the limits of the API that answers `request`."""
    limits: Limits = request.app.state.limits
    return limits


def address_of(request: Request) -> str:
    """Return whose network `request` comes from: an address, or the /64 that IPv6 gives a home.

    Behind a proxy that is trusted the server has put the caller's own in its place.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False))
    return host


async def opening(request: Request, site: CallingSite) -> Site:
    """Return the calling site, which may open one more conversation."""
    limits_of(request).open(site.key, address_of(request))
    return site


async def writing(request: Request, caller: Calling) -> Caller:
    """Return the caller, who may write once more."""
    limits_of(request).write(caller.site.key, address_of(request), caller.session_id)
    return caller


OpeningSite = Annotated[Site, Depends(opening)]
Writing = Annotated[Caller, Depends(writing)]


class SmallBodies:
    """ASGI middleware that refuses large bodies without reading them whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        whole = scope["path"].endswith("/chat/completions")
        most = MOST_TRANSCRIPT_BYTES if whole else MOST_BYTES
        too_large = f"a body has {most:,} bytes at most"
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and int(stated) > most:
            refusal = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
            await refusal(scope, receive, send)
            return
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
            return message

        await self._app(scope, receive_counted, send)


def _take(buckets: Buckets, name: str, where: str) -> None:
    wait = buckets.take(name)
    if wait:
        raise ProblemError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too much was asked {where}; wait {ceil(wait)} s",
            {"Retry-After": str(ceil(wait))},
        )
