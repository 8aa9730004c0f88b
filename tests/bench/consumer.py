"""The consumer, from the topic into the database with inbox and gate, against one transaction for each event."""

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import replace

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import SystemClock
from shared.contracts.envelope import from_headers
from shared.database.engine import plain_url
from shared.events.consuming import Consuming
from shared.events.delivery import Delivery
from shared.service import Consumer
from tests.bench.measuring import Comparison, Done, Watch, take_turns
from tests.bench.platform import bench_probe, write_log
from tests.bench.relay import AGGREGATES, Message, _messages, _producer, _send_all
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import CounterRaised, service
from tirek_local.testing import Servers

EVENTS = 20_000
ONE_BY_ONE = 2_000

SETTLE = """
with known as (
  insert into inbox (consumer, event_id, outcome) values ($1, $2, 'handled') on conflict do nothing returning 1
)
insert into gate (consumer, aggregate_id, partition_key, settled_sequence)
select $1, $3, $4, $5 from known
on conflict (consumer, aggregate_id) do update set settled_sequence = excluded.settled_sequence
where gate.settled_sequence = excluded.settled_sequence - 1
returning 1
"""
"""The fastest way there is to promise the same by hand for one event: inbox and gate in one statement."""


async def seen(session: AsyncSession, event: CounterRaised, delivery: Delivery) -> None:
    """A handler that does nothing."""


async def consumer_against_one_by_one(servers: Servers, *, rounds: int, scale: float) -> Comparison:
    """Events a second, with a handler that does nothing."""
    compared = Comparison("consumer with inbox and gate", "one transaction for each event", "events/s", 20)
    async with bench_probe(servers) as probe, _producer(probe) as producer:
        await write_log(probe, AGGREGATES, max(int(EVENTS * scale) // AGGREGATES, 8))
        messages: list[Message] = await _messages(probe)
        await _send_all(producer, probe.broker.topic("probe.v1"), messages)

        async def ours() -> Done:
            await probe_truncated(probe)
            return await consume(probe, len(messages))

        async def theirs() -> Done:
            await probe_truncated(probe)
            return await one_by_one(probe, min(len(messages), int(ONE_BY_ONE * scale) + 100))

        return await take_turns(compared, ours, theirs, rounds=rounds)


async def probe_truncated(probe: Probe) -> None:
    """Forget what has been consumed."""
    connection = await asyncpg.connect(plain_url(probe.url))
    await connection.execute("truncate inbox, gate, parked")
    await connection.close()


async def consume(probe: Probe, count: int) -> Done:
    """Everything in the topic by the product's consumer, from its second batch to its last."""
    consumer = Consumer(f"seen-{uuid.uuid4().hex[:8]}", ("probe.v1",), {CounterRaised: seen})
    known = replace(service, consumers=(consumer,))
    consuming = Consuming(probe.database, known, consumer, probe.broker, SystemClock())
    stop = asyncio.Event()
    running = asyncio.create_task(consuming.run(stop))
    await _until(lambda: consuming.settled > 0)
    before = consuming.settled
    with Watch() as watch:
        await _until(lambda: consuming.settled >= count)
    stop.set()
    await running
    return watch.done(count - before)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.002)


async def one_by_one(probe: Probe, count: int) -> Done:
    """The same by hand: for each event a transaction that asks the inbox, moves the gate and would run a handler."""
    name = f"hand-{uuid.uuid4().hex[:8]}"
    client = probe.broker.consumer(probe.broker.topic("probe.v1"), group=name, client_id=name)
    await client.start()
    connection = await asyncpg.connect(plain_url(probe.url))
    settle = await connection.prepare(SETTLE)
    left = count
    records = await client.getmany(timeout_ms=5_000, max_records=500)
    with Watch() as watch:
        while left > 0:
            for part in records.values():
                for record in part[:left]:
                    envelope = from_headers(tuple(record.headers))
                    CounterRaised.read(json.loads(record.value), envelope.time)
                    async with connection.transaction():
                        await settle.fetch(
                            name, envelope.id, envelope.subject, envelope.partition_key, envelope.sequence
                        )
                    left -= 1
            await client.commit()
            records = await client.getmany(timeout_ms=200, max_records=500) if left > 0 else {}
    await connection.close()
    await client.stop()
    return watch.done(count)
