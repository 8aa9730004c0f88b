"""A service for the benchmarks of messaging: its database, its topic, and logs of events written ahead of time."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from shared.database.engine import Database
from shared.events.broker import Broker
from tests.shared.events.conftest import Probe, create_topics, make_database
from tirek_local.testing import Servers

LOG = text(
    """
    with made as (
      insert into event (id, aggregate_type, aggregate_id, sequence, type, occurred_at, topic, partition,
                         partition_key, institute, causation_id, data)
      select gen_random_uuid(), 'Counter', a.id, s.n, 'probe.counter-raised.v1', now(), 'probe.v1', a.partition,
             a.id::text, 'industry', gen_random_uuid()::text,
             jsonb_build_object('agreement_id', a.id, 'to', s.n, 'poison', false)
      from generate_series(1, :each) as s (n)
      cross join (select id, row_number() over () % 4 as partition from unnest(cast(:ids as uuid[])) as k (id)) as a
      order by s.n
      returning outbox_id
    )
    insert into outbox (id) select outbox_id from made
    """
)


@asynccontextmanager
async def bench_probe(servers: Servers) -> AsyncIterator[Probe]:
    """A database and a topic that nobody else uses."""
    url = await make_database(servers.postgres.admin_url)
    broker = Broker(servers.kafka.bootstrap_servers, topic_prefix=f"b{uuid.uuid4().hex[:8]}-")
    await create_topics(broker, "probe.v1")
    database = Database(url, application_name="bench", pool_size=8)
    yield Probe(url, database, broker)
    await database.close()


async def write_log(probe: Probe, aggregates: int, each: int) -> None:
    """So many aggregates with so many events each, in turns, all waiting to be sent."""
    ids = [str(uuid.uuid4()) for _ in range(aggregates)]
    async with probe.database.engine.begin() as connection:
        await connection.execute(LOG, {"ids": ids, "each": each})
        await connection.execute(text("analyze event, outbox"))
