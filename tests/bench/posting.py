"""The POST of a report with everything that belongs to it: against a bare insert, and traced against untraced."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from fastapi import FastAPI

from obligations.obligations.commands import obligation_id
from shared.access.issuer import DevelopmentIssuer
from shared.access.roles import Role
from shared.database.engine import Database, plain_url
from shared.settings import Environment
from tests.bench.measuring import Comparison, Done, take_turns
from tests.bench.posting_process import WARM
from tests.obligations.clock import StandingClock
from tests.obligations.world import AFTER_2025, BIN, KEY, World, export, productivity
from tirek_local.testing import Databases, Servers

REPORTS = 1_000
TERMS = 10


@dataclass
class Desk:
    """A database with years to report, and processes that take the reports."""

    url: str
    token: str
    folder: Path
    left: list[str]

    async def take(self, application: str, count: int, **variables: str) -> Done:
        """Post so many reports to a process of its own."""
        taken, self.left = self.left[: count + WARM], self.left[count + WARM :]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
            "DATABASE_URL": self.url,
            "TIREK_ENVIRONMENT": "test",
            "TIREK_ISSUER_DIRECTORY": str(self.folder / "issuer"),
            "TIREK_CLOCK_FILE": str(self.folder / "clock"),
            "TIREK_RECIPIENT_KEY": KEY.decode(),
            **variables,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.posting_process",
            application,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        asked = json.dumps({"obligations": taken, "token": self.token}).encode()
        said, _ = await process.communicate(asked)
        if process.returncode:
            raise RuntimeError(f"{application}: {said.decode()}")
        return Done(**json.loads(said.splitlines()[-1]))


@asynccontextmanager
async def desk(servers: Servers, reports: int) -> AsyncIterator[Desk]:
    """Agreements with so many years to report, in turns, so that two requests seldom meet at one agreement."""
    databases = Databases(servers)
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "clock").write_text(AFTER_2025.isoformat(), encoding="ascii")
        url = databases.create("obligations")
        connections = Database(url, application_name="bench", pool_size=4)
        issuer = DevelopmentIssuer(folder / "issuer", Environment.TEST)
        world = World(connections, FastAPI(), issuer, StandingClock(AFTER_2025))
        agreements = [
            await world.signed(*(export() if number % 2 else productivity() for number in range(TERMS)))
            for _ in range(reports // TERMS + 1)
        ]
        ids = [
            str(obligation_id(each.agreement_id, each.obligations[number].term_id, 2025))
            for number in range(TERMS)
            for each in agreements
        ]
        direct = await asyncpg.connect(plain_url(url))
        await direct.execute(
            "create table bare_report (id uuid primary key default uuidv7(), obligation_id uuid not null,"
            " achieved numeric not null, at timestamptz not null default now())"
        )
        await direct.close()
        await connections.close()
        token = issuer.mint(subject="applicant-1", roles=[Role.APPLICANT], bin=BIN)
        try:
            yield Desk(url, token, folder, ids)
        finally:
            databases.drop_all()


async def post_against_insert(servers: Servers, *, rounds: int, scale: float) -> Comparison:
    """Requests a second; both sides are processes of their own, eight requests at once."""
    compared = Comparison("POST of a report", "a bare asyncpg insert behind the same FastAPI", "requests/s", 0.3)
    count = max(int(REPORTS * scale), 50)
    async with desk(servers, 2 * (rounds + 1) * (count + WARM)) as ready:

        async def ours() -> Done:
            return await ready.take("product", count)

        async def theirs() -> Done:
            return await ready.take("bare", count)

        return await take_turns(compared, ours, theirs, rounds=rounds)


async def traced_against_untraced(servers: Servers, *, rounds: int, scale: float) -> Comparison:
    """Requests a second with every span exported to a collector that takes all, and with no collector."""
    compared = Comparison("the same POST with tracing exported", "without", "requests/s", 0.85)
    count = max(int(REPORTS * scale), 50)
    async with desk(servers, 2 * (rounds + 1) * (count + WARM)) as ready, _collector() as address:

        async def ours() -> Done:
            return await ready.take("product", count, OTEL_EXPORTER_OTLP_ENDPOINT=address)

        async def theirs() -> Done:
            return await ready.take("product", count)

        return await take_turns(compared, ours, theirs, rounds=rounds)


@asynccontextmanager
async def _collector() -> AsyncIterator[str]:
    """Takes whatever is sent and says so."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
