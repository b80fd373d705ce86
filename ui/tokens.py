"""Signed tokens: what a browser carries instead of a cookie, and what a site's server vouches for.

Owns: `Signer` for tokens of our own, reading a visitor's token. Does not own: which tokens were
used already (`ui.api.spent`), or sites (`ui.sites`).

Both are JSON Web Tokens (RFC 7519) under HMAC-SHA256; no other algorithm is accepted. A token of
our own binds a session to its site. A visitor's token is made on the site's server with the site's
secret, names its audience ``vouch:KEY``, is used once, and lives ten minutes at most.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from catalog.errors import VouchError
from ui.sites import Site

_ALGORITHM = "HS256"
_LONGEST = timedelta(minutes=10)
_CLOCKS = timedelta(seconds=30)  # two machines may differ by so much


class TokenError(VouchError):
    """A token that is malformed, forged, expired or meant for another place."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a site's server vouches for.

    Attributes
    ----------
    user_id : str
        Under the site's key, so that two sites cannot meet on one person.
    token_id : str
        Of the token, which counts once.
    expires : datetime
        Until when the token could be shown again.
    """

    user_id: str
    token_id: str
    expires: datetime


class Signer:
    """Signs and reads the tokens of one installation.

    Parameters
    ----------
    key : bytes
        At least 32 of them.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, path: Path) -> Signer:
        """Return the signer whose key is kept at `path`; the first start makes one."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(path.read_bytes())
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        return cls(path.read_bytes())

    def sign(self, purpose: str, lifetime: timedelta, **claims: str) -> str:
        """Return a token for `purpose` that carries `claims`."""
        expires = datetime.now(UTC) + lifetime
        return jwt.encode(
            {**claims, "aud": purpose, "exp": expires}, self._key, algorithm=_ALGORITHM
        )

    def read(self, purpose: str, token: str) -> dict[str, Any]:
        """Return the claims of a token that this signer made for `purpose`.

        Raises
        ------
        TokenError
            For every other token.
        """
        return _decoded(token, self._key, purpose)


def read_visitor(token: str, site: Site) -> Visitor:
    """Return whom `token` names, as the server of `site` vouches.

    Raises
    ------
    TokenError
        When the site has no secret, or the token is not one of its.
    """
    if not site.secret:
        raise TokenError(f"site {site.key!r} has no secret to name visitors with")
    claims = _decoded(token, site.secret.encode(), f"vouch:{site.key}", "iat", "sub", "jti")
    issued, expires = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
    if expires - issued > _LONGEST:
        raise TokenError(f"a visitor's token may live {_LONGEST.seconds // 60} minutes at most")
    subject, token_id = str(claims["sub"]), str(claims["jti"])
    if not 0 < len(subject) <= 128 or not 0 < len(token_id) <= 128:
        raise TokenError("sub and jti of a visitor's token have 1 to 128 characters")
    return Visitor(f"{site.key}/{subject}", token_id, expires + _CLOCKS)


def _decoded(token: str, key: bytes, audience: str, *required: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=audience,
            leeway=_CLOCKS,
            options={"require": ["exp", "aud", *required]},
        )
    except jwt.PyJWTError as error:
        raise TokenError(f"the token is not valid: {error}") from error
