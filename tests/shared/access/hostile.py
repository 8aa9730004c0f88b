"""Tokens that nobody may believe."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.shared.access.conftest import ISSUER, Issuer


def good_claims(**changed: Any) -> dict[str, Any]:
    """Claims of a token that holds; a changed claim that is `...` is left out."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": ISSUER, "aud": "tirek", "sub": "aigul", "iat": now, "nbf": now, "exp": now + 300,
        "roles": ["officer"], "institute": "industry",
    }  # fmt: skip
    return {name: value for name, value in {**claims, **changed}.items() if value is not ...}


def encoded(value: object) -> str:
    """A part of a token."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def hostile_tokens(issuer: Issuer) -> Iterator[tuple[str, str]]:
    """Each with what is wrong with it."""
    yield from _of_another_form(issuer)
    yield from _of_other_algorithms(issuer)
    yield from _of_other_keys(issuer)
    yield from _of_other_headers(issuer)
    yield from _of_other_claims(issuer)


def _of_another_form(issuer: Issuer) -> Iterator[tuple[str, str]]:
    good = issuer.sign(good_claims())
    head, body, signature = good.split(".")
    yield "nothing", ""
    yield "a word", "token"
    yield "two parts", f"{head}.{body}"
    yield "four parts", f"{good}.{signature}"
    yield "five parts, as encrypted", f"{head}.{body}.{body}.{body}.{signature}"
    yield "no signature", f"{head}.{body}."
    yield "no head", f".{body}.{signature}"
    yield "a cut signature", good[:-4]
    yield "another signature", f"{head}.{body}.{encoded(b'x' * 64)}"
    yield "a changed body", f"{head}.{encoded(good_claims(roles=['operator']))}.{signature}"
    yield "a head that is a list", f"{encoded([])}.{body}.{signature}"
    yield "a head that is no JSON", f"{encoded(b'{')}.{body}.{signature}"
    yield "a body that is no JSON", issuer_signed(issuer, b"{")
    yield "a body that is a list", issuer_signed(issuer, b"[]")
    yield "a body nested deep", issuer_signed(issuer, b"[" * 1500 + b"]" * 1500)
    yield "padding", good + "="
    yield "a space inside", f"{head}. {body}.{signature}"
    yield "a second token behind", f"{good} {good}"
    yield "a huge one", issuer.sign(good_claims(padding="x" * 10_000))
    yield "the general JSON form", json.dumps({"payload": body, "signatures": [{"protected": head}]})


def issuer_signed(issuer: Issuer, payload: bytes) -> str:
    """Any bytes, signed by the issuer's own key."""
    head = encoded({"alg": "EdDSA", "typ": "at+jwt", "kid": "ed"})
    signature = issuer.private["ed"].sign(f"{head}.{encoded(payload)}".encode())
    return f"{head}.{encoded(payload)}.{encoded(signature)}"


def _of_other_algorithms(issuer: Issuer) -> Iterator[tuple[str, str]]:
    body = encoded(good_claims())
    public = issuer.private["rsa"].public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for algorithm in ("none", "None", "NONE", "nOnE", "", None, 1, ["EdDSA"]):
        head = encoded({"alg": algorithm, "typ": "at+jwt", "kid": "ed"})
        yield f"algorithm {algorithm!r}", f"{head}.{body}.{encoded(b'x')}"
    for algorithm, digest in (("HS256", hashlib.sha256), ("HS384", hashlib.sha384), ("HS512", hashlib.sha512)):
        head = encoded({"alg": algorithm, "typ": "at+jwt", "kid": "rsa"})
        mac = hmac.new(pem, f"{head}.{body}".encode(), digest).digest()
        yield f"{algorithm} with the public key as secret", f"{head}.{body}.{encoded(mac)}"
    head = encoded({"alg": "HS256", "typ": "at+jwt", "kid": "oct"})
    mac = hmac.new(b"secret-secret-secret-secret-sec", f"{head}.{body}".encode(), hashlib.sha256).digest()
    yield "a symmetric key of the JWKS", f"{head}.{body}.{encoded(mac)}"
    for algorithm in ("RS384", "RS512", "PS256"):
        yield algorithm, issuer.sign(good_claims(), "rsa", algorithm)
    for algorithm in ("RS256", "ES256"):
        head = encoded({"alg": algorithm, "typ": "at+jwt", "kid": "ed"})
        signature = issuer.private["ed"].sign(f"{head}.{body}".encode())
        yield f"{algorithm} named over an EdDSA key", f"{head}.{body}.{encoded(signature)}"


def _of_other_keys(issuer: Issuer) -> Iterator[tuple[str, str]]:
    yield "no key named", _headed(issuer, {"kid": None})
    others: list[Any] = [
        "unknown",
        "",
        "../../../../dev/null",
        "ed' or '1'='1",
        "ed\x00",
        "ED",
        "x" * 201,
        7,
        ["ed"],
        {"ed": 1},
    ]
    for kid in others:
        yield f"the key {str(kid)[:30]!r}", _headed(issuer, {"kid": kid})
    yield "the foreign key under our name", _headed(issuer, {"kid": "ed"}, signer="foreign")
    yield "a key that is in the JWKS twice", issuer.sign(good_claims(), "twice")
    yield "a key that is too short", _short_signed(issuer)
    yield "a key for encryption", _rsa_headed(issuer, "encryption")


def _headed(issuer: Issuer, changed: dict[str, Any], signer: str = "ed") -> str:
    head = encoded({"alg": "EdDSA", "typ": "at+jwt", "kid": "ed", **changed})
    body = encoded(good_claims())
    return f"{head}.{body}.{encoded(issuer.private[signer].sign(f'{head}.{body}'.encode()))}"


def _short_signed(issuer: Issuer) -> str:
    signed = f"{encoded({'alg': 'RS256', 'typ': 'at+jwt', 'kid': 'short'})}.{encoded(good_claims())}"
    return f"{signed}.{encoded(issuer.private['short'].sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _rsa_headed(issuer: Issuer, kid: str) -> str:
    return jwt.encode(good_claims(), issuer.private["rsa"], "RS256", headers={"typ": "at+jwt", "kid": kid})


def _of_other_headers(issuer: Issuer) -> Iterator[tuple[str, str]]:
    for kind in ("JWT", "at+jwt2", "id+jwt", "logout+jwt", "dpop+jwt", "", None, 1, ["at+jwt"]):
        yield f"the type {kind!r}", _headed(issuer, {"typ": kind})
    for name, value in (
        ("crit", ["exp"]),
        ("crit", []),
        ("jku", "https://evil.example/jwks"),
        ("x5u", "https://evil.example/cert"),
        ("jwk", {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}),
        ("x5c", ["MIIB"]),
        ("b64", False),
        ("zip", "DEF"),
    ):
        yield f"the header {name} {value!r}"[:40], _headed(issuer, {name: value})


def _of_other_claims(issuer: Issuer) -> Iterator[tuple[str, str]]:
    now = int(time.time())
    wrong: list[tuple[str, Any]] = [
        ("exp", now - 31), ("exp", 0), ("exp", -1), ("exp", ...), ("exp", None), ("exp", "soon"), ("exp", True),
        ("exp", [now + 300]), ("exp", float("nan")), ("exp", float("-inf")), ("exp", {}),
        ("nbf", now + 60), ("nbf", "later"), ("nbf", float("inf")),
        ("iat", ...), ("iat", now + 3600), ("iat", "now"), ("iat", True),
        ("iss", ...), ("iss", "https://evil.example"), ("iss", ISSUER + "/"), ("iss", [ISSUER]), ("iss", None),
        ("aud", ...), ("aud", "account"), ("aud", []), ("aud", ["other"]), ("aud", None), ("aud", {"tirek": 1}),
        ("aud", "Tirek"), ("aud", 1),
        ("sub", ...), ("sub", ""), ("sub", 7), ("sub", None), ("sub", "x" * 201), ("sub", "a\nb"), ("sub", ["aigul"]),
        ("roles", "officer"), ("roles", {"officer": True}), ("roles", 1), ("realm_access", "officer"),
        ("institute", "Industry"), ("institute", "a' or 1=1"), ("institute", 1), ("institute", ["industry"]),
        ("institute", "industry\n"),
        ("bin", "19014000001"), ("bin", "١٩٠١٤٠٠٠٠٠١٩"), ("bin", 190140000019), ("bin", "190140000019\n"),
        ("name", 1), ("name", "x" * 301),
    ]  # fmt: skip
    for name, value in wrong:
        changed = {name: value, **({"roles": ...} if name == "realm_access" else {})}
        yield f"{name} {str(value)[:30]!r}", issuer_signed(issuer, json.dumps(good_claims(**changed)).encode())
