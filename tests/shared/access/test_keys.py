"""Keys found by discovery: kept while the endpoint is down, fetched seldom."""

import json
from typing import Any

import httpx
import pytest

from shared.access.keys import DiscoveredKeys, KeysUnavailable, read_jwks
from tests.shared.access.conftest import ISSUER, Issuer

DAY = 24 * 3600


class Provider:
    """An identity provider whose answers the test decides."""

    def __init__(self, jwks: dict[str, Any]) -> None:
        self.jwks: object = jwks
        self.issuer = ISSUER
        self.down = False
        self.fetches = 0
        self.time = 0.0

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("down")
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": self.issuer, "jwks_uri": "https://id.example.kz/jwks"})
        self.fetches += 1
        content = self.jwks if isinstance(self.jwks, bytes) else json.dumps(self.jwks).encode()
        return httpx.Response(200, content=content)

    def keys(self) -> DiscoveredKeys:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        return DiscoveredKeys(ISSUER, client=client, monotonic=lambda: self.time)


@pytest.fixture
def provider(identity_provider: Issuer) -> Provider:
    return Provider(identity_provider.jwks)


async def test_keys_are_found_by_discovery(provider: Provider) -> None:
    keys = provider.keys()
    found = await keys.find("rsa")
    assert found is not None
    assert found.algorithm == "RS256"
    await keys.close()


async def test_a_thousand_tokens_with_unknown_keys_make_one_fetch(provider: Provider) -> None:
    keys = provider.keys()
    for number in range(1000):
        assert await keys.find(f"unknown {number}") is None
    assert provider.fetches == 1
    await keys.close()


async def test_a_new_key_is_found_once_half_a_minute_is_over(provider: Provider, identity_provider: Issuer) -> None:
    keys = provider.keys()
    await keys.find("rsa")
    renamed = [{**key, "kid": "new"} for key in identity_provider.jwks["keys"] if key["kid"] == "ec"]
    provider.jwks = {"keys": renamed}
    provider.time = 29
    assert await keys.find("new") is None
    provider.time = 31
    assert await keys.find("new") is not None
    assert await keys.find("rsa") is None
    await keys.close()


async def test_known_keys_go_on_for_a_day_while_the_endpoint_is_down(provider: Provider) -> None:
    keys = provider.keys()
    await keys.find("rsa")
    provider.down = True
    provider.time = DAY - 60
    assert await keys.find("rsa") is not None
    provider.time = DAY + 60
    with pytest.raises(KeysUnavailable):
        await keys.find("rsa")
    provider.down = False
    provider.time += 31
    assert await keys.find("rsa") is not None
    await keys.close()


@pytest.mark.parametrize("nonsense", [b"{", b"[]", b'{"keys": []}', b'{"keys": 1}', b"<html>", b"\xff\xfe"])
async def test_nonsense_from_the_endpoint_changes_nothing(provider: Provider, nonsense: bytes) -> None:
    keys = provider.keys()
    await keys.find("rsa")
    provider.jwks, provider.time = nonsense, 400
    assert await keys.find("unknown") is None
    assert await keys.find("rsa") is not None
    await keys.close()


async def test_a_document_of_another_issuer_is_not_believed(provider: Provider) -> None:
    provider.issuer = "https://evil.example"
    keys = provider.keys()
    with pytest.raises(KeysUnavailable):
        await keys.find("rsa")
    await keys.close()


def test_only_usable_keys_are_taken(identity_provider: Issuer) -> None:
    assert set(read_jwks(identity_provider.jwks)) == {"rsa", "ec", "ed"}
