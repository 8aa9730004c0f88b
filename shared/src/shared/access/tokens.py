"""Access tokens: what must hold of one (RFC 9068) before anybody believes who is calling."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from shared.access.keys import ALGORITHMS, DiscoveredKeys, Keys
from shared.access.roles import Role

LEEWAY_SECONDS = 30
LONGEST_TOKEN = 8192
TYPES = frozenset({"at+jwt", "application/at+jwt"})
FORBIDDEN_HEADERS = frozenset({"crit", "jku", "x5u", "jwk", "x5c", "b64", "zip", "enc"})
REQUIRED_CLAIMS = ("exp", "iat", "iss", "aud", "sub")

_compact = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
_institute = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")
_bin = re.compile(r"[0-9]{12}\Z")
_broken = (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError, AttributeError)


class TokenRefused(Exception):
    """The token is not to be believed; the reason is for the log, never for the caller."""


@dataclass(frozen=True)
class Caller:
    """Who is calling, as the token says.

    `institute` is the slug of the institute for which an officer acts, `bin` the company for which an applicant acts.
    """

    subject: str
    roles: frozenset[Role]
    institute: str | None = None
    bin: str | None = None
    name: str | None = None


class TokenVerifier:
    """Turns a bearer token into a caller; the time is the machine's, never the business clock."""

    def __init__(self, keys: Keys, *, issuer: str, audience: str) -> None:
        self._keys, self._issuer, self._audience = keys, issuer, audience

    async def close(self) -> None:
        """Close the connections to the identity provider, where there are any."""
        if isinstance(self._keys, DiscoveredKeys):
            await self._keys.close()

    async def caller(self, token: str) -> Caller:
        """The caller of a token. Raises `TokenRefused`, or `KeysUnavailable` where no key is known at all."""
        try:
            kid, algorithm = _header(token)
            key = await self._keys.find(kid)
            if key is None or key.algorithm != algorithm:
                raise TokenRefused("no such key")
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": list(REQUIRED_CLAIMS)},
            )
            return _caller(claims)
        except _broken as error:
            raise TokenRefused(type(error).__name__) from error


def _header(token: str) -> tuple[str, str]:
    if len(token) > LONGEST_TOKEN or not _compact.match(token):
        raise TokenRefused("not a compact token")
    header = jwt.get_unverified_header(token)
    kid, algorithm, kind = header.get("kid"), header.get("alg"), header.get("typ")
    if FORBIDDEN_HEADERS & header.keys():
        raise TokenRefused("a header that is not allowed")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise TokenRefused("not an access token")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenRefused("algorithm not allowed")
    if not isinstance(kid, str) or not 0 < len(kid) <= 200:
        raise TokenRefused("no key named")
    return kid, algorithm


def _caller(claims: Mapping[str, Any]) -> Caller:
    if any(isinstance(claims[name], bool) for name in ("exp", "iat")):
        raise TokenRefused("a time that is none")
    return Caller(
        subject=_text(claims["sub"], longest=200),
        roles=_roles(claims),
        institute=_matching(claims.get("institute"), _institute),
        bin=_matching(claims.get("bin"), _bin),
        name=None if claims.get("name") is None else _text(claims["name"], longest=300),
    )


def _roles(claims: Mapping[str, Any]) -> frozenset[Role]:
    """The roles under `roles`, or under `realm_access.roles`; a role that is not ours is passed over."""
    granted = claims.get("roles", (claims.get("realm_access") or {}).get("roles", []))
    if not isinstance(granted, list) or len(granted) > 200:
        raise TokenRefused("roles are a list")
    known = {role.value for role in Role}
    return frozenset(Role(role) for role in granted if isinstance(role, str) and role in known)


def _text(value: object, *, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise TokenRefused("a text that is none")
    return value


def _matching(value: object, pattern: re.Pattern[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not pattern.match(value):
        raise TokenRefused("a claim of the wrong form")
    return value
