"""Security headers on every answer, and a door before the routes of Gradio that nobody needs.

Owns: `Guard` and `Apart`, ASGI middlewares. Does not own: who may call across origins (`ui.app`).
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GRADIO_API = "/gradio_api/"
_OPEN = (
    "queue/join",
    "queue/data",
    "heartbeat/",
    "cancel",
    "startup-events",
    "app_id",
    "theme.css",
)
"""What the page itself calls; uploads, file serving, proxying and the rest stay shut."""
_SHUT = ("/monitoring", "/login", "/logout", "/svelte", "/manifest.json", "/pwa_icon")


@dataclass(frozen=True, slots=True)
class GuardConfig:
    """Who may frame the page: origins, or nobody."""

    embedders: tuple[str, ...] = ()


class Guard:
    """Adds security headers to every response and answers 404 on shut routes.

    Gradio compiles its templates in the browser and styles inline: its scripts need
    ``unsafe-inline`` and ``unsafe-eval``. What the policy still gives: nothing is loaded from or
    sent to another origin, save pictures over https, and nobody frames the page unasked.
    """

    def __init__(self, app: ASGIApp, config: GuardConfig) -> None:
        self._app = app
        ancestors = " ".join(config.embedders) or "'none'"
        policy = {
            "default-src": "'self'",
            "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: https:",
            "font-src": "'self'",
            "connect-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": ancestors,
        }
        self._headers = {
            "Content-Security-Policy": "; ".join(f"{key} {value}" for key, value in policy.items()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)  # a page with a policy of its own keeps it
            await send(message)

        app = PlainTextResponse("Not found", 404) if _shut(scope["path"]) else self._app
        await app(scope, receive, send_with_headers)


class Apart:
    """Answers what is for `mount` before the page's middlewares, such as its CORS, see it.

    A browser's preflight of a call to the API is the API's to answer: the page's policy, which
    names no origin, would refuse it.
    """

    def __init__(self, app: ASGIApp, mount: Mount) -> None:
        self._app = app
        self._mount = mount

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, here or there."""
        if scope["type"] == "http":
            match, child = self._mount.matches(scope)
            if match is Match.FULL:
                await self._mount.handle({**scope, **child}, receive, send)
                return
        await self._app(scope, receive, send)


def _shut(path: str) -> bool:
    if path.startswith(_GRADIO_API):
        return not path.removeprefix(_GRADIO_API).startswith(_OPEN)
    return path.startswith(_SHUT)
