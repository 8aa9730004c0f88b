"""The probe service as two real processes, API and worker, whose spans a collector on loopback receives."""

import asyncio
import os
import secrets
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from shared.access.issuer import DevelopmentIssuer
from shared.access.roles import Role
from shared.database.engine import Database
from shared.events.broker import Broker
from shared.settings import Environment
from tests.shared.events.conftest import Probe, create_topics, make_database
from tests.shared.events.worker_process import ROOT, end, environment, worker
from tirek_local.servers.ports import free_port
from tirek_local.testing import Servers
from tirek_local.traces import TraceCollector


@dataclass
class Api:
    """An API process and its client; each command has a trace id and an idempotency key of its own."""

    client: httpx.AsyncClient
    log: Path
    process: asyncio.subprocess.Process
    token: str

    async def send(self, method: str, path: str, **more: object) -> tuple[httpx.Response, str]:
        """The reply, and the id of the trace which the caller began."""
        trace_id = secrets.token_hex(16)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": str(uuid.uuid4()),
            "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01",
        }
        return await self.client.request(method, path, headers=headers, **more), trace_id  # type: ignore[arg-type]


@asynccontextmanager
async def api(probe: Probe, tmp_path: Path, **variables: str) -> AsyncIterator[Api]:
    port = str(free_port())
    issuer = tmp_path / "issuer"
    token = DevelopmentIssuer(issuer, Environment.TEST).mint(
        subject="aigul", roles=[Role.OFFICER], institute="industry"
    )
    url = f"http://127.0.0.1:{port}"
    variables = {"TIREK_PORT": port, "TIREK_ISSUER_DIRECTORY": str(issuer), "TIREK_OBLIGATIONS_URL": url} | variables
    log = tmp_path / "api.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.shared.telemetry.probe_api",
            env=environment(probe, tmp_path, "") | variables,
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        try:
            await _live(client)
            yield Api(client, log, process, token)
        finally:
            await end(process)


async def _live(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                (await client.get("/health/live")).raise_for_status()
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


@dataclass
class System:
    """API and worker of the probe service, and the traces that they make."""

    probe: Probe
    api: Api
    traces: TraceCollector


@pytest.fixture(scope="module")
async def running(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """One system for all tests of a module."""
    place = tmp_path_factory.mktemp("system")
    with pytest.MonkeyPatch.context() as patch, TraceCollector() as traces:
        for name in [name for name in os.environ if name.startswith("OTEL_")]:
            patch.delenv(name)
        for name, value in traces.environment.items():
            patch.setenv(name, value)
        async with a_probe(servers) as probe, api(probe, place) as started, worker(probe, place):
            await _running(probe)
            yield System(probe, started, traces)


@pytest.fixture
def system(running: System) -> System:
    """The system, whose collector has forgotten all earlier traces."""
    running.traces.settle(quiet_seconds=0.5)
    running.traces.clear()
    return running


async def _running(probe: Probe) -> None:
    """Wait until the worker has handled an event that no request caused."""
    (counter,) = await probe.new_counters(1)
    await probe.raise_counter(counter)
    await probe.until_all_noted(60)


@asynccontextmanager
async def a_probe(servers: Servers) -> AsyncIterator[Probe]:
    url = await make_database(servers.postgres.admin_url)
    broker = Broker(servers.kafka.bootstrap_servers, topic_prefix=f"t{uuid.uuid4().hex[:8]}-")
    await create_topics(broker, "probe.v1")
    database = Database(url, application_name="probe", pool_size=8)
    yield Probe(url, database, broker)
    await database.close()
