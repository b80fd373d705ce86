"""What other sites' pages load: the widget's code, and the framed page for those who prefer one.

Owns: the routes ``/widget`` and ``/embed``, with their headers. Does not own: the widget itself
(``ui/widget``), or what it asks for (`ui.api`).

The code is public and the same for everybody. The framed page is a site's own: a browser shows it
only inside that site's pages (CSP Level 3, ``frame-ancestors``).
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ui.sites import Sites

_FOLDER = Path(__file__).parent / "widget"
_PAGE = Path(__file__).parent / "templates" / "embed.html"
# What a machine thinks of ``.js`` and ``.ts`` differs; a browser runs the first as this only.
_TYPES = {".js": "text/javascript; charset=utf-8", ".ts": "text/plain; charset=utf-8"}
_PUBLIC = {
    "Access-Control-Allow-Origin": "*",  # a module of another origin is loaded with CORS
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}


class _Widget(StaticFiles):
    """The widget's files; each answer carries an ETag and may be read by every page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_PUBLIC)
        if response.status_code == HTTPStatus.OK:
            response.headers["Content-Type"] = _TYPES[Path(path).suffix]
        return response


def embedding(sites: Sites) -> APIRouter:
    """Return the routes that pages of `sites` load the widget from."""
    files = GZipMiddleware(_Widget(directory=_FOLDER))
    router = APIRouter(routes=[Mount("/widget", files)])
    page = Template(_PAGE.read_text(encoding="utf-8"))

    def embed(
        request: Request, key: Annotated[str, Query(alias="site", max_length=40)] = ""
    ) -> Response:
        """Return the framed page of a site; nothing for a key that is no site's."""
        site = sites.find(key)
        if site is None or not sites.admits(site, None, request.headers.get("host", "")):
            return PlainTextResponse("Not found", 404)
        values = {"site": escape(site.key), "origins": escape(" ".join(site.origins))}
        headers = {"Content-Security-Policy": _policy(site.origins), "Cache-Control": "no-cache"}
        return HTMLResponse(page.substitute(values), headers=headers)

    router.add_api_route("/embed", embed, response_class=HTMLResponse)
    return router


def _policy(origins: tuple[str, ...]) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "img-src": "https: http:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(origins) or "'self'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
