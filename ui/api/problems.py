"""Errors of the API: one form for all, ``application/problem+json`` (RFC 9457).

Owns: `ProblemError`, the statuses of Vouch's own errors. Does not own: who raises them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from catalog.errors import (
    CommandError,
    ConstraintError,
    StoreError,
    UnknownItemError,
    UnknownSessionError,
    VouchError,
)
from ui.tokens import TokenError

_log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

_STATUSES: tuple[tuple[type[VouchError], HTTPStatus], ...] = (
    (TokenError, HTTPStatus.UNAUTHORIZED),
    (UnknownSessionError, HTTPStatus.NOT_FOUND),
    (UnknownItemError, HTTPStatus.NOT_FOUND),
    (CommandError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ConstraintError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StoreError, HTTPStatus.CONFLICT),
)


_DESCRIBED = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Why, and what to do instead."},
    },
}
_ANSWERS = (400, 401, 403, 404, 409, 413, 422, 429)
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {**_DESCRIBED, "title": "Problem"}}},
    }
    for status in _ANSWERS
}
"""What any route may answer with instead, for the OpenAPI document."""


class ProblemError(VouchError):
    """A request that is refused.

    Parameters
    ----------
    status : HTTPStatus
        How.
    detail : str
        Why, and what to do instead; shown to the caller.
    headers : mapping of str to str
        Sent along, such as ``Retry-After``.
    """

    def __init__(
        self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})


def problem(
    status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None, **more: object
) -> JSONResponse:
    """Return a problem document; `more` are its extension members."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return JSONResponse(
        {**body, **more}, status.value, headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def explain_errors(app: FastAPI) -> None:
    """Make every error that `app` answers with a problem document."""
    app.add_exception_handler(VouchError, _vouch)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def status_of(error: VouchError) -> HTTPStatus:
    """Return the status that `error` is answered with."""
    if isinstance(error, ProblemError):
        return error.status
    known = (status for kind, status in _STATUSES if isinstance(error, kind))
    return next(known, HTTPStatus.INTERNAL_SERVER_ERROR)


def _vouch(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, VouchError)
    headers = error.headers if isinstance(error, ProblemError) else {}
    return problem(status_of(error), str(error), headers)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"at": "/".join(str(part) for part in fault["loc"]), "detail": fault["msg"]}
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault['at']}: {fault['detail']}" for fault in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=faults)


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(HTTPStatus(error.status_code), str(error.detail), error.headers)


def _unforeseen(_: Request, error: Exception) -> JSONResponse:
    _log.error("a request failed", exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong on our side; please try again"
    )
