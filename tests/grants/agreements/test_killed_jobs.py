"""The worker's process dies in the middle of its jobs: what was due is done once, and none of it is forgotten."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from shared.calendar.local_days import day_ends
from tests.grants.funding import Funding
from tests.shared.jobs_process import jobs_at_work, killed_jobs

LAPSED = "select count(*) from agreement where status = 'lapsed'"
ONCE = "select aggregate_id, count(*) from event where type = 'grants.offer-lapsed.v1' group by 1 having count(*) <> 1"


@pytest.mark.kill
@pytest.mark.parametrize(
    ("point", "done"), [("jobs.before_commit", 1), ("jobs.after_commit", 2), ("jobs.between_units", 2)]
)
async def test_offers_lapse_once_each_wherever_the_job_is_killed(
    funding: Funding, tmp_path: Path, point: str, done: int
) -> None:
    offers = [await funding.offer() for _ in range(4)]
    over = day_ends(offers[0].expires_on)
    assert (await funding.standing()).free == Decimal("600.00")
    await killed_jobs("grants", funding.database, over, tmp_path, f"{point}@2")
    assert await funding.sql(LAPSED) == [(done,)]
    assert (await funding.standing()).free == Decimal("600.00") + done * Decimal("100.00")
    async with jobs_at_work("grants", funding.database, over, tmp_path), asyncio.timeout(60):
        while await funding.sql(LAPSED) != [(len(offers),)]:
            await asyncio.sleep(0.1)
    assert await funding.sql(ONCE) == []
    assert (await funding.standing()).free == Decimal("1000.00")
