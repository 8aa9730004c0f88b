"""The scheduled jobs of a service in a process of their own, to be killed in the middle."""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.database.engine import Database
from shared.worker.jobs import Jobs


@dataclass(frozen=True)
class StandingClock:
    """A clock that stands where it was put."""

    at: datetime

    def now(self) -> datetime:
        """Always the same instant."""
        return self.at


async def jobs_process(
    service: str, database: Database, at: datetime, folder: Path, failpoints: str = ""
) -> asyncio.subprocess.Process:
    """The jobs of the service at work, all at this instant; `folder/fired` tells which failpoint killed them."""
    environment = {
        **os.environ,
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "NOW": at.isoformat(),
        "TIREK_FAILPOINTS": failpoints,
        "TIREK_FAILPOINT_LOG": str(folder / "fired"),
    }
    order = (sys.executable, "-m", "tests.shared.jobs_process", service)
    return await asyncio.create_subprocess_exec(*order, env=environment, start_new_session=True)


async def killed_jobs(service: str, database: Database, at: datetime, folder: Path, point: str) -> None:
    """Let the jobs work until they kill themselves at `point`, `jobs.after_commit@3`."""
    name, _, nth = point.partition("@")
    process = await jobs_process(service, database, at, folder, f"{name}=kill@{nth or 1}")
    assert await asyncio.wait_for(process.wait(), 120) == -signal.SIGKILL
    assert f"{process.pid} {name} kill" in (folder / "fired").read_text()


@asynccontextmanager
async def jobs_at_work(service: str, database: Database, at: datetime, folder: Path) -> AsyncIterator[None]:
    """While the block runs, so do the jobs."""
    process = await jobs_process(service, database, at, folder)
    try:
        yield
        assert process.returncode is None
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _work(name: str) -> None:
    service = importlib.import_module(f"{name}.service").service
    clock = StandingClock(datetime.fromisoformat(os.environ["NOW"]))
    database = Database(os.environ["DATABASE_URL"], application_name="test-jobs", pool_size=2)
    await Jobs(database, service, clock, every_seconds=3600).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
