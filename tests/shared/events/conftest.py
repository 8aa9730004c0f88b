"""A database and topics of its own for each test of messaging."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from aiokafka.admin import NewTopic
from sqlalchemy import text

from shared.clock import SystemClock
from shared.database.engine import Database
from shared.database.migrations import migrate
from shared.events.broker import Broker
from shared.events.partitions import PARTITIONS
from shared.events.publishing import publish
from shared.events.work import Work, begin_work
from shared.identity import new_id
from tests.shared.events.probe import AT, Counter, Record, service
from tirek_local.testing import Servers


@dataclass
class Probe:
    """The probe service with a database and a broker; raises counters and asks what has come of it."""

    url: str
    database: Database
    broker: Broker

    async def new_counters(self, count: int) -> list[uuid.UUID]:
        async with self.database.sessions() as session, session.begin():
            counters = [Counter(institute="industry", agreement_id=new_id()) for _ in range(count)]
            session.add_all(counters)
        return [counter.id for counter in counters]

    async def raise_counter(self, counter: uuid.UUID, times: int = 1, *, poison: bool = False, words: str = "") -> None:
        from shared.database.loading import load
        from shared.refusals import NotFound

        async with self.database.sessions() as session, session.begin():
            begin_work(session, Work(service="probe", topic="probe.v1", actor="test", action="raise", at=AT))
            found = await load(session, Counter, counter, NotFound)
            for _ in range(times):
                await publish(session, found, found.raise_by_one(AT, poison=poison, words=words))

    async def query(self, sql: str) -> list[tuple[Any, ...]]:
        async with self.database.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(sql))]

    async def until(self, condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.05)

    async def until_all_noted(self, seconds: float = 30) -> None:
        async def noted() -> bool:
            rows = await self.query(
                "select (select count(*) from event where type = 'probe.counter-raised.v1'),"
                " (select count(*) from inbox where consumer = 'notes' and outcome = 'handled'),"
                " (select count(*) from outbox)"
            )
            raised, handled, pending = rows[0]
            return bool(raised == handled and pending == 0)

        await self.until(noted, seconds)

    async def assert_each_effect_once_and_in_order(self) -> None:
        missing = await self.query(
            "select id from event where type = 'probe.counter-raised.v1' except select event_id from effect"
        )
        assert missing == []
        doubled = await self.query("select event_id, count(*) from effect group by 1 having count(*) > 1")
        assert doubled == []
        disordered = await self.query(
            'select * from (select aggregate_id, "to", row_number() over (partition by aggregate_id order by id) as n'
            ' from effect) as turns where "to" <> n'
        )
        assert disordered == []


async def create_topics(broker: Broker, *names: str) -> None:
    admin = broker.admin()
    await admin.start()
    try:
        topics = [NewTopic(broker.topic(name), PARTITIONS, 1) for name in names]
        await admin.create_topics(topics)
    finally:
        await admin.close()


async def make_database(admin_url: str) -> str:
    name = f"probe_{uuid.uuid4().hex[:12]}"
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()
    url = admin_url.rpartition("/")[0] + "/" + name if "?" not in admin_url else admin_url
    await migrate(url, service)
    database = Database(url, application_name="probe-create", pool_size=1)
    async with database.engine.begin() as created:
        await created.run_sync(Record.metadata.create_all)
    await database.close()
    return url


@pytest.fixture
async def probe(servers: Servers) -> AsyncIterator[Probe]:
    url = await make_database(servers.postgres.admin_url)
    broker = Broker(servers.kafka.bootstrap_servers, topic_prefix=f"t{uuid.uuid4().hex[:8]}-")
    await create_topics(broker, "probe.v1")
    database = Database(url, application_name="probe", pool_size=8)
    yield Probe(url, database, broker)
    await database.close()


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()
