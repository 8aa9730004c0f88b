"""A unit of a scheduled job: one that cannot be done keeps no other waiting; what is done has an actor."""

import asyncio

from sqlalchemy import text

from obligations.service import service
from shared.http.history import newest, under
from shared.worker.jobs import Jobs
from tests.obligations.world import AFTER_DUE, World


async def test_an_obligation_that_cannot_be_evaluated_keeps_no_other_waiting(world: World) -> None:
    stuck, other = await world.signed(), await world.signed()
    async with world.database.engine.begin() as connection:
        await connection.execute(
            text("update obligation set grace_until = null, due_on = '2020-01-01', reporting_year = 2040"
                 " where agreement_id = :id"),
            {"id": stuck.agreement_id},
        )  # fmt: skip
    world.clock.at = AFTER_DUE
    await _one_round(world)
    assert (await world.obligation(other))["status"] == "breached"


async def test_the_history_names_the_service_for_what_its_scheduled_job_did(world: World) -> None:
    signed = await world.signed()
    world.clock.at = AFTER_DUE
    await _one_round(world)
    async with world.database.sessions() as session:
        told = await newest(session, under(signed.agreement_id), 50)
    who = {(each.actor, (each.action or "").split(" ")[0]) for each in told if "breached" in each.type}
    assert who == {("obligations/jobs", "job")}


async def _one_round(world: World) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Jobs(world.database, service, world.clock, every_seconds=3600).run(stop))
    async with asyncio.timeout(60):
        while not await world.events("obligation-breached"):
            await asyncio.sleep(0.05)
    stop.set()
    await running
