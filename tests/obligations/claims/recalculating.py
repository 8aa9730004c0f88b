"""The scheduled jobs of obligations in a process of their own, to be killed in the middle."""

import asyncio
import os
from datetime import datetime

from obligations.service import service
from shared.database.engine import Database
from shared.worker.jobs import Jobs
from tests.obligations.claims.world import StandingClock


async def _work() -> None:
    clock = StandingClock(datetime.fromisoformat(os.environ["NOW"]))
    database = Database(os.environ["DATABASE_URL"], application_name="test-jobs", pool_size=2)
    await Jobs(database, service, clock, every_seconds=3600).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(_work())
