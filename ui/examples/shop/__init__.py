"""The example shop's website: static pages, a strict content policy, and tokens for its customers.

Owns: `Shop`, the smallest server that a site needs to use Vouch. Does not own: anything of Vouch.
It is what an operator already has, in whatever language: nothing here is needed to run Vouch.
"""

from __future__ import annotations

import secrets
import time
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import jwt

_FOLDER = Path(__file__).parent
_ITEMS = Path(__file__).parents[3] / "catalog" / "examples" / "shop" / "items.csv"
_FILES = {
    "/": "index.html",
    **{f"/{name}": name for name in ("framed.html", "shop.css", "shop.js", "framed.js")},
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".csv": "text/csv"}


class Shop(ThreadingHTTPServer):
    """The shop's website on this machine.

    Parameters
    ----------
    port : int
        Where; 0 takes a free one.
    site, secret : str
        The shop's key with Vouch, and what it signs its customers' tokens with.
    vouch : str
        Where Vouch is.
    """

    daemon_threads = True

    def __init__(self, port: int, site: str, secret: str, vouch: str) -> None:
        super().__init__(("localhost", port), partial(_Handler, shop=self))
        self.site, self.secret, self.vouch = site, secret, vouch

    @property
    def origin(self) -> str:
        """Where its pages live."""
        return f"http://localhost:{self.server_port}"

    @property
    def policy(self) -> str:
        """The content policy of its pages: no inline script, no inline style, two servers."""
        return (
            f"default-src 'none'; script-src 'self' {self.vouch}; connect-src 'self' {self.vouch}; "
            f"style-src 'self'; img-src 'self' data:; frame-src {self.vouch}; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        )

    def visitor_token(self, customer: str) -> str:
        """Return what vouches for `customer` for the next five minutes, once."""
        now = int(time.time())
        claims = {"aud": f"vouch:{self.site}", "sub": customer, "iat": now, "exp": now + 300}
        return jwt.encode({**claims, "jti": secrets.token_urlsafe()}, self.secret, "HS256")


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: object, shop: Shop) -> None:
        self._shop = shop
        super().__init__(*arguments)  # pyright: ignore[reportArgumentType]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = _ITEMS if path == "/items.csv" else _FOLDER / _FILES.get(path, "")
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".html":
            text = Template(text).substitute(vouch=self._shop.vouch, site=self._shop.site)
        self._answer(text, _TYPES[file.suffix])

    def do_POST(self) -> None:
        if self.path != "/visitor-token" or self.headers.get("Origin") != self._shop.origin:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        # A real shop takes the customer from its own login.
        self._answer(self._shop.visitor_token("customer-1"), "text/plain")

    def _answer(self, text: str, media_type: str) -> None:
        body = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{media_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self._shop.policy)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request."""
