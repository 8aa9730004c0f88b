"""A unit of a scheduled job: one that cannot be done keeps no other waiting; what is done has an actor."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.service import service
from shared.http.history import newest, under
from shared.worker import jobs as jobs_module
from shared.worker.failing import failures
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
    (row,) = await failures(world.database)
    assert (row["job"], row["attempts"]) == ("evaluate-due", 1)
    assert row["reason"].startswith("CalendarUnknown")
    async with world.database.engine.begin() as connection:
        await connection.execute(
            text("update obligation set grace_until = due_on, reporting_year = 2019 where agreement_id = :id"),
            {"id": stuck.agreement_id},
        )
    await _worked(world, lambda: _mended(world))
    assert (await world.obligation(stuck))["status"] == "breached"


async def test_a_job_that_never_ends_lets_the_others_have_their_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, turns = asyncio.Event(), 0

    async def endless(session: AsyncSession, at: datetime) -> bool:
        await asyncio.sleep(0.01)
        return True

    async def waiting(session: AsyncSession, at: datetime) -> bool:
        nonlocal turns
        turns += 1
        if turns == 3:
            stop.set()
        return False

    monkeypatch.setattr(jobs_module, "ROUND_SECONDS", 0.05)
    busy = replace(service, jobs={"endless": endless, "waiting": waiting}, prompt=frozenset())
    async with asyncio.timeout(30):
        await Jobs(world.database, busy, world.clock, every_seconds=3600).run(stop)
    assert turns == 3


async def test_the_history_names_the_service_for_what_its_scheduled_job_did(world: World) -> None:
    signed = await world.signed()
    world.clock.at = AFTER_DUE
    await _one_round(world)
    async with world.database.sessions() as session:
        told = await newest(session, under(signed.agreement_id), 50)
    who = {(each.actor, (each.action or "").split(" ")[0]) for each in told if "breached" in each.type}
    assert who == {("obligations/jobs", "job")}


async def _mended(world: World) -> bool:
    return not await failures(world.database)


async def _breached(world: World) -> bool:
    return bool(await world.events("obligation-breached"))


async def _one_round(world: World) -> None:
    await _worked(world, lambda: _breached(world))


async def _worked(world: World, until: Callable[[], Awaitable[bool]]) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Jobs(world.database, service, world.clock, every_seconds=3600).run(stop))
    async with asyncio.timeout(60):
        while not await until():
            await asyncio.sleep(0.05)
    stop.set()
    await running
