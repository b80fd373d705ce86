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
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from catalog.errors import ConfigurationError, VouchError
from ui.sites import Site

_ALGORITHM = "HS256"
_KEY_BYTES = 32
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
        Of the token, which counts once; under the site's key as well.
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
        At least 32 of them: with none, anybody could sign.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES:
            raise ConfigurationError(f"a signing key has {len(key)} bytes, not {_KEY_BYTES}")
        self._key = key

    @classmethod
    def of(cls, path: Path) -> Signer:
        """Return the signer whose key is kept at `path`; the first start makes one.

        Raises
        ------
        ConfigurationError
            When the file does not hold a key; without it, a new one is made.
        """
        if not path.exists():
            # Under its name it is whole, also where two start at once or one is killed.
            descriptor, made = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            with suppress(FileExistsError):
                os.link(made, path)
            os.unlink(made)
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
    issued, expires = int(claims["iat"]), int(claims["exp"])
    if expires - issued > _LONGEST.total_seconds():
        raise TokenError(f"a visitor's token may live {_LONGEST.seconds // 60} minutes at most")
    names: tuple[str, str] = claims["sub"], claims["jti"]
    if not all(0 < len(name) <= 128 and name.isprintable() for name in names):
        raise TokenError("sub and jti of a visitor's token have 1 to 128 printable characters")
    user_id, token_id = (f"{site.key}/{name}" for name in names)
    return Visitor(user_id, token_id, datetime.fromtimestamp(expires, UTC) + _CLOCKS)


def _decoded(token: str, key: bytes, audience: str, *required: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=audience,
            leeway=_CLOCKS,
            options={"require": ["exp", "aud", *required], "strict_aud": True},
        )
    # What a hostile header makes of the parser comes before the signature is looked at.
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenError(f"the token is not valid: {error}") from error
