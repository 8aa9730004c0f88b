"""The public keys of an issuer: from a file, or found by OIDC discovery and kept while the endpoint is down."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK

log = logging.getLogger(__name__)

ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA"})
MINIMUM_RSA_BITS = 2048


class KeysUnavailable(Exception):
    """No key of the issuer is known, and none can be fetched now."""


@dataclass(frozen=True)
class SigningKey:
    """A public key and the one algorithm that it may be used with."""

    algorithm: str
    key: PyJWK


class Keys(Protocol):
    """Where the verifier finds the key that a token names."""

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id, or none; raises `KeysUnavailable` where no key is known at all."""
        ...


def read_jwks(document: object) -> dict[str, SigningKey]:
    """The usable signing keys of a JWKS by `kid`: asymmetric, of an allowed algorithm, long enough, named once.

    Raises `ValueError` where the document is not a JWKS or holds no usable key.
    """
    entries = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("a JWKS has a list `keys`")
    found: dict[str, SigningKey] = {}
    twice: set[str] = set()
    for entry in entries:
        if not isinstance(entry, Mapping) or not isinstance(kid := entry.get("kid"), str):
            continue
        key = _signing_key(entry)
        if key is None:
            continue
        if kid in found:
            twice.add(kid)
        found[kid] = key
    usable = {kid: key for kid, key in found.items() if kid not in twice}
    if not usable:
        raise ValueError("the JWKS holds no usable signing key")
    return usable


def _signing_key(entry: Mapping[str, Any]) -> SigningKey | None:
    if entry.get("use", "sig") != "sig" or entry.get("kty") not in {"RSA", "EC", "OKP"}:
        return None
    try:
        key = PyJWK.from_dict(dict(entry))
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    if key.algorithm_name not in ALGORITHMS:
        return None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < MINIMUM_RSA_BITS:
        return None
    return SigningKey(key.algorithm_name, key)


class StaticKeys:
    """Keys that do not change while the process runs."""

    def __init__(self, keys: Mapping[str, SigningKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def from_file(cls, path: Path) -> "StaticKeys":
        """Read a JWKS file; raises `ValueError` where it is none, `OSError` where it cannot be read."""
        return cls(read_jwks(json.loads(path.read_text(encoding="utf-8"))))

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id, or none."""
        return self._keys.get(kid)


class DiscoveredKeys:
    """Keys found by OIDC discovery.

    Refreshed in the background once they are `fresh_for` seconds old; a token that names an unknown key asks for a
    fetch too. Fetches are at least `pause` seconds apart and one at a time, so that hostile tokens cannot make them
    many. While the endpoint is down or answers nonsense the known keys go on for `kept_for` seconds.
    """

    def __init__(
        self,
        issuer: str,
        *,
        client: httpx.AsyncClient | None = None,
        fresh_for: float = 300,
        pause: float = 30,
        kept_for: float = 24 * 3600,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._client = client or httpx.AsyncClient(timeout=httpx.Timeout(5), follow_redirects=False)
        self._fresh_for, self._pause, self._kept_for = fresh_for, pause, kept_for
        self._monotonic = monotonic
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()
        self._refresh: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id, or none after a fetch that did not bring it."""
        age = self._monotonic() - self._fetched_at
        known = self._keys.get(kid) if age < self._kept_for else None
        if known is not None:
            if age > self._fresh_for and self._may_try() and (self._refresh is None or self._refresh.done()):
                self._refresh = asyncio.create_task(self._fetch())
            return known
        await self._fetch()
        if self._monotonic() - self._fetched_at >= self._kept_for:
            raise KeysUnavailable
        return self._keys.get(kid)

    async def close(self) -> None:
        """End a fetch under way and close the connections."""
        if self._refresh is not None:
            self._refresh.cancel()
            await asyncio.gather(self._refresh, return_exceptions=True)
        await self._client.aclose()

    def _may_try(self) -> bool:
        return self._monotonic() - self._tried_at >= self._pause

    async def _fetch(self) -> None:
        async with self._lock:
            if not self._may_try():
                return
            self._tried_at = self._monotonic()
            try:
                self._keys = read_jwks(await self._get(await self._jwks_uri()))
                self._fetched_at = self._monotonic()
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
                log.warning("the keys of %s could not be fetched: %s", self._issuer, error)

    async def _jwks_uri(self) -> str:
        found = await self._get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        uri = found.get("jwks_uri") if isinstance(found, dict) and found.get("issuer") == self._issuer else None
        if not isinstance(uri, str):
            raise ValueError("the discovery document is of another issuer or names no jwks_uri")
        return uri

    async def _get(self, url: str) -> Any:
        response = await self._client.get(url)
        response.raise_for_status()
        return response.json()
