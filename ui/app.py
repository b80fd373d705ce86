"""The web application: our routes, our headers, and the page mounted at ``/``.

Owns: `UiConfig`, `create_app`, `serve`, and which of Gradio's routes are open. Does not own: the
page (`ui.page`).
"""

# pyright: reportUnknownMemberType=false
# Gradio types its signatures only in part.

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.routing import Mount

from ui.admin import admin_pages
from ui.embedding import embedding
from ui.guard import Apart, Guard, GuardConfig

if TYPE_CHECKING:
    from gradio.themes import Base

    from assistant.engine import Assistant
    from ui.service import Service

_STATIC = Path(__file__).parent / "static"
_THREADS = 256
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UiConfig:
    """How the page is served.

    Attributes
    ----------
    host, port : str, int
        Where it listens; the default is this machine only.
    name : str
        Shown in the header and as the window's title.
    concurrency : int
        How many turns may run at once.
    origins : tuple of str
        Other origins whose pages may call this server; none by default.
    embedders : tuple of str
        Origins whose pages may show this one in a frame; none by default.
    page : bool
        Whether the page itself is there, at ``/``.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    name: str = "Vouch"
    concurrency: int = 8
    origins: tuple[str, ...] = ()
    embedders: tuple[str, ...] = ()
    page: bool = True


def create_app(
    assistant: Assistant, config: UiConfig = UiConfig(), api: FastAPI | None = None
) -> FastAPI:
    """Return the application that serves `assistant`, with `api` under ``/v1``.

    Everything it sends to a browser comes from this server; nothing is loaded from elsewhere but
    an item's own picture.
    """
    app = FastAPI(
        title=config.name, docs_url=None, redoc_url=None, openapi_url=None, lifespan=_roomy
    )
    # Gradio reflects any origin unless its parent brings a policy of its own.
    app.add_middleware(CORSMiddleware, allow_origins=list(config.origins))
    app.add_api_route("/healthz", _health(assistant), methods=["GET"])
    app.add_api_route("/favicon.ico", _favicon, methods=["GET"])
    app.mount("/ui", StaticFiles(directory=_STATIC))
    if api is not None:
        app.add_middleware(Apart, mount=Mount("/v1", api))
        app.include_router(embedding(api.state.service.sites))
        app.include_router(admin_pages())
    app.add_middleware(Guard, config=GuardConfig(config.embedders))
    return _with_page(app, assistant, config) if config.page else app


@asynccontextmanager
async def _roomy(_: FastAPI) -> AsyncGenerator[None]:
    """Give those who wait for their turn threads of their own.

    Of the usual 40 they would hold all, and answers that are ready would wait behind them.
    """
    current_default_thread_limiter().total_tokens = _THREADS
    yield


def _with_page(app: FastAPI, assistant: Assistant, config: UiConfig) -> FastAPI:
    import gradio as gr

    from ui.conversation import Conversations
    from ui.page import build_page
    from ui.rendering import Renderer

    conversations = Conversations(assistant, Renderer(assistant.catalog, config.name))
    page = build_page(conversations, config.name, config.concurrency)
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        server_name=config.host,
        server_port=config.port,
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        theme=_theme(),
        css_paths=_STATIC / "page.css",
    )


def serve(service: Service, config: UiConfig = UiConfig()) -> None:
    """Serve `service`, page and API, until interrupted."""
    import uvicorn

    from ui.api import create_api

    app = create_app(service.assistant, config, create_api(service))
    # The catalogue and its indexes stay: the collector need not walk them again and again.
    gc.collect()
    gc.freeze()
    _log.info("serving on http://%s:%d", config.host, config.port)
    uvicorn.run(
        app,
        host=config.host,
        port=config.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,  # who waits for a message would hold it up for longer
    )


def _theme() -> Base:
    from gradio.themes import Base
    from gradio.themes.utils.fonts import Font, LocalFont

    return Base(
        font=[
            LocalFont("IBM Plex Sans", weights=(400, 700)),
            LocalFont("Montserrat", weights=(700,)),
            Font("system-ui"),
            Font("sans-serif"),
        ],
        font_mono=[Font("ui-monospace"), Font("monospace")],
    )


def _health(assistant: Assistant) -> Callable[[], dict[str, object]]:
    def health() -> dict[str, object]:
        """Tell that the server answers, over how many items, and who words the replies."""
        return {"status": "ok", "items": len(assistant.catalog), "llm": assistant.llm.tier}

    return health


def _favicon() -> FileResponse:
    return FileResponse(_STATIC / "favicon.svg", media_type="image/svg+xml")
