import asyncio
from pathlib import Path

import pytest

from shared.events.parked import list_parked
from shared.events.reconciling import accept_unknown, find_unknown, replay
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import service
from tests.shared.events.worker_process import worker

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180)]


async def back_up(probe: Probe) -> None:
    """Remember where the publishing side stands."""
    await execute(
        probe,
        "create table backup_position as select * from relay_position",
        "create table backup_last as select max(outbox_id) as id from event",
    )


async def restore(probe: Probe) -> int:
    """Put the publishing side back to the backup; answers how many events it no longer knows."""
    after = "outbox_id > (select id from backup_last)"
    lost = await probe.query(f"select count(*) from event where {after}")
    await execute(
        probe,
        "delete from outbox where id > (select id from backup_last)",
        "update counter set value = value - n, version = version - n from"
        f" (select aggregate_id, count(*) n from event where {after} group by 1) lost where id = aggregate_id",
        "alter table event disable trigger append_only",
        f"delete from event where {after}",
        "alter table event enable trigger append_only",
        "delete from relay_position",
        "insert into relay_position select * from backup_position",
    )
    return int(lost[0][0])


async def settled(probe: Probe) -> bool:
    rows = await probe.query(
        "select (select count(*) from outbox), (select count(*) from echo) - (select count(*) from effect)"
    )
    return rows == [(0, 0)]


async def execute(probe: Probe, *statements: str) -> None:
    from sqlalchemy import text

    async with probe.database.engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def test_a_database_restored_behind_its_topic_stands_still_until_it_is_reconciled(
    probe: Probe, tmp_path: Path
) -> None:
    counters = await probe.new_counters(3)
    async with worker(probe, tmp_path):
        await asyncio.gather(*(probe.raise_counter(counter, 2) for counter in counters))
        await probe.until_all_noted()
        await probe.until(lambda: settled(probe))
        await back_up(probe)
        await asyncio.gather(*(probe.raise_counter(counter) for counter in counters))
        await probe.until_all_noted()
        await probe.until(lambda: settled(probe))
    noted_before = await probe.query("select count(*) from effect")

    lost = await restore(probe)
    await asyncio.gather(*(probe.raise_counter(counter) for counter in counters))
    unknown = await find_unknown(probe.database, service, probe.broker)
    assert len(unknown) == lost >= 3

    async with worker(probe, tmp_path):
        await asyncio.sleep(3)
        assert await probe.query("select count(*) from outbox") == [(3,)]
        assert await probe.query("select count(*) from effect") == noted_before

        await accept_unknown(probe.database, service, unknown)

        async def sent() -> bool:
            return await probe.query("select count(*) from outbox") == [(0,)]

        await probe.until(sent, 60)

        async def the_reused_numbers_are_parked() -> bool:
            return [row.kind for row in await list_parked(probe.database, "notes")] == ["forked"] * 3

        await probe.until(the_reused_numbers_are_parked, 60)
    assert await probe.query("select count(*) from effect") == noted_before
    doubled = await probe.query('select aggregate_id, "to", count(*) from effect group by 1, 2 having count(*) > 1')
    assert doubled == []


async def test_a_replay_sends_the_whole_log_again_and_changes_nothing(probe: Probe, tmp_path: Path) -> None:
    counters = await probe.new_counters(4)
    async with worker(probe, tmp_path):
        await asyncio.gather(*(probe.raise_counter(counter, 5) for counter in counters))
        await probe.until_all_noted()
        before = await probe.query("select * from effect order by id")
        assert await replay(probe.database, service) >= 20

        async def read_again() -> bool:
            epochs = await probe.query("select min(epoch) from consumed_epoch where consumer = 'notes'")
            return epochs == [(2,)] and await probe.query("select count(*) from outbox") == [(0,)]

        await probe.until(read_again, 60)
        await probe.until_all_noted()
    assert await probe.query("select * from effect order by id") == before
