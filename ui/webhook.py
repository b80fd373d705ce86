"""Telling the humans' own system: signed, in order, until it has arrived.

Owns: `Courier`, the daemon thread that sends; `sign`, `read_signed`: the signature either way. Does
not own: what is sent (`ui.webhook_forms`), or what is still to be sent (`assistant.outbox`).

A request carries three headers: ``X-Vouch-Timestamp`` (seconds since 1970), ``X-Vouch-Delivery``
(an id that stays the same when it is sent again) and ``X-Vouch-Signature``, ``sha256=`` and the
HMAC-SHA256 (RFC 2104) of the timestamp, a full stop and the body. In Chatwoot's form they are
called ``X-Chatwoot-...``: Chatwoot signs the same way. Replies are signed so too, in either naming.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import httpx
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from assistant.outbox import Outbox, Parcel
from ui.tokens import TokenError

_PREFIXES: Mapping[Literal["generic", "chatwoot"], str] = {
    "generic": "X-Vouch",
    "chatwoot": "X-Chatwoot",
}
_CLOCKS_S = 300  # a request may be so old; its delivery id is remembered for longer
_LOOK_S = 5.0  # after so long it is looked what a process that died has left
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebhookConfig:
    """Where to, and how.

    Attributes
    ----------
    url : str
        The operator's; no other address is ever called, and no redirect is followed.
    form : {"generic", "chatwoot"}
        Of the payloads and headers.
    secret : SecretStr
        Signs.
    timeout_s : float
        For one attempt.
    """

    url: str
    form: Literal["generic", "chatwoot"]
    secret: SecretStr
    timeout_s: float = 10.0


def sign(secret: SecretStr, timestamp: str, body: bytes) -> str:
    """Return the signature of `body` sent at `timestamp`."""
    key, signed = secret.get_secret_value().encode(), timestamp.encode() + b"." + body
    return f"sha256={hmac.new(key, signed, hashlib.sha256).hexdigest()}"


def read_signed(secret: SecretStr, headers: Mapping[str, str], body: bytes) -> str:
    """Return the delivery id of a request that was signed with `secret` in the last five minutes.

    Parameters
    ----------
    headers : mapping of str to str
        Names in any case.

    Raises
    ------
    TokenError
        For every other request.
    """
    given = {name.lower(): value for name, value in headers.items()}
    prefix = next((p for p in ("x-vouch", "x-chatwoot") if f"{p}-signature" in given), "")
    signature = given.get(f"{prefix}-signature", "")
    timestamp = given.get(f"{prefix}-timestamp", "")
    delivery = given.get(f"{prefix}-delivery", "")
    genuine = hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())
    if not prefix or not genuine:
        raise TokenError("the request is not signed with the webhook's secret")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _CLOCKS_S:
        raise TokenError("the request's timestamp is more than five minutes off")
    # Where a sender names no delivery, its signature tells requests apart.
    return (delivery or signature)[:200]


class Courier:
    """Sends what the outbox holds, from a thread of its own.

    Parameters
    ----------
    outbox : Outbox
        What is to be sent.
    config : WebhookConfig
        Where to.
    """

    def __init__(self, outbox: Outbox, config: WebhookConfig) -> None:
        self._outbox = outbox
        self._config = config
        self._more = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vouch-webhook", daemon=True)

    def start(self) -> None:
        """Begin to send, first what was left from before."""
        self._thread.start()

    def hurry(self, _: str = "") -> None:
        """Look at the outbox now; from any thread."""
        self._more.set()

    def stop(self) -> None:
        """Send no more; what is left stays in the outbox."""
        self._stopped.set()
        self._more.set()
        self._thread.join()

    def _run(self) -> None:
        # Proxies of the environment are not asked: only the operator's address is called.
        config = self._config
        with httpx.Client(timeout=config.timeout_s, trust_env=False) as client:
            while not self._stopped.is_set():
                self._more.clear()
                try:
                    self._send_all(client)
                    idle = self._outbox.idle()
                except SQLAlchemyError:
                    _log.warning("cannot read the outbox; trying again", exc_info=True)
                    idle = None
                self._more.wait(_LOOK_S if idle is None else min(idle, _LOOK_S))

    def _send_all(self, client: httpx.Client) -> None:
        while not self._stopped.is_set() and (parcel := self._outbox.take()) is not None:
            if self._arrives(client, parcel):
                self._outbox.arrived(parcel)
            else:
                self._outbox.failed(parcel)

    def _arrives(self, client: httpx.Client, parcel: Parcel) -> bool:
        config, body, timestamp = self._config, parcel.payload.encode(), str(int(time.time()))
        prefix = _PREFIXES[config.form]
        headers = {
            "Content-Type": "application/json",
            f"{prefix}-Timestamp": timestamp,
            f"{prefix}-Delivery": parcel.delivery_id,
            f"{prefix}-Signature": sign(config.secret, timestamp, body),
        }
        try:
            answer = client.post(config.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            _log.warning("webhook attempt %d failed: %s", parcel.attempts, type(error).__name__)
            return False
        if not answer.is_success:
            _log.warning("webhook attempt %d got status %d", parcel.attempts, answer.status_code)
        return answer.is_success
