"""One corrected rate under the claims of many agreements: small transactions, resumed where they were killed."""

import asyncio
from pathlib import Path

import pytest

from obligations.claims.commands import notify
from obligations.claims.refusals import RecalculationPending
from obligations.demands.commands import propose_demand
from obligations.service import service
from obligations.standing.queries import open_breaches_of_recipient, standing_of
from shared.identity import new_id
from shared.worker.jobs import Jobs
from tests.obligations.claims.test_triggers import correct
from tests.obligations.claims.world import World
from tests.shared.jobs_process import jobs_at_work, killed_jobs

AGREEMENTS = 60
WAITING = "select agreement_id from pending_recalculation order by asked_at, id"
VERSIONS = "select number, count(*) from claim_version group by number order by number"


async def breached_many(world: World, many: int) -> None:
    """So many agreements, each paid 100,000,000.00 on 2025-02-03 and fulfilled to 0.70, seen on 2026-06-30."""
    for _ in range(many):
        world.agreement_id = new_id()
        world.tranche_ids = {}
        await world.sign(settle=False)
        await world.disburse(settle=False)
    await world.settle()
    world.clock.on("2026-06-30")
    for agreement_id in [row.id for row in await world.query("select id from agreement")]:
        world.agreement_id = agreement_id
        await world.report("70", settle=False)
    await world.settle()


async def hear_only(world: World) -> None:
    """The consumers hear what was said; the jobs have not come yet."""
    await world.settle(*service.consumers)


async def test_a_killed_recalculation_goes_on_and_makes_exactly_one_version_of_each_claim(
    world: World, tmp_path: Path
) -> None:
    await breached_many(world, AGREEMENTS)
    assert await world.query(VERSIONS) == [(1, AGREEMENTS)]
    world.clock.on("2026-07-06")
    await correct(world, "2025-03-11", "16.00", settle=False)
    await hear_only(world)
    assert len(await world.query(WAITING)) == AGREEMENTS

    at = world.clock.at
    await killed_jobs("obligations", world.database, at, tmp_path, "jobs.between_units@24")
    assert len(await world.query(WAITING)) == AGREEMENTS - 24
    assert await world.query(VERSIONS) == [(1, AGREEMENTS), (2, 24)]

    async with jobs_at_work("obligations", world.database, at, tmp_path), asyncio.timeout(120):
        while await world.query(WAITING):
            await asyncio.sleep(0.1)
    assert await world.query(VERSIONS) == [(1, AGREEMENTS), (2, AGREEMENTS)]
    told = "select count(distinct causation_id), count(*) from event where data ->> 'trigger' = 'base-rate-corrected'"
    assert await world.query(told) == [(1, AGREEMENTS)]
    await world.settle()
    assert await world.query(VERSIONS) == [(1, AGREEMENTS), (2, AGREEMENTS)]


async def test_nothing_is_demanded_told_or_cleared_while_a_recalculation_waits(breached: World) -> None:
    breached.clock.on("2026-07-06")
    await correct(breached, "2025-03-11", "16.00", settle=False)
    await hear_only(breached)
    for attempt in (_propose, _tell, _clear):
        with pytest.raises(RecalculationPending) as refused:
            await attempt(breached)
        assert refused.value.retry_after is not None
    assert not await _settled(breached)
    await breached.settle()
    assert await _settled(breached)
    await _tell(breached)


async def test_nothing_is_settled_while_recovery_has_not_heard_of_a_corrected_rate(breached: World) -> None:
    breached.clock.on("2026-07-06")
    assert await _settled(breached)
    await correct(breached, "2025-03-11", "16.00", settle=False)
    assert not await _settled(breached)
    with pytest.raises(RecalculationPending):
        await _clear(breached)
    await breached.settle()
    assert await _settled(breached)


async def test_a_rate_handled_twice_leaves_one_recalculation(breached: World) -> None:
    breached.clock.on("2026-07-06")
    await correct(breached, "2025-03-11", "16.00", settle=False)
    for _ in range(2):
        await hear_only(breached)
    assert len(await breached.query(WAITING)) == 1


async def test_a_recalculation_follows_the_commit_and_does_not_wait_for_the_next_round(breached: World) -> None:
    breached.clock.on("2026-07-06")
    jobs, stop = Jobs(breached.database, service, breached.clock, every_seconds=3600), asyncio.Event()
    running = asyncio.create_task(jobs.run(stop))
    await asyncio.sleep(1)
    await correct(breached, "2025-03-11", "16.00", settle=False)
    await hear_only(breached)
    jobs.wake.set()
    async with asyncio.timeout(20):
        while await breached.query(WAITING):
            await asyncio.sleep(0.05)
    stop.set()
    await running
    assert len(await breached.versions()) == 2


async def test_of_two_workers_each_takes_another_agreement(world: World) -> None:
    await breached_many(world, 6)
    world.clock.on("2026-07-06")
    await correct(world, "2025-03-11", "16.00", settle=False)
    await hear_only(world)
    await asyncio.gather(world.follow_up(), world.follow_up())
    assert await world.query(VERSIONS) == [(1, 6), (2, 6)]


async def _propose(world: World) -> None:
    async with world.hand() as (session, hand):
        await propose_demand(session, hand, (), by="officer-1", at=world.clock.at)


async def _tell(world: World) -> None:
    async with world.hand() as (session, hand):
        await notify(session, hand, world.clock.at.date(), world.clock.at)


async def _clear(world: World) -> None:
    async with world.session() as session:
        await open_breaches_of_recipient(session, world.recipient_id)


async def _settled(world: World) -> bool:
    async with world.session() as session:
        return (await standing_of(session, world.agreement_id, world.positions(), world.clock.at)).settled
