"""The relay, from the table to the broker and back, against aiokafka's own `send()` of the same messages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from sqlalchemy import select

from shared.contracts.envelope import encode_data, to_headers
from shared.database.tables import event
from shared.events.lease import Lease
from shared.events.relay import Relay
from shared.events.sending import envelope_of
from tests.bench.measuring import Comparison, Done, Watch, take_turns
from tests.bench.platform import bench_probe, write_log
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import service
from tirek_local.testing import Servers

EVENTS = 20_000
AGGREGATES = 500


@dataclass
class Message:
    """A message ready to be sent."""

    value: bytes
    key: bytes
    partition: int
    headers: list[tuple[str, bytes]]


async def relay_against_send(servers: Servers, *, rounds: int, scale: float) -> Comparison:
    """Events a second."""
    compared = Comparison(
        "relay, from the table to the broker", "aiokafka send() of the same messages", "events/s", 1.0
    )
    async with bench_probe(servers) as probe, _producer(probe) as producer:
        each = max(int(EVENTS * scale) // AGGREGATES, 1)
        await write_log(probe, AGGREGATES, each)
        messages = await _messages(probe)

        async def theirs() -> Done:
            return await _send_all(producer, probe.broker.topic("raw.v1"), messages)

        async def ours() -> Done:
            return await _relay_all(probe, each)

        return await take_turns(compared, ours, theirs, rounds=rounds)


@contextlib.asynccontextmanager
async def _producer(probe: Probe) -> AsyncIterator[AIOKafkaProducer]:
    from tests.shared.events.conftest import create_topics

    await create_topics(probe.broker, "raw.v1")
    producer = probe.broker.producer("raw")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def _messages(probe: Probe) -> list[Message]:
    """What the relay would send, made ready ahead of time."""
    async with probe.database.engine.connect() as connection:
        rows = (await connection.execute(select(event).order_by(event.c.outbox_id))).all()
    return [
        Message(
            encode_data(row.data),
            row.partition_key.encode(),
            row.partition,
            to_headers(envelope_of(row._mapping, service.source, epoch=1)),
        )
        for row in rows
    ]


async def _send_all(producer: AIOKafkaProducer, topic: str, messages: list[Message]) -> Done:
    with Watch() as watch:
        sent = [
            await producer.send(topic, value=m.value, key=m.key, partition=m.partition, headers=m.headers)
            for m in messages
        ]
        await asyncio.gather(*sent)
    return watch.done(len(messages))


async def _relay_all(probe: Probe, each: int) -> Done:
    """A fresh log of the same size, timed from the first read until the last row is deleted."""
    waiting = await probe.query("select count(*) from outbox")
    if waiting == [(0,)]:
        await write_log(probe, AGGREGATES, each)
    relay, lease, stop = (
        Relay(probe.database, service, probe.broker),
        Lease(probe.database, asyncio.Event()),
        asyncio.Event(),
    )
    await lease.acquire(stop)
    last = await relay._verified(lease)
    producer = probe.broker.producer("bench")
    await producer.start()
    with Watch() as watch:
        pumping = asyncio.create_task(relay._pump(producer, lease, last, stop))
        while relay.sent < AGGREGATES * each:
            await asyncio.sleep(0.005)
    stop.set()
    await pumping
    await producer.stop()
    await lease.release()
    return watch.done(relay.sent)
