"""A small HTTP server on loopback that stands for obligations in whatever state a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from grants.clearance.question import TIMEOUT, ObligationsClient

Reply = Callable[[str], Awaitable[bytes]]


def standing(agreement_id: UUID, **facts: Any) -> dict[str, Any]:
    """What obligations says when nothing is in the way."""
    return {
        "agreement_id": str(agreement_id), "settled": True, "behind": [], "open_causes": [], "due_not_evaluated": 0,
        "unsent": 0, "answered_at": datetime(2025, 2, 3, tzinfo=UTC).isoformat(),
    } | facts  # fmt: skip


def http(status: int, body: bytes, headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\ncontent-type: application/json\r\n{headers}"
    return head.encode("ascii") + b"connection: close\r\n\r\n" + body


@asynccontextmanager
async def obligations(reply: Reply) -> AsyncIterator[tuple[ObligationsClient, list[str]]]:
    """A server that answers with what `reply` gives for the request's first line, and a client of it."""
    requests: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            requests.append(head.decode("ascii"))
            writer.write(await reply(requests[-1].splitlines()[0]))
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=TIMEOUT) as client:
        yield ObligationsClient(client), requests


def says(body: object, status: int = 200, headers: str = "") -> Reply:
    async def reply(_: str) -> bytes:
        return http(status, json.dumps(body).encode(), headers)

    return reply
