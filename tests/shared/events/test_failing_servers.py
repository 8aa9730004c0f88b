import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.database.engine import Database
from shared.events.broker import Broker
from tests.shared.events.conftest import Probe, create_topics, make_database
from tests.shared.events.forgetting import NOTED, acknowledged_and_lost, forget_the_end
from tests.shared.events.worker_process import worker
from tirek_local.servers import KafkaServer, PostgresServer
from tirek_local.testing import Servers

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]


@pytest.fixture
async def kafka(tmp_path: Path) -> AsyncIterator[KafkaServer]:
    """A broker of the test's own, which it may kill and empty."""
    server = await asyncio.to_thread(KafkaServer(tmp_path / "kafka").start)
    yield server
    await asyncio.to_thread(server.stop)


@pytest.fixture
async def probe(servers: Servers, kafka: KafkaServer) -> AsyncIterator[Probe]:
    url = await make_database(servers.postgres.admin_url)
    broker = Broker(kafka.bootstrap_servers)
    await create_topics(broker, "probe.v1")
    database = Database(url, application_name="probe", pool_size=8)
    yield Probe(url, database, broker)
    await database.close()


async def raise_all(probe: Probe, counters: list[uuid.UUID], times: int) -> None:
    await asyncio.gather(*(probe.raise_counter(counter, times) for counter in counters))


async def test_while_the_broker_is_down_events_wait_and_then_arrive_in_order(
    probe: Probe, kafka: KafkaServer, tmp_path: Path
) -> None:
    counters = await probe.new_counters(6)
    async with worker(probe, tmp_path):
        await raise_all(probe, counters, 3)
        await probe.until_all_noted()
        await asyncio.to_thread(kafka.stop)
        await raise_all(probe, counters, 5)
        assert await probe.query("select count(*) > 0 from outbox") == [(True,)]
        await asyncio.to_thread(kafka.start)
        await probe.until_all_noted(90)
    await probe.assert_each_effect_once_and_in_order()


async def test_a_broker_killed_in_the_middle_loses_and_doubles_nothing(
    probe: Probe, kafka: KafkaServer, tmp_path: Path
) -> None:
    counters = await probe.new_counters(6)
    async with worker(probe, tmp_path):
        for _ in range(3):
            raising = asyncio.create_task(raise_all(probe, counters, 10))
            await asyncio.sleep(0.05)
            await asyncio.to_thread(kafka.kill)
            await raising
            await asyncio.to_thread(kafka.start)
        await probe.until_all_noted(120)
    await probe.assert_each_effect_once_and_in_order()


async def test_a_broker_that_lost_its_disk_gets_the_whole_log_again(
    probe: Probe, kafka: KafkaServer, tmp_path: Path
) -> None:
    counters = await probe.new_counters(6)
    async with worker(probe, tmp_path):
        await raise_all(probe, counters, 10)
        await probe.until_all_noted()
        await asyncio.to_thread(kafka.kill)
        await asyncio.to_thread(kafka.forget_everything)
        await asyncio.to_thread(kafka.start)
        await create_topics(probe.broker, "probe.v1")
        await raise_all(probe, counters, 2)
        await probe.until_all_noted(120)
        assert await probe.query("select epoch > 1 from relay_lease") == [(True,)]
        assert await topic_ids(probe) == {row[0] for row in await probe.query("select id from event")}
    await probe.assert_each_effect_once_and_in_order()


async def test_a_broker_that_forgot_its_last_acknowledged_records_is_found_out(
    probe: Probe, kafka: KafkaServer, tmp_path: Path
) -> None:
    counters = await probe.new_counters(6)
    async with worker(probe, tmp_path):
        await raise_all(probe, counters, 10)
        await probe.until_all_noted()
        async with Traffic.raising(probe, counters) as traffic:
            await traffic.until_answered(60)
            in_flight = traffic.in_flight
            await asyncio.to_thread(kafka.kill)
            lost = acknowledged_and_lost(forget_the_end(kafka, "probe.v1"), await probe.query(NOTED))
            await asyncio.to_thread(kafka.start)
            await traffic.until_answered(traffic.answered + 60)
        assert in_flight > 0
        assert lost > 0
        await probe.until_all_noted(120)

        async def everything_is_on_the_topic() -> bool:
            return await topic_ids(probe) == {row[0] for row in await probe.query("select id from event")}

        await probe.until(everything_is_on_the_topic, 60)
        assert await probe.query("select epoch > 1 from relay_lease") == [(True,)]
    await probe.assert_each_effect_once_and_in_order()


@dataclass
class Traffic:
    """Counters that are raised all the time; `in_flight` of the commands have no answer yet."""

    probe: Probe
    in_flight: int = 0
    answered: int = 0

    @classmethod
    @asynccontextmanager
    async def raising(cls, probe: Probe, counters: list[uuid.UUID]) -> AsyncIterator["Traffic"]:
        """While the block runs, each counter is raised again and again; then what was begun is ended."""
        traffic, over = cls(probe), asyncio.Event()
        async with asyncio.TaskGroup() as raising:
            for counter in counters:
                raising.create_task(traffic._raise_until(over, counter))
            try:
                yield traffic
            finally:
                over.set()

    async def _raise_until(self, over: asyncio.Event, counter: uuid.UUID) -> None:
        while not over.is_set():
            self.in_flight += 1
            await self.probe.raise_counter(counter)
            self.in_flight -= 1
            self.answered += 1
            await asyncio.sleep(0.01)

    async def until_answered(self, count: int) -> None:
        """Come at a moment when so many were answered and some are in flight."""
        async with asyncio.timeout(60):
            while self.answered < count or not self.in_flight:
                await asyncio.sleep(0)


async def test_a_database_killed_in_the_middle_keeps_what_was_committed(kafka: KafkaServer, tmp_path: Path) -> None:
    postgres = await asyncio.to_thread(PostgresServer(tmp_path / "postgres").start)
    try:
        broker = Broker(kafka.bootstrap_servers)
        await create_topics(broker, "probe.v1")
        url = await make_database(postgres.dsn())
        database = Database(url, application_name="probe", pool_size=8)
        probe = Probe(url, database, broker)
        counters = await probe.new_counters(6)
        async with worker(probe, tmp_path):
            for _ in range(3):
                await raise_all(probe, counters, 5)
                await asyncio.to_thread(postgres.kill)
                await asyncio.to_thread(postgres.start)
                await database.engine.dispose()
            await probe.until_all_noted(90)
        await probe.assert_each_effect_once_and_in_order()
        await database.close()
    finally:
        await asyncio.to_thread(postgres.stop)


async def topic_ids(probe: Probe) -> set[uuid.UUID]:
    """The ids of all events that the topic holds now."""
    from shared.contracts.envelope import event_id_of

    consumer = probe.broker.consumer("probe.v1", group=None, client_id="check")
    await consumer.start()
    ids: set[uuid.UUID] = set()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        await consumer.seek_to_beginning()
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                ids |= {found for record in records if (found := event_id_of(record.headers))}
    finally:
        await consumer.stop()
    return ids
