"""A worker of the probe service as a real process, which tests stop, kill and arm with failpoints."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.shared.events.conftest import Probe
from tirek_local.servers.ports import free_port

ROOT = Path(__file__).parents[3]


def environment(probe: Probe, tmp_path: Path, failpoints: str) -> dict[str, str]:
    return {
        **os.environ,
        "TIREK_ENVIRONMENT": "test",
        "DATABASE_URL": probe.url,
        "KAFKA_BOOTSTRAP_SERVERS": probe.broker.bootstrap_servers,
        "TIREK_TOPIC_PREFIX": probe.broker.topic_prefix,
        "TIREK_WORKER_PORT": str(free_port()),
        "TIREK_FAILPOINTS": failpoints,
        "TIREK_FAILPOINT_LOG": str(tmp_path / "fired"),
        "PYTHONPATH": str(ROOT),
    }


async def start(probe: Probe, tmp_path: Path, failpoints: str = "") -> asyncio.subprocess.Process:
    with (tmp_path / "worker.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.shared.events.probe",
            env=environment(probe, tmp_path, failpoints),
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@asynccontextmanager
async def worker(probe: Probe, tmp_path: Path, failpoints: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker that is there while the block runs; then it is asked to stop, and killed if it does not."""
    process = await start(probe, tmp_path, failpoints)
    try:
        yield process
    finally:
        await end(process)


async def end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()


def fired(tmp_path: Path) -> list[str]:
    """The names of the failpoints that have fired, in order."""
    path = tmp_path / "fired"
    return [line.split()[1] for line in path.read_text().splitlines()] if path.exists() else []
