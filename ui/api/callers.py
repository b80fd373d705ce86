"""Who is calling: the site, the session, or the operator, as dependencies of routes.

Owns: `Caller`, what is refused and how. Does not own: the registry of sites (`ui.sites`), the
tokens (`ui.tokens`).

An answer does not tell a session that does not exist from one that is somebody else's. Nothing here
waits for anything, so all of it runs on the event loop: a thread costs each request more.
"""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.state import Session
from ui.api.problems import ProblemError
from ui.service import Service
from ui.sites import LOCAL, Site
from ui.tokens import TokenError

SESSION = "vouch session"

_session_token = HTTPBearer(
    scheme_name="session", description="The token that opened a session.", auto_error=False
)
_site_secret = HTTPBearer(
    scheme_name="site", description="A site's secret, from its server.", auto_error=False
)
admin_key = HTTPBearer(scheme_name="admin", description="The operator's key.", auto_error=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody in a session of their own.

    Attributes
    ----------
    site : Site
        Where.
    session_id : str
        Their session.
    """

    site: Site
    session_id: str


async def serving(request: Request) -> Service:
    """Return the service that answers `request`."""
    return cast(Service, request.app.state.service)


Serving = Annotated[Service, Depends(serving)]


async def calling_site(
    request: Request,
    service: Serving,
    key: Annotated[str, Header(alias="X-Vouch-Site", max_length=40)] = "",
    site: Annotated[str, Query(max_length=40, description="In place of the header.")] = "",
) -> Site:
    """Return the site that a request comes from, by its key; refuses pages that are not its."""
    found = service.sites.find(key or site)
    if found is None:
        raise ProblemError(HTTPStatus.FORBIDDEN, f"no site has the key {key or site!r}")
    return _of_its_pages(found, service, request)


async def calling(
    request: Request,
    service: Serving,
    session_id: str,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_session_token)],
) -> Caller:
    """Return whose session is asked for; refuses everybody whose it is not."""
    if bearer is None:
        raise _unauthorized("this needs the session's token: Authorization: Bearer TOKEN")
    try:
        claims = service.signer.read(SESSION, bearer.credentials)
    except TokenError as error:
        raise _unauthorized(str(error)) from error
    site = service.sites.find(str(claims.get("site", "")))
    if site is None or claims.get("sid") != session_id:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no such conversation; open a new one")
    return Caller(_of_its_pages(site, service, request), session_id)


async def calling_server(
    request: Request,
    service: Serving,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_site_secret)],
) -> Site:
    """Return the site whose server calls, by its secret; this machine's own asks for none."""
    secret = bearer.credentials if bearer else ""
    site = service.sites.of_secret(secret) or service.sites.find(LOCAL)
    if site is None:
        raise _unauthorized("this needs a site's secret: Authorization: Bearer SECRET")
    return _of_its_pages(site, service, request)


async def operating(
    request: Request,
    service: Serving,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(admin_key)],
) -> None:
    """Refuse everybody but the operator, on our own pages or in a program."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is not None and not service.sites.is_own(origin, host):
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            f"pages of {origin!r} are not this server's own; if they are, name {host!r} in "
            "serve.hosts",
        )
    if service.admin_key is None:
        raise ProblemError(
            HTTPStatus.FORBIDDEN, "the operator's door is shut: set VOUCH_ADMIN_KEY to open it"
        )
    given = bearer.credentials if bearer else ""
    if not compare_digest(given.encode(), service.admin_key.get_secret_value().encode()):
        raise _unauthorized("this needs the operator's key: Authorization: Bearer KEY")


def session_of(caller: Caller, service: Service) -> Session:
    """Return the caller's session with all its turns; raises `UnknownSessionError`."""
    return service.assistant.resume(caller.session_id)


CallingSite = Annotated[Site, Depends(calling_site)]
Calling = Annotated[Caller, Depends(calling)]
CallingServer = Annotated[Site, Depends(calling_server)]
Operating = Depends(operating)


def _of_its_pages(site: Site, service: Service, request: Request) -> Site:
    origin = request.headers.get("origin")
    if service.sites.admits(site, origin, request.headers.get("host", "")):
        return site
    detail = f"pages of {origin!r} may not use the site {site.key!r}"
    if site.key == LOCAL:
        detail = "only this machine may call, by a loopback name: no [[sites]] are set"
    raise ProblemError(HTTPStatus.FORBIDDEN, detail)


def _unauthorized(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
