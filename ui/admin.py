"""The pages behind the operator's key: the agents' console, and the operator's own.

Owns: ``/console`` and ``/operator``, their files and headers. Does not own: what the pages ask for
(`ui.api.desk`, `ui.api.operator`), what both use (``ui/static/admin.js`` and ``admin.css``).

A page holds nothing by itself: without the operator's key it shows a form that asks for it. Its
policy allows its own scripts, styles and API, and nothing inline (CSP Level 3).
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'",
    "Cache-Control": "no-cache",
}
_PAGES = ("console", "operator")


class _Page(StaticFiles):
    """A page's files, under its own policy."""

    def __init__(self, name: str) -> None:
        super().__init__(directory=Path(__file__).parent / name, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def admin_pages() -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(routes=[Mount(f"/{name}", _Page(name)) for name in _PAGES])

    @router.get("/console", include_in_schema=False)
    def console() -> RedirectResponse:  # pyright: ignore[reportUnusedFunction]
        """Lead to the page, whose files are named beside it."""
        return RedirectResponse("console/")

    @router.get("/operator", include_in_schema=False)
    def operator() -> RedirectResponse:  # pyright: ignore[reportUnusedFunction]
        """Lead to the page, whose files are named beside it."""
        return RedirectResponse("operator/")

    return router
