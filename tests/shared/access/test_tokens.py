"""Which tokens are believed, and that every other answer is the same."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import MetaData

from shared.access.callers import CurrentCaller
from shared.access.roles import Role
from shared.access.tokens import Caller, TokenRefused, TokenVerifier
from shared.http.app import create_app
from shared.http.routes import Router
from shared.service import Service
from shared.settings import Environment, ServiceSettings
from tests.shared.access.conftest import Issuer
from tests.shared.access.hostile import good_claims, hostile_tokens, issuer_signed

JSON = (b"content-type", b"application/json")

router = Router()


@router.post("/me")
async def me(caller: CurrentCaller, body: dict[str, int]) -> dict[str, str]:
    return {"subject": caller.subject}


@pytest.fixture
def app(verifier: TokenVerifier) -> FastAPI:
    return create_app(
        service=Service(name="sample", metadata=MetaData(), migrations=Path()),
        settings=ServiceSettings(database_url="postgresql://nobody@127.0.0.1:1/nothing", environment=Environment.TEST),
        title="Sample", version="1", description="", routers=[router], tokens=verifier,
    )  # fmt: skip


async def asked(app: FastAPI, headers: Any, body: bytes = b"{}") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as client:
        return await client.post("/me", content=body, headers=headers)


@pytest.mark.parametrize(("kid", "algorithm"), [("rsa", "RS256"), ("ec", "ES256"), ("ed", "EdDSA")])
async def test_a_proper_token_tells_who_is_calling(
    identity_provider: Issuer, verifier: TokenVerifier, kid: str, algorithm: str
) -> None:
    token = identity_provider.sign(good_claims(bin="190140000019", name="Айгүл"), kid, algorithm)
    officer = frozenset({Role.OFFICER})
    assert await verifier.caller(token) == Caller("aigul", officer, "industry", "190140000019", "Айгүл")


async def test_every_hostile_token_is_answered_alike(app: FastAPI, identity_provider: Issuer) -> None:
    tokens = list(hostile_tokens(identity_provider))
    assert len(tokens) >= 60
    shapes = set()
    for wrong, token in tokens:
        reply = await asked(
            app, {"Authorization": f"Bearer {token}".encode("latin-1"), "Content-Type": "application/json"}
        )
        assert reply.status_code == 401, wrong
        said = reply.json()
        said.pop("trace_id")
        shapes.add((json.dumps(said), reply.headers["www-authenticate"], frozenset(reply.headers)))
    assert len(shapes) == 1
    assert next(iter(shapes))[1] == 'Bearer realm="tirek"'


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"Basic YWlndWw6c2VjcmV0")],
        [(b"authorization", b"Bearer")],
        [(b"authorization", b"")],
    ],
    ids=["none", "basic", "bearer of nothing", "empty"],
)
async def test_without_a_bearer_token_nobody_is_known(app: FastAPI, headers: list[tuple[bytes, bytes]]) -> None:
    assert (await asked(app, headers)).status_code == 401


async def test_two_tokens_at_once_are_none(app: FastAPI, identity_provider: Issuer) -> None:
    one = ("Authorization", f"Bearer {identity_provider.sign(good_claims())}")
    assert (await asked(app, [one, one])).status_code == 401


async def test_the_token_is_looked_at_before_the_body(app: FastAPI, identity_provider: Issuer) -> None:
    assert (await asked(app, {}, b"{nonsense")).status_code == 401
    good = {"Authorization": f"bearer {identity_provider.sign(good_claims())}", "Content-Type": "application/json"}
    assert (await asked(app, good, b"{nonsense")).status_code == 400
    assert (await asked(app, good, b"{}")).json() == {"subject": "aigul"}


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["officer", "approver"]}, {Role.OFFICER, Role.APPROVER}),
        ({"roles": ["king", "officer", 7]}, {Role.OFFICER}),
        ({"roles": ..., "realm_access": {"roles": ["auditor"]}}, {Role.AUDITOR}),
        ({"roles": ...}, set()),
    ],
    ids=["two", "with one that is not ours", "as Keycloak says", "none"],
)
async def test_roles_are_those_that_we_know(
    identity_provider: Issuer, verifier: TokenVerifier, claims: dict[str, Any], roles: set[Role]
) -> None:
    caller = await verifier.caller(identity_provider.sign(good_claims(**claims)))
    assert caller.roles == roles


@pytest.mark.parametrize(
    ("claim", "offset", "holds"), [("exp", -25, True), ("exp", -35, False), ("nbf", 25, True), ("nbf", 35, False)]
)
async def test_clocks_may_differ_by_thirty_seconds(
    identity_provider: Issuer, verifier: TokenVerifier, claim: str, offset: int, holds: bool
) -> None:
    payload = json.dumps(good_claims(**{claim: int(time.time()) + offset})).encode()
    if holds:
        await verifier.caller(issuer_signed(identity_provider, payload))
    else:
        with pytest.raises(TokenRefused):
            await verifier.caller(issuer_signed(identity_provider, payload))


async def test_an_audience_among_several_is_enough(identity_provider: Issuer, verifier: TokenVerifier) -> None:
    assert (await verifier.caller(identity_provider.sign(good_claims(aud=["account", "tirek"])))).subject == "aigul"
