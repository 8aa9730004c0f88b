"""An API process that dies: each command has one effect, and asking again with the same key tells which."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database.engine import async_url
from tests.shared.http.conftest import Authorised
from tests.shared.http.cutting import Held, committing
from tests.shared.http.sample import counter
from tirek_local.servers.ports import free_port

pytestmark = pytest.mark.kill


@asynccontextmanager
async def running(
    url: str, issuer: Path, log: Path, failpoints: str = ""
) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    """The sample service in a process of its own; gives a client and the process id."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "TIREK_PORT": str(port),
        "TIREK_ENVIRONMENT": "test",
        "TIREK_ISSUER_DIRECTORY": str(issuer),
        "TIREK_FAILPOINTS": failpoints,
        "TIREK_FAILPOINT_LOG": str(log),
    }
    order = [sys.executable, "-m", "tests.shared.http.sample"]
    process = subprocess.Popen(order, env=environment, start_new_session=True)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            for _ in range(200):
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/health/live")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
            yield client, process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def counted(url: str) -> int:
    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        value = (await connection.execute(select(counter.c.value).where(counter.c.id == 1))).scalar_one()
    await engine.dispose()
    return int(value)


@pytest.mark.parametrize(
    ("point", "done"),
    [
        ("api.before_begin", False),
        ("api.after_idempotency", False),
        ("api.before_commit", False),
        ("api.after_commit", True),
    ],
)
async def test_a_command_cut_by_a_killed_process_has_one_effect_in_the_end(
    sample_url: str, issuer_directory: Path, tmp_path: Path, authorised: Authorised, point: str, done: bool
) -> None:
    log, before = tmp_path / "fired", await counted(sample_url)
    headers = authorised()
    async with running(sample_url, issuer_directory, log, f"{point}=kill") as (client, pid):
        with pytest.raises(httpx.TransportError):
            await client.post("/v1/counter/once", headers=headers)
        assert log.read_text().split() == [str(pid), point, "kill"]
    assert await counted(sample_url) == before + done
    async with running(sample_url, issuer_directory, log) as (client, _):
        reply = await client.post("/v1/counter/once", headers=headers)
        assert reply.status_code == 200
        assert ("idempotency-replayed" in reply.headers) is done
    assert await counted(sample_url) == before + 1


@pytest.mark.parametrize(("held", "done"), [("order", False), ("answer", True)])
async def test_a_process_killed_while_its_commit_is_on_the_wire_leaves_one_effect(
    sample_url: str, issuer_directory: Path, tmp_path: Path, authorised: Authorised, held: Held, done: bool
) -> None:
    before, headers = await counted(sample_url), authorised()
    async with (
        committing(sample_url, held, after=b"insert into idempotency") as proxy,
        running(proxy.url, issuer_directory, tmp_path / "fired") as (client, pid),
    ):
        sending = asyncio.create_task(client.post("/v1/counter/once", headers=headers))
        await asyncio.wait_for(proxy.committing.wait(), 20)
        assert await counted(sample_url) == before + done
        assert not sending.done()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await sending
    assert await counted(sample_url) == before + done
    async with running(sample_url, issuer_directory, tmp_path / "fired") as (client, _):
        first, second = [await client.post("/v1/counter/once", headers=headers) for _ in range(2)]
        assert first.json() == {"value": before + 1}
        assert ("idempotency-replayed" in first.headers) is done
        assert second.content == first.content
        assert second.headers["idempotency-replayed"] == "true"
    assert await counted(sample_url) == before + 1


async def test_commands_of_callers_who_hang_up_have_one_effect_each(
    sample_url: str, issuer_directory: Path, tmp_path: Path, authorised: Authorised
) -> None:
    before, commands = await counted(sample_url), 40
    async with running(sample_url, issuer_directory, tmp_path / "fired") as (client, _):
        keys = [authorised() for _ in range(commands)]
        for number, headers in enumerate(keys):
            _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
            lines = [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join(["POST /v1/counter/once HTTP/1.1", "Host: x", *lines, "", ""]).encode())
            await asyncio.sleep(number * 0.0005)
            writer.transport.abort()
        for headers in keys:
            assert (await client.post("/v1/counter/once", headers=headers)).status_code == 200
    assert await counted(sample_url) == before + commands


async def test_a_process_that_is_asked_to_stop_ends_what_it_has_begun(
    sample_url: str, issuer_directory: Path, tmp_path: Path, authorised: Authorised
) -> None:
    async with running(sample_url, issuer_directory, tmp_path / "fired") as (client, pid):
        sending = asyncio.create_task(client.post("/v1/counter/slowly", headers=authorised()))
        await asyncio.sleep(0.15)
        os.kill(pid, signal.SIGTERM)
        assert (await sending).status_code == 200


LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
HEADS = {
    "one long header": (LIVE + b"X: " + b"a" * 40_000 + b"\r\n\r\n", b"431"),
    "many headers": (LIVE + b"X: a\r\n" * 20_000 + b"\r\n", b"431"),
    "no end": (LIVE + b"X: " + b"a" * 100_000, b"431"),
    "a long address": (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
    "nonsense": (b"nonsense\r\n\r\n", b"400"),
    "large enough": (LIVE + b"X: " + b"a" * 20_000 + b"\r\n\r\n", b"200"),
    "half a head": (LIVE, b"408"),
    "nothing": (b"", b"408"),
}


async def test_a_head_past_its_bounds_is_refused_before_the_application(
    sample_url: str, issuer_directory: Path, tmp_path: Path
) -> None:
    async with running(sample_url, issuer_directory, tmp_path / "fired") as (client, _):

        async def answered(sent: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
            writer.write(sent)
            answer = await asyncio.wait_for(reader.read(100), 15)
            writer.close()
            return answer.split()[1]

        found = await asyncio.gather(*(answered(sent) for sent, _ in HEADS.values()))
        assert dict(zip(HEADS, found, strict=True)) == {name: status for name, (_, status) in HEADS.items()}
        for _ in range(100):
            head = {"X": "a" * 10_000}
            assert (await client.post("/v1/open/parsing", json={"a": "x" * 50_000}, headers=head)).status_code == 200
