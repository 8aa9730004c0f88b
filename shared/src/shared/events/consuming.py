"""The consumer: batches from Kafka to the settler, offsets after the commit, and a watch on its own progress."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterable
from functools import partial

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from opentelemetry.instrumentation.utils import suppress_instrumentation

from shared.clock import Clock
from shared.contracts.envelope import EnvelopeUnreadable, from_headers
from shared.database.engine import Database
from shared.events.broker import Broker
from shared.events.closing import close_within, is_cancelled, next_pause
from shared.events.lease import stopped_within
from shared.events.message import Message
from shared.events.places import Places
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
        self._places = Places(database, consumer.name)
        self._held: frozenset[TopicPartition] = frozenset()
        self.moved_at = asyncio.get_running_loop().time()
        self.lag = 0
        self.settled = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; whatever fails, make a new client after a pause and read from the last commit."""
        pause = 0.1
        while not stop.is_set():
            begun = asyncio.get_running_loop().time()
            client = self._broker.consumer(*self._topics, group=self._group, client_id=self._group)
            try:
                with suppress_instrumentation():
                    await asyncio.wait_for(client.start(), 30)
                self._held = frozenset()
                await self._consume(client, stop)
                pause = 0.1
            except (Exception, asyncio.CancelledError) as failure:  # what was not committed is read again
                if is_cancelled():
                    raise
                log.warning("the consumer begins anew", consumer=self._group, because=repr(failure))
                pause = next_pause(pause, asyncio.get_running_loop().time() - begun)
            finally:
                await close_within(10, client.stop())
            await stopped_within(stop, pause * random.uniform(0.5, 1.0))  # noqa: S311

    async def _consume(self, client: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        self.moved_at = asyncio.get_running_loop().time()
        while not stop.is_set():
            with suppress_instrumentation():
                records = await client.getmany(timeout_ms=POLL_MS, max_records=BATCH)
            if records:
                failpoint("consumer.after_poll")
            if (held := frozenset(client.assignment())) != self._held:
                await self._take_up(client, held)
                continue
            records = await self._in_this_epoch(client, records)
            if not records:
                await self._watch(client)
                continue
            messages = [Message.of(record) for part in records.values() for record in part]
            ends = {place: part[-1].offset + 1 for place, part in records.items()}
            await self._settler.settle(messages, then=partial(self._places.note, ends))
            self._committed()
            failpoint("consumer.before_offsets")
            await client.commit(ends)
            self._moved(client, records, len(messages))

    def _moved(self, client: AIOKafkaConsumer, records: Records, count: int) -> None:
        self.moved_at = asyncio.get_running_loop().time()
        self.settled += count
        self.lag = sum((client.highwater(place) or 0) - part[-1].offset - 1 for place, part in records.items())

    async def _watch(self, client: AIOKafkaConsumer) -> None:
        """Nothing arrived: fine where there is nothing. A client may hang silently after the broker restarted.

        A log that was sent again may end just where the one before did: its last record, read again, tells the epoch.
        """
        if asyncio.get_running_loop().time() - self.moved_at < STUCK_SECONDS:
            return
        places = client.assignment()
        ends = await client.end_offsets(places) if places else {}
        self.lag = sum([max(end - await client.position(place), 0) for place, end in ends.items()])
        if self.lag > 0:
            raise ConsumerStuck(f"{self.lag} records behind")
        for place, end in ends.items():
            client.seek(place, max(end - 1, 0))
        self.moved_at = asyncio.get_running_loop().time()

    async def _in_this_epoch(self, client: AIOKafkaConsumer, records: Records) -> Records:
        """Read a partition from its start where its relay has begun a new epoch; this batch's records come again."""
        kept: Records = {}
        for place, part in records.items():
            epoch = max(_epochs(part), default=0)
            if epoch <= self._places.epoch(place):
                kept[place] = part
                continue
            begin = (await client.beginning_offsets([place]))[place]
            first_read = part[0].offset == begin
            if not first_read:
                client.seek(place, begin)
                await client.commit({place: begin})
                log.warning("a new epoch: the partition is read from its start", consumer=self._group, epoch=epoch)
            await self._places.begin_epoch(place, epoch)
            if first_read:
                kept[place] = part
        return kept

    async def _take_up(self, client: AIOKafkaConsumer, held: frozenset[TopicPartition]) -> None:
        """Go on where the database stands; the group's offsets are ahead of it where it was restored from a backup."""
        for place, offset in (await self._places.take_up(held)).items():
            client.seek(place, offset)
        self._held = held


def _epochs(records: Iterable[ConsumerRecord]) -> Iterable[int]:
    for record in records:
        with contextlib.suppress(EnvelopeUnreadable):
            yield from_headers(tuple(record.headers)).epoch
