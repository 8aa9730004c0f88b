"""Identifiers: time-ordered for what a command makes, derived from the cause for what a handler makes."""

import hashlib
import hmac
import secrets
import time
from uuid import UUID, uuid5

TIREK = UUID("6f9d3f0c-0a3b-5d0e-9f6a-7b1f5c3d2e10")
"""The namespace of the identifiers that Tirek derives."""


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits. PostgreSQL 18 makes the same."""
    milliseconds = time.time_ns() // 1_000_000
    return _of_version(7, (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80))


def derived_id(*parts: object) -> UUID:
    """The one identifier that these parts always give: handling a cause again cannot make a second effect."""
    return uuid5(TIREK, "\x1f".join(str(part) for part in parts))


def recipient_id(number: str, key: bytes) -> UUID:
    """The identifier (UUID version 8) under which a company appears outside the service that knows its BIN or IIN.

    Keyed, because twelve digits can be guessed: without the key nobody can go from the identifier back to an IIN. All
    services of an installation share the key (`TIREK_RECIPIENT_KEY`).
    """
    digest = hmac.digest(key, number.encode("ascii"), hashlib.sha256)
    return _of_version(8, int.from_bytes(digest[:16]))


def _of_version(version: int, bits: int) -> UUID:
    """These 128 bits with the version and the variant of RFC 9562; Python 3.11 knows versions up to 5 only."""
    bits = bits & ~(0xF << 76) | version << 76
    return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)
