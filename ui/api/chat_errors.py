"""Errors in the form that clients of OpenAI's protocol read.

Owns: `RefusedError`, the form, and the route that answers with it. Does not own: the statuses of
Vouch's own errors (`ui.api.problems`), or what is refused.

Specification: https://platform.openai.com/docs/guides/error-codes. What is amiss with a request is
400 there, not 422: a client decides by the status whether to try again.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from assistant.wire import Json
from catalog.errors import VouchError
from ui.api.problems import ProblemError, status_of

_CODES = {
    HTTPStatus.UNAUTHORIZED: "invalid_api_key",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_exceeded",
}


class RefusedError(ProblemError):
    """A request that OpenAI's protocol allows, or does not, and that cannot be answered.

    Parameters
    ----------
    detail : str
        Why, and what to do instead.
    param : str
        Which part of the request.
    code : str
        For programs.
    status : HTTPStatus
        How.
    """

    def __init__(
        self,
        detail: str,
        param: str,
        code: str = "invalid_value",
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    ) -> None:
        super().__init__(status, detail)
        self.param = param
        self.code = code


class ChatRoute(APIRoute):
    """A route whose errors are in OpenAI's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return _invalid(error)
            except HTTPException as error:
                status = HTTPStatus(error.status_code)
                return _refused(status, _form(status, str(error.detail)), error.headers)
            except VouchError as error:
                headers = error.headers if isinstance(error, ProblemError) else None
                return _refused(status_of(error), error_body(error), headers)

        return answer


def error_body(error: VouchError) -> Json:
    """Return `error` as clients read it."""
    param, code = (error.param, error.code) if isinstance(error, RefusedError) else (None, None)
    return _form(status_of(error), str(error), param, code)


def _form(
    status: HTTPStatus, message: str, param: str | None = None, code: str | None = None
) -> Json:
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        kind = "rate_limit_error"
    code = code or _CODES.get(status)
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _invalid(error: RequestValidationError) -> JSONResponse:
    fault = error.errors()[0]
    param = ".".join(str(part) for part in fault["loc"] if part != "body")
    message = f"{param}: {fault['msg']}" if param else str(fault["msg"])
    form = _form(HTTPStatus.BAD_REQUEST, message, param or None, "invalid_value")
    return _refused(HTTPStatus.BAD_REQUEST, form)


def _refused(
    status: HTTPStatus, form: Json, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(form, status.value, headers=headers)
