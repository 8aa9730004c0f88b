"""The clients of the modelled Kafka: what the product sees of aiokafka, and nothing more."""

import asyncio
from collections import deque
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import (
    IllegalStateError,
    KafkaConnectionError,
    KafkaTimeoutError,
    OutOfOrderSequenceNumber,
    RequestTimedOutError,
)
from aiokafka.structs import RecordMetadata

from tests.simulation.broker import ModelKafka
from tests.simulation.world import AFTER, Process

SESSION_SECONDS = 6.0


class ModelBroker:
    """Stands where `shared.events.broker.Broker` stands, for one process."""

    def __init__(self, kafka: ModelKafka, process: Process) -> None:
        self._kafka, self._process = kafka, process

    def topic(self, name: str) -> str:
        return name

    def producer(self, client_id: str) -> "ModelProducer":
        return ModelProducer(self._kafka, self._process)

    def consumer(self, *topics: str, group: str | None, client_id: str) -> "ModelConsumer":
        return ModelConsumer(self._kafka, self._process, topics, group)


class ModelBatch:
    """A batch while it is filled."""

    def __init__(self, room: int) -> None:
        self.records: list[tuple[Any, Any, Any]] = []
        self._room = room

    def append(self, *, timestamp: int | None, key: Any, value: Any, headers: Any) -> object | None:
        if len(self.records) >= self._room:
            return None
        self.records.append((key, value, list(headers)))
        return self

    def close(self) -> None:
        """Nothing more goes in."""


class ModelProducer:
    """A producer: each partition's batches in order; what fails may have arrived, or arrive later."""

    def __init__(self, kafka: ModelKafka, process: Process) -> None:
        self._kafka, self._process, self._world = kafka, process, kafka.world
        self._queues: dict[TopicPartition, deque[tuple[ModelBatch, asyncio.Future[RecordMetadata]]]] = {}
        self._senders: dict[TopicPartition, asyncio.Task[None]] = {}
        self._room = self._world.draw.randint(1, 6)
        self._fatal: Exception | None = None

    async def start(self) -> None:
        await self._world.reach(self._process, "producer")
        if self._kafka.down:
            raise KafkaConnectionError

    def create_batch(self) -> ModelBatch:
        return ModelBatch(self._room)

    async def send_batch(self, batch: ModelBatch, topic: str, *, partition: int) -> "asyncio.Future[RecordMetadata]":
        if self._fatal is not None:
            raise self._fatal
        for watch in self._kafka.hand_over:
            watch(self, batch.records)
        place = TopicPartition(topic, partition)
        future: asyncio.Future[RecordMetadata] = self._world.loop.create_future()
        self._queues.setdefault(place, deque()).append((batch, future))
        if place not in self._senders or self._senders[place].done():
            self._senders[place] = self._world.loop.create_task(self._send(place), name=f"send {place}")
        return future

    async def stop(self) -> None:
        """Sends what is queued, as long as the caller has patience."""
        for sender in self._senders.values():
            await asyncio.wait([sender])

    async def _send(self, place: TopicPartition) -> None:
        while self._queues[place] and self._process.alive:
            batch, future = self._queues[place].popleft()
            try:
                answer = await self._request(place, batch)
            except Exception as failure:  # noqa: BLE001 — handed to whoever waits
                if isinstance(failure, OutOfOrderSequenceNumber):
                    self._fail_all(failure)
                if not future.done():
                    future.set_exception(failure)
            else:
                if not future.done():
                    future.set_result(answer)

    def _fail_all(self, failure: Exception) -> None:
        self._fatal = failure
        for queue in self._queues.values():
            while queue:
                queue.popleft()[1].set_exception(failure)

    async def _request(self, place: TopicPartition, batch: ModelBatch) -> RecordMetadata:
        """One batch until it is acknowledged or its time is over."""
        kind = self._world.sprung(self._process, "produce")
        if kind == "late":
            later = self._world.draw.choice([0.5, 2.0, 7.0])
            self._world.loop.call_later(later, self._late, place, batch)
            await asyncio.sleep(self._world.draw.choice([0.1, 10.0]))
            raise KafkaTimeoutError
        if kind == "fatal":
            raise OutOfOrderSequenceNumber
        if kind in ("twice", "no offset"):
            self._kafka.append(place, batch.records, self._process.name) if not self._kafka.down else None
        if kind == "no offset" and not self._kafka.down:
            return RecordMetadata(place.topic, place.partition, place, -1, -1, 0, 0)
        until = self._world.loop.time() + 10
        while self._kafka.down:
            await asyncio.sleep(0.1)
            if self._world.loop.time() > until:
                raise KafkaTimeoutError
        return await self._world.ask(
            self._process,
            "ack",
            lambda: self._kafka.append(place, batch.records, self._process.name),
            RequestTimedOutError(),
        )

    def _late(self, place: TopicPartition, batch: ModelBatch) -> None:
        """What the client has given up still lay in a buffer, and comes in now."""
        if not self._kafka.down:
            self._world.note(f"late batch of {len(batch.records)} in {place.partition}")
            self._kafka.append(place, batch.records)


class ModelConsumer:
    """A consumer with its own position; in a group where it has one."""

    def __init__(self, kafka: ModelKafka, process: Process, topics: tuple[str, ...], group: str | None) -> None:
        self._kafka, self._process, self._world = kafka, process, kafka.world
        self._topics, self._group = topics, group
        self._generation = 0
        self._places: list[TopicPartition] = []
        self._positions: dict[TopicPartition, int] = {}
        self._hangs = False
        self._started = False

    async def start(self) -> None:
        await self._world.reach(self._process, "consumer")
        if self._kafka.down:
            raise KafkaConnectionError
        self._started = True
        if self._group is not None:
            self._kafka.join(self._group, self, self._topics)
            self._process.on_death.append(self._orphaned)

    def _orphaned(self) -> None:
        self._world.loop.call_later(SESSION_SECONDS, self._gone)

    def _gone(self) -> None:
        if self._group is not None:
            self._kafka.leave(self._group, self, self._topics)

    async def stop(self) -> None:
        if not self._process.alive or not self._started:
            return
        self._started = False
        if self._group is not None:
            self._process.on_death.remove(self._orphaned)
            if self._kafka.down or self._process.frozen is not None:
                self._orphaned()
            else:
                self._gone()

    def assign(self, places: list[TopicPartition]) -> None:
        self._places = list(places)

    def assignment(self) -> set[TopicPartition]:
        return set(self._places)

    def seek(self, place: TopicPartition, offset: int) -> None:
        if place not in self._places:
            raise IllegalStateError("not assigned")
        self._positions[place] = offset

    async def position(self, place: TopicPartition) -> int:
        return self._positions.get(place, 0)

    def highwater(self, place: TopicPartition) -> int:
        return len(self._kafka.log(place))

    async def beginning_offsets(self, places: Any) -> dict[TopicPartition, int]:
        await self._ask("offsets")
        return dict.fromkeys(places, 0)

    async def end_offsets(self, places: Any) -> dict[TopicPartition, int]:
        await self._ask("offsets")
        return {place: len(self._kafka.log(place)) for place in sorted(places)}

    async def _ask(self, point: str) -> str | None:
        kind = await self._world.reach(self._process, point)
        if self._kafka.down:
            await asyncio.sleep(1)
            raise KafkaTimeoutError
        return kind

    async def getmany(
        self, *places: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[Any]]:
        """Records of some partitions from their positions on; none where there are none in the time."""
        kind = await self._world.reach(self._process, "poll")
        if kind == "hang" and self._places:
            self._hangs = True
        until = self._world.loop.time() + timeout_ms / 1000
        while True:
            if not self._kafka.down:
                self._rejoin()
            blind = self._group is not None and self._world.loop.time() < self._kafka.blind_until
            found = {} if self._hangs or blind or self._kafka.down else self._fetch(places, max_records or 500)
            if found or (left := until - self._world.loop.time()) <= AFTER:
                return found
            await asyncio.sleep(min(left, 0.1))
            await self._process.can_go_on()

    def _fetch(self, places: tuple[TopicPartition, ...], limit: int) -> dict[TopicPartition, list[Any]]:
        wanted = [place for place in self._places if not places or place in places]
        self._world.draw.shuffle(wanted)
        found: dict[TopicPartition, list[Any]] = {}
        for place in wanted[: self._world.draw.randint(1, 4)]:
            log = self._kafka.log(place)
            at = self._positions.setdefault(place, 0)
            if at > len(log):  # out of range: `auto_offset_reset="earliest"`
                at = self._positions[place] = 0
            part = log[at : at + min(limit, self._world.draw.choice([1, 3, 500]))]
            if part:
                found[place] = part
                self._positions[place] = part[-1].offset + 1
        return found

    def _rejoin(self) -> None:
        """Learn of a rebalance; new partitions are read from what is committed, or from the beginning."""
        if self._group is None:
            return
        group = self._kafka.group(self._group)
        if self not in group.members:
            self._kafka.join(self._group, self, self._topics)
        if group.generation != self._generation:
            self._generation = group.generation
            self._places = list(group.assigned[self])
            self._positions = {place: group.offsets.get(place, 0) for place in self._places}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        assert self._group is not None
        name, generation = self._group, self._generation
        await self._world.ask(
            self._process,
            "offsets committed",
            lambda: self._kafka.commit(name, self, generation, offsets),
            RequestTimedOutError(),
        )
