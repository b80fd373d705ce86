"""Ten thousand forged, replayed and guessed tokens and ids, in all, that open nothing."""

from __future__ import annotations

import base64
import json
import random
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from fastapi.testclient import TestClient

from catalog.errors import ConfigurationError
from tests.ui.api.conftest import OTHER, SECRETS, SHOP, api_client, opened
from tests.ui.api.visitors import visitor_token
from ui.api.callers import SESSION
from ui.api.spent import spend
from ui.service import Service
from ui.sites import Site
from ui.tokens import Signer, TokenError, read_visitor

SHOPS = {key: Site(key, key, (), secret) for key, secret in SECRETS.items()}


@pytest.fixture(scope="module")
def shop_client(sited: Service) -> Iterator[TestClient]:
    with api_client(sited, "vouch.example") as client:
        yield client


def _part(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _flipped(token: str, chance: random.Random) -> str:
    """Return `token` with one bit of what it says or of its signature turned."""
    parts = token.split(".")
    place = chance.randrange(3)
    data = bytearray(base64.urlsafe_b64decode(parts[place] + "=="))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return ".".join((*parts[:place], _part(bytes(data)), *parts[place + 1 :]))


def _without_algorithm(token: str, chance: random.Random) -> str:
    _, claims, signature = token.split(".")
    algorithm = chance.choice(["none", "None", "NONE", "", "RS256", "ES256", "HS512", None])
    header = {"alg": algorithm, "typ": "JWT", "kid": "../sessions.key", "jwk": {"k": ""}}
    return f"{_part(header)}.{claims}.{chance.choice(['', signature])}"


def _hostile(chance: random.Random) -> str:
    """Return what is no token, and may hurt a parser."""
    return chance.choice(
        [
            "", ".", "..", "a.b.c", "\ud800", "é" * 50, "\0", "." * 4_000, "=" * 4_000,
            f"{_part(b'[' * 2_900)}.{_part({})}.",
            f"{_part({'alg': 'HS256', 'b64': False, 'crit': ['b64']})}..",
            f"{_part({'alg': 'HS256'})}.{_part(b'{' * 2_000)}.{_part(b'x' * 32)}",
            secrets.token_urlsafe(chance.randrange(1, 300)),
        ]
    )  # fmt: skip


def forged_visitors(chance: random.Random) -> Iterator[str]:
    """Yield tokens that the server of the shop did not sign for this, without end."""
    day = 86_400
    kinds: list[Callable[[int], str]] = [
        lambda now: visitor_token(secret=secrets.token_hex(20)),
        lambda now: visitor_token(secret=SECRETS["other"]),
        lambda now: visitor_token(site="other"),
        lambda now: visitor_token(aud=["vouch:shop", "vouch:other"]),
        lambda now: visitor_token(aud=chance.choice(["", "vouch:", "vouch:SHOP", "shop", None])),
        lambda now: visitor_token(iat=now - 900, exp=now - chance.randrange(31, 600)),
        lambda now: visitor_token(exp=now + chance.randrange(601, day)),
        lambda now: visitor_token(iat=now - chance.randrange(601, day), exp=now + 20),
        lambda now: visitor_token(iat=now + chance.randrange(40, day), exp=now + day),
        lambda now: visitor_token(nbf=now + chance.randrange(40, day)),
        lambda now: visitor_token(**{chance.choice(["iat", "exp", "jti", "sub"]): None}),
        lambda now: visitor_token(chance.choice(["", "x" * 129, 7, ["ann"], "a\nb", "a\0b"])),
        lambda now: visitor_token(jti=chance.choice(["", "x" * 129, 7, "\ud800", "\x7f"])),
        lambda now: visitor_token(exp=chance.choice([1e308, 10**30, "soon", True, [], -1])),
        lambda now: visitor_token(iat=chance.choice([1e308, -(10**30), "once", {}, -1, True])),
        lambda now: visitor_token()[: -chance.randrange(1, 60)],
        lambda now: _flipped(visitor_token(), chance),
        lambda now: _without_algorithm(visitor_token(), chance),
        lambda now: Signer(b"k" * 32).sign("vouch:shop", timedelta(minutes=5), sub="a", jti="b"),
        lambda now: jwt.encode({"sub": "a"}, SECRETS["shop"] * 2, "HS512"),
        lambda now: _hostile(chance),
    ]
    while True:
        yield chance.choice(kinds)(int(time.time()))


def forged_sessions(signer: Signer, session: str, chance: random.Random) -> Iterator[str]:
    """Yield tokens that do not open `session` on the shop's site, without end."""

    def signed(purpose: str = SESSION, minutes: float = 60, **claims: str) -> str:
        every = {"sid": session, "site": "shop", **claims}
        return signer.sign(purpose, timedelta(minutes=minutes), **every)

    def other() -> str:
        return secrets.token_urlsafe(24)

    stranger = Signer(secrets.token_bytes(32))
    kinds: list[Callable[[], str]] = [
        lambda: signed(sid=other()),
        lambda: signed(sid=session.swapcase()),
        lambda: signed(site=chance.choice(["", "local", "SHOP", "gone"])),
        lambda: signed(purpose=chance.choice(["", "vouch", "vouch:shop", "vouch  session"])),
        lambda: signed(minutes=-chance.randrange(1, 9_999)),
        lambda: stranger.sign(SESSION, timedelta(hours=1), sid=session, site="shop"),
        lambda: jwt.encode({"sid": session, "site": "shop", "aud": SESSION}, b"k" * 32, "HS256"),
        lambda: visitor_token(sid=session, site_="shop", aud=SESSION),
        lambda: signed()[: -chance.randrange(1, 60)],
        lambda: _flipped(signed(), chance),
        lambda: _without_algorithm(signed(), chance),
        lambda: _hostile(chance),
    ]
    while True:
        yield chance.choice(kinds)()


def test_nine_and_a_half_thousand_forgeries_are_not_read(sited: Service) -> None:
    chance = random.Random(7)
    read_visitor(visitor_token(), SHOPS["shop"])
    for token, _ in zip(forged_visitors(chance), range(6_500), strict=False):
        with pytest.raises(TokenError):
            read_visitor(token, SHOPS["shop"])
    signer, session = sited.signer, secrets.token_urlsafe(24)
    for token, _ in zip(forged_sessions(signer, session, chance), range(3_000), strict=False):
        try:
            claims = signer.read(SESSION, token)
        except TokenError:
            continue
        site = sited.sites.find(claims.get("site", "")) if claims.get("site") else None
        assert claims["sid"] != session or site is None


def test_three_hundred_forgeries_open_nothing_over_http(
    sited: Service, shop_client: TestClient
) -> None:
    chance, headers = random.Random(8), {"X-Vouch-Site": "shop", "Origin": SHOP}
    path, token = opened(shop_client, **headers)
    session = path.rpartition("/")[2]
    for forged, _ in zip(forged_visitors(chance), range(100), strict=False):
        if not forged or not forged.isprintable():
            continue  # none at all is anonymous, and JSON cannot say the other
        answer = shop_client.post("/v1/sessions", json={"visitor_token": forged}, headers=headers)
        assert answer.status_code in {401, 422}, forged
        answer = shop_client.post(f"{path}/identify", json={"visitor_token": forged}, headers=token)
        assert answer.status_code in {401, 422}, forged
    for forged, _ in zip(forged_sessions(sited.signer, session, chance), range(100), strict=False):
        if not forged.isascii() or not forged.isprintable():
            continue  # a header cannot say it
        bearer = {**headers, "Authorization": f"Bearer {forged}"}
        assert shop_client.get(path, headers=bearer).status_code in {401, 403, 404}, forged
    body = shop_client.get(path, headers=token).json()
    assert (body["known"], body["turns"]) == (False, [])


def test_a_hundred_guessed_ids_are_nobody_s(shop_client: TestClient) -> None:
    path, token = opened(shop_client, **{"X-Vouch-Site": "shop"})
    mine = path.rpartition("/")[2]
    guesses = [secrets.token_urlsafe(24) for _ in range(93)]
    guesses += [mine.swapcase(), mine[:-1], mine + "x", f"{mine}%00", f"{mine}%20", "1", "%2e%2e"]
    for guess in guesses:
        if guess != mine:
            answer = shop_client.get(f"/v1/sessions/{guess}", headers=token)
            assert answer.status_code == 404
            assert mine not in answer.text


def test_a_replayed_token_counts_once(shop_client: TestClient, sited: Service) -> None:
    headers = {"X-Vouch-Site": "shop", "Origin": SHOP}
    accepted = 0
    used = [visitor_token(f"v{number}") for number in range(10)]
    for token in used * 10:
        answer = shop_client.post("/v1/sessions", json={"visitor_token": token}, headers=headers)
        assert answer.status_code in {201, 401}
        accepted += answer.status_code == 201
    assert accepted == len(used)
    path, own = opened(shop_client, **headers)
    for token in used:
        body = {"visitor_token": token}
        assert shop_client.post(f"{path}/identify", json=body, headers=own).status_code == 401
    for token in used:  # the same id in another token of the site is used as well
        name = jwt.decode(token, options={"verify_signature": False})["jti"]
        visitor = read_visitor(visitor_token("somebody else", jti=name), SHOPS["shop"])
        with pytest.raises(TokenError):
            spend(sited.database, visitor)
        spend(sited.database, read_visitor(visitor_token(site="other", jti=name), SHOPS["other"]))


def test_used_tokens_are_kept_until_they_expire(sited: Service) -> None:
    now = int(time.time())
    visitor = read_visitor(visitor_token(iat=now - 500, exp=now - 25), SHOPS["shop"])
    assert visitor.expires.timestamp() == now + 5
    gone = replace(visitor, expires=visitor.expires - timedelta(minutes=1))
    spend(sited.database, gone)
    spend(sited.database, gone)  # by then nobody reads it
    spend(sited.database, visitor)
    with pytest.raises(TokenError):
        spend(sited.database, visitor)


def test_two_sites_visitors_of_one_name_are_two_people(shop_client: TestClient) -> None:
    def begin(site: str, origin: str) -> tuple[str, dict[str, str], dict[str, object]]:
        headers = {"X-Vouch-Site": site, "Origin": origin}
        token = visitor_token("same@example.org", site)
        answer = shop_client.post("/v1/sessions", json={"visitor_token": token}, headers=headers)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        bearer = {"Authorization": f"Bearer {body['token']}", "Origin": origin}
        return f"/v1/sessions/{body['session_id']}", bearer, body["profile"]

    path, token, profile = begin("shop", SHOP)
    assert profile["likes"] == []
    shown = shop_client.post(f"{path}/turns", json={"message": "a kettle"}, headers=token).json()
    body = {"item_id": shown["items"][0]["item_id"], "kind": "like"}
    assert shop_client.post(f"{path}/feedback", json=body, headers=token).status_code == 200
    assert begin("shop", SHOP)[2]["likes"] != []
    assert begin("other", OTHER)[2]["likes"] == []
    assert shop_client.delete(f"{path}/person", headers=token).status_code == 204


def test_a_signing_key_is_whole_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "sessions.key"
    token = Signer.of(path).sign(SESSION, timedelta(hours=1), sid="a")
    assert Signer.of(path).read(SESSION, token)["sid"] == "a"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["sessions.key"]
    path.write_bytes(b"")  # killed between making and writing, by an earlier version
    with pytest.raises(ConfigurationError):
        Signer.of(path)
