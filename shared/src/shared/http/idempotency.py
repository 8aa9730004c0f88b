"""Idempotency: the row that is a mutex for the same request, and the reply that it keeps for the next sending."""

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Column, LargeBinary, SmallInteger, Table, Text, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.access.tokens import Caller
from shared.database.tables import instant, platform_metadata
from shared.http.edge import (
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    RequestInProgress,
)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PATTERN = r"[\x20-\x7e]{1,200}"

idempotency = Table(
    "idempotency",
    platform_metadata,
    Column("scope", LargeBinary, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("institute", Text),
    Column("route", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("recorded_at", instant, nullable=False, server_default=func.clock_timestamp(), index=True),
)
"""One row a command: `scope` is the SHA-256 of caller, route and key; the reply is filled in before the commit."""

_key = re.compile(PATTERN + r"\Z")


class Replayed(Exception):
    """The command has been done before; this is what was answered then."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True)
class Claim:
    """What makes two requests the same command."""

    subject: str
    institute: str | None
    route: str
    key: str
    fingerprint: bytes

    @property
    def scope(self) -> bytes:
        """The row's identity: the same key of another caller, or at another address, is another command."""
        return _digest([self.subject, self.institute, self.route, self.key])


def claim_of(request: Request, caller: Caller, body: object) -> Claim | None:
    """The claim of a request, or none where it has no key and its method does not want one.

    Raises `IdempotencyKeyMissing` for a POST without a key, `IdempotencyKeyMalformed` for a key that is none.
    """
    keys = request.headers.getlist(HEADER)
    if not keys and request.method != "POST":
        return None
    if not keys:
        raise IdempotencyKeyMissing
    if len(keys) > 1 or not _key.match(keys[0]):
        raise IdempotencyKeyMalformed
    return Claim(
        subject=caller.subject,
        institute=caller.institute,
        route=f"{request.method} {request.url.path}",
        key=keys[0],
        fingerprint=_digest([body, request.url.query]),
    )


async def take(session: AsyncSession, claim: Claim) -> None:
    """Insert the claim's row, waiting while another transaction holds it.

    Raises `Replayed` where the command was done before, `IdempotencyKeyReused` where the key belongs to another
    request. Where the wait ends with the lock timeout, the database's error says so and becomes 409.
    """
    connection = await session.connection()
    values = {name: getattr(claim, name) for name in ("scope", "subject", "institute", "route", "key", "fingerprint")}
    inserted = await connection.execute(
        insert(idempotency).values(values).on_conflict_do_nothing().returning(idempotency.c.scope)
    )
    if inserted.first() is not None:
        return
    found = (await connection.execute(select(idempotency).where(idempotency.c.scope == claim.scope))).first()
    if found is None or found.status is None:
        raise RequestInProgress
    if found.fingerprint != claim.fingerprint:
        raise IdempotencyKeyReused
    raise Replayed(_reply(found))


async def keep(session: AsyncSession, claim: Claim, response: Response) -> None:
    """Store the reply in the claim's row, as it will be sent."""
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in response.raw_headers]
    connection = await session.connection()
    await connection.execute(
        update(idempotency)
        .where(idempotency.c.scope == claim.scope)
        .values(status=response.status_code, headers=headers, body=bytes(response.body))
    )


def _reply(row: Any) -> Response:
    response = Response(row.body, status_code=row.status)
    stored = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in row.headers]
    response.raw_headers = [*stored, (REPLAYED.lower().encode("ascii"), b"true")]
    return response


def _digest(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=_number)
    return hashlib.sha256(text.encode("ascii")).digest()


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    raise TypeError(f"{type(value).__name__} is not JSON")
