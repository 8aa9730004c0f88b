"""The consumer: batches from Kafka to the settler, offsets after the commit, and a watch on its own progress."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Iterable

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from opentelemetry.instrumentation.utils import suppress_instrumentation
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shared.clock import Clock
from shared.contracts.envelope import EnvelopeUnreadable, from_headers
from shared.database.engine import Database
from shared.database.tables import consumed_epoch
from shared.events.broker import Broker
from shared.events.closing import close_within, is_cancelled, next_pause
from shared.events.lease import stopped_within
from shared.events.message import Message
from shared.events.settling import Settler
from shared.failpoints import failpoint
from shared.service import Consumer, Service

log = structlog.get_logger()

BATCH = 500
POLL_MS = 200
STUCK_SECONDS = 15.0
Records = dict[TopicPartition, list[ConsumerRecord]]


class ConsumerStuck(RuntimeError):
    """There are records to read and none arrived for too long: the client is to be made anew."""


class Consuming:
    """One consumer of a service: its place in the streams, and whether it moves. `committed` is told of each commit."""

    def __init__(
        self,
        database: Database,
        service: Service,
        consumer: Consumer,
        broker: Broker,
        clock: Clock,
        *,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self._committed = committed
        self.name = consumer.name
        self._database = database
        self._broker = broker
        self._topics = [broker.topic(topic) for topic in consumer.topics]
        self._group = broker.topic(f"{service.name}.{consumer.name}")
        self._settler = Settler(database, service, consumer, clock)
        self._epochs: dict[tuple[str, int], int] = {}
        self.moved_at = time.monotonic()
        self.lag = 0
        self.settled = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; whatever fails, make a new client after a pause and read from the last commit."""
        pause = 0.1
        while not stop.is_set():
            begun = time.monotonic()
            client = self._broker.consumer(*self._topics, group=self._group, client_id=self._group)
            try:
                with suppress_instrumentation():
                    await asyncio.wait_for(client.start(), 30)
                self._epochs = await self._stored_epochs()
                await self._consume(client, stop)
                pause = 0.1
            except (Exception, asyncio.CancelledError) as failure:  # what was not committed is read again
                if is_cancelled():
                    raise
                log.warning("the consumer begins anew", consumer=self._group, because=repr(failure))
                pause = next_pause(pause, time.monotonic() - begun)
            finally:
                await close_within(10, client.stop())
            await stopped_within(stop, pause * random.uniform(0.5, 1.0))  # noqa: S311

    async def _consume(self, client: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        self.moved_at = time.monotonic()
        while not stop.is_set():
            with suppress_instrumentation():
                records = await client.getmany(timeout_ms=POLL_MS, max_records=BATCH)
            if records:
                failpoint("consumer.after_poll")
            records = await self._in_this_epoch(client, records)
            if not records:
                await self._watch(client)
                continue
            messages = [Message.of(record) for part in records.values() for record in part]
            await self._settler.settle(messages)
            self._committed()
            failpoint("consumer.before_offsets")
            await client.commit({place: part[-1].offset + 1 for place, part in records.items()})
            self._moved(client, records, len(messages))

    def _moved(self, client: AIOKafkaConsumer, records: Records, count: int) -> None:
        self.moved_at = time.monotonic()
        self.settled += count
        self.lag = sum((client.highwater(place) or 0) - part[-1].offset - 1 for place, part in records.items())

    async def _watch(self, client: AIOKafkaConsumer) -> None:
        """Nothing arrived: fine where there is nothing. A client may hang silently after the broker restarted."""
        if time.monotonic() - self.moved_at < STUCK_SECONDS:
            return
        places = client.assignment()
        ends = await client.end_offsets(places) if places else {}
        self.lag = sum([end - await client.position(place) for place, end in ends.items()])
        if self.lag > 0:
            raise ConsumerStuck(f"{self.lag} records behind")
        self.moved_at = time.monotonic()

    async def _in_this_epoch(self, client: AIOKafkaConsumer, records: Records) -> Records:
        """Read a partition from its start where its relay has begun a new epoch; this batch's records come again."""
        kept: Records = {}
        for place, part in records.items():
            epoch = max(_epochs(part), default=0)
            if epoch <= self._epochs.get((place.topic, place.partition), 0):
                kept[place] = part
                continue
            begin = (await client.beginning_offsets([place]))[place]
            first_read = part[0].offset == begin
            if not first_read:
                client.seek(place, begin)
                await client.commit({place: begin})
                log.warning("a new epoch: the partition is read from its start", consumer=self._group, epoch=epoch)
            await self._store_epoch(place, epoch)
            if first_read:
                kept[place] = part
        return kept

    async def _stored_epochs(self) -> dict[tuple[str, int], int]:
        async with self._database.engine.connect() as connection:
            statement = select(consumed_epoch).where(consumed_epoch.c.consumer == self.name)
            return {(row.topic, row.partition): row.epoch for row in await connection.execute(statement)}

    async def _store_epoch(self, place: TopicPartition, epoch: int) -> None:
        row = {"consumer": self.name, "topic": place.topic, "partition": place.partition, "epoch": epoch}
        statement = insert(consumed_epoch).values(row)
        async with self._database.engine.begin() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["consumer", "topic", "partition"], set_={"epoch": epoch}
                )
            )
        self._epochs[place.topic, place.partition] = epoch


def _epochs(records: Iterable[ConsumerRecord]) -> Iterable[int]:
    for record in records:
        with contextlib.suppress(EnvelopeUnreadable):
            yield from_headers(tuple(record.headers)).epoch
