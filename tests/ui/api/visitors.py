"""Tokens as a site's server signs them, and as nobody should."""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt

from tests.ui.api.conftest import SECRETS


def visitor_token(
    subject: object = "ann", site: str = "shop", secret: str | None = None, **claims: Any
) -> str:
    """Return a token as the server of `site` signs it, but for what is given."""
    now = int(time.time())
    standard = {"sub": subject, "aud": f"vouch:{site}", "iat": now, "exp": now + 300}
    every = {**standard, "jti": uuid.uuid4().hex, **claims}
    kept = {name: value for name, value in every.items() if value is not None}
    return jwt.encode(kept, SECRETS[site] if secret is None else secret, algorithm="HS256")
