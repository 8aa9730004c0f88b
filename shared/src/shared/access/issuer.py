"""The development issuer: signs tokens with a key of its own, and refuses to run in production."""

import json
import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access.keys import StaticKeys, read_jwks
from shared.access.roles import Role
from shared.settings import Environment

ISSUER = "urn:tirek:development-issuer"
KEY_FILE = "signing-key.pem"
LONGEST_LIFETIME_SECONDS = 12 * 3600


class IssuerRefused(Exception):
    """The development issuer may not run here; the message says why."""


class DevelopmentIssuer:
    """Mints tokens for development, demo and test. Whoever can read its key file can be anybody: mode 0600."""

    def __init__(self, directory: Path, environment: Environment, *, audience: str = "tirek") -> None:
        if environment is Environment.PRODUCTION:
            raise IssuerRefused("the development issuer does not run in production (TIREK_ENVIRONMENT)")
        self.audience = audience
        self._key = _load_or_create(directory)

    @property
    def jwks(self) -> dict[str, Any]:
        """The public half, as a JWKS."""
        public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": "EdDSA"}]}

    @property
    def keys(self) -> StaticKeys:
        """The public half, for a verifier."""
        return StaticKeys(read_jwks(self.jwks))

    def mint(
        self,
        *,
        subject: str,
        roles: Iterable[Role],
        institute: str | None = None,
        bin: str | None = None,  # noqa: A002 - the claim's name, the Business Identification Number
        name: str | None = None,
        lifetime_seconds: int = 8 * 3600,
    ) -> str:
        """A signed access token, valid from now on for at most twelve hours."""
        now = int(time.time())
        optional = {"institute": institute, "bin": bin, "name": name}
        claims = {
            "iss": ISSUER,
            "aud": self.audience,
            "sub": subject,
            "client_id": "development",
            "iat": now,
            "nbf": now,
            "exp": now + min(lifetime_seconds, LONGEST_LIFETIME_SECONDS),
            "jti": str(uuid.uuid4()),
            "roles": sorted(roles),
            **{claim: value for claim, value in optional.items() if value is not None},
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"typ": "at+jwt", "kid": self._kid})

    @property
    def _kid(self) -> str:
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"development-{raw.hex()[:16]}"


def _load_or_create(directory: Path) -> Ed25519PrivateKey:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / KEY_FILE
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise IssuerRefused(f"{path} can be read by others; its mode must be 0600")
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise IssuerRefused(f"{path} does not hold an Ed25519 key")
    return key


def _create(path: Path) -> None:
    """Write the key whole under another name and link it, so that of two processes at once one wins."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
