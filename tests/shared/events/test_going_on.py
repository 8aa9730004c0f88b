"""What the simulation found out, on the real servers: after each of these the messages stood still for good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from shared.clock import SystemClock
from shared.events.consuming import Consuming
from shared.events.parked import ParkedEventNotFound, drop_parked, list_parked
from shared.events.reconciling import accept_unknown, find_unknown
from shared.events.relay import Relay
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import NOTES, service


@asynccontextmanager
async def running(probe: Probe) -> AsyncIterator[Relay]:
    stop = asyncio.Event()
    relay = Relay(probe.database, service, probe.broker)
    reading = Consuming(probe.database, service, NOTES, probe.broker, SystemClock())
    tasks = [asyncio.create_task(relay.run(stop)), asyncio.create_task(reading.run(stop))]
    try:
        yield relay
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def test_a_relay_that_lost_only_the_connection_of_its_lease_takes_the_lease_again(probe: Probe) -> None:
    (counter,) = await probe.new_counters(1)
    async with running(probe):
        await probe.raise_counter(counter)
        await probe.until_all_noted()
        cut = await probe.query(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())"
        )
        assert cut == [(True,)]
        await asyncio.sleep(1)
        await probe.raise_counter(counter)
        await probe.until_all_noted()


async def test_a_record_that_is_no_event_stops_the_relay_until_it_is_accepted_and_no_longer(probe: Probe) -> None:
    (counter,) = await probe.new_counters(1)
    producer = probe.broker.producer("stranger")
    await producer.start()
    await producer.send_and_wait(probe.broker.topic("probe.v1"), b"stray", partition=0)
    await producer.stop()
    await probe.raise_counter(counter)
    async with running(probe) as relay:

        async def halted() -> bool:
            return relay.halted is not None

        await probe.until(halted)
        await accept_unknown(probe.database, service, await find_unknown(probe.database, service, probe.broker))
        await probe.until_all_noted()
    assert await find_unknown(probe.database, service, probe.broker) == []


async def test_a_restored_consumer_reads_again_what_its_group_has_committed_and_it_no_longer_knows(
    probe: Probe,
) -> None:
    (counter,) = await probe.new_counters(1)
    async with running(probe):
        await probe.raise_counter(counter, 2)
        await probe.until_all_noted()
    copies = ("inbox", "gate", "effect", "consumed_epoch")
    await execute(probe, *(f"create table backup_{table} as select * from {table}" for table in copies))
    async with running(probe):
        await probe.raise_counter(counter, 2)
        await probe.until_all_noted()
    for table in copies:
        overriding = " overriding system value" if table == "effect" else ""
        await execute(probe, f"delete from {table}", f"insert into {table}{overriding} select * from backup_{table}")
    async with running(probe):
        await probe.until_all_noted()
    await probe.assert_each_effect_once_and_in_order()


async def test_an_event_that_was_settled_while_the_operator_looked_is_not_dropped(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    (counter,) = await probe.new_counters(1)
    await probe.raise_counter(counter, poison=True)
    async with running(probe):

        async def one_is_parked() -> bool:
            return len(await list_parked(probe.database)) == 1

        await probe.until(one_is_parked)
    (row,) = await list_parked(probe.database)

    async def as_it_was(*_: object) -> object:
        return row

    monkeypatch.setattr("shared.events.parked._row", as_it_was)
    await execute(probe, "delete from parked")
    with pytest.raises(ParkedEventNotFound):
        await drop_parked(probe.database, service, NOTES, row.event_id, SystemClock())
    assert await probe.query("select * from inbox where consumer = 'notes'") == []


async def execute(probe: Probe, *statements: str) -> None:
    async with probe.database.engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
