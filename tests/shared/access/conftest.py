"""An issuer with a key of each kind, and a verifier that knows it."""

import json
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from shared.access.keys import StaticKeys, read_jwks
from shared.access.tokens import TokenVerifier

ISSUER = "https://id.example.kz/realms/tirek"


@dataclass(frozen=True)
class Issuer:
    """Private keys by `kid`, and their JWKS."""

    private: dict[str, Any]
    jwks: dict[str, Any]

    def sign(self, claims: dict[str, Any], kid: str = "ed", algorithm: str = "EdDSA", **headers: Any) -> str:
        return jwt.encode(claims, self.private[kid], algorithm, headers={"typ": "at+jwt", "kid": kid, **headers})


@pytest.fixture(scope="session")
def identity_provider() -> Issuer:
    private: dict[str, Any] = {
        "rsa": rsa.generate_private_key(65537, 2048),
        "short": rsa.generate_private_key(65537, 1024),
        "ec": ec.generate_private_key(ec.SECP256R1()),
        "ed": ed25519.Ed25519PrivateKey.generate(),
        "twice": ed25519.Ed25519PrivateKey.generate(),
        "foreign": ed25519.Ed25519PrivateKey.generate(),
    }
    forms = {"rsa": ("RS256", jwt.algorithms.RSAAlgorithm), "ec": ("ES256", jwt.algorithms.ECAlgorithm)}
    keys = []
    for kid, key in private.items():
        if kid == "foreign":
            continue
        named = forms.get("rsa" if kid == "short" else kid, ("EdDSA", jwt.algorithms.OKPAlgorithm))
        public = json.loads(named[1].to_jwk(key.public_key()))  # type: ignore[attr-defined]
        keys.append({**public, "kid": kid, "alg": named[0], "use": "sig"})
    keys.append({**keys[-1]})
    keys.append({"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw", "kid": "oct", "alg": "HS256"})
    keys.append({**keys[0], "kid": "encryption", "use": "enc"})
    return Issuer(private, {"keys": keys})


@pytest.fixture
def verifier(identity_provider: Issuer) -> TokenVerifier:
    return TokenVerifier(StaticKeys(read_jwks(identity_provider.jwks)), issuer=ISSUER, audience="tirek")
