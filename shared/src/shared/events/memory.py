"""Whether the broker still has what it acknowledged; where it has forgotten, the log is queued again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import event_id_of, position_of
from shared.database.engine import Database
from shared.database.tables import event, outbox, relay_position
from shared.events.broker import Broker
from shared.events.closing import close_within
from shared.events.lease import Lease
from shared.events.partitions import PARTITIONS

log = structlog.get_logger()


class BrokerForgot(RuntimeError):
    """Acknowledged records of a partition are gone: the partition's log must be sent again."""

    def __init__(self, partition: int) -> None:
        self.partition = partition
        super().__init__(f"partition {partition}")


class RecordsUnknown(RuntimeError):
    """The topic holds records that this database does not know: it was restored from a backup, say.

    Nothing is sent until an operator has looked: `tirek events reconcile`.
    """

    def __init__(self, unknown: "list[UnknownRecord]") -> None:
        self.unknown = unknown
        super().__init__(f"{len(unknown)} records unknown to the database, the first {unknown[0]}")


@dataclass(frozen=True, slots=True)
class UnknownRecord:
    """Where a record stands that the database does not know."""

    partition: int
    offset: int
    event_id: UUID | None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The last record of a partition that the broker acknowledged; without an id where it is no event of ours."""

    offset: int
    event_id: UUID | None


async def acknowledged(connection: AsyncConnection, topic: str) -> dict[int, Acknowledged]:
    """By partition, the last acknowledged record of a topic."""
    rows = await connection.execute(select(relay_position).where(relay_position.c.topic == topic))
    return {row.partition: Acknowledged(row.kafka_offset, row.event_id) for row in rows}


async def verify(database: Database, broker: Broker, topic: str, *, client_id: str) -> dict[int, Acknowledged]:
    """The last record of each partition, after reading back what the broker holds from the last acknowledged one on.

    Raises `BrokerForgot` where another record, or none, stands there, and `RecordsUnknown` where records above it are
    not in `event`. Comparing end offsets alone would miss a loss that new appends hide.
    """
    async with database.engine.connect() as connection:
        known = await acknowledged(connection, topic)
    consumer = broker.consumer(group=None, client_id=f"{client_id}-verify")
    try:
        await consumer.start()
        unknown: list[UnknownRecord] = []
        for partition in range(PARTITIONS):
            place = TopicPartition(broker.topic(topic), partition)
            newest, strange = await _verify_partition(database, consumer, place, known.get(partition))
            unknown += strange
            if newest is not None:
                known[partition] = newest
    finally:
        await close_within(10, consumer.stop())
    if unknown:
        raise RecordsUnknown(unknown)
    return known


async def _verify_partition(
    database: Database, consumer: AIOKafkaConsumer, place: TopicPartition, last: Acknowledged | None
) -> tuple[Acknowledged | None, list[UnknownRecord]]:
    """The last record that stands in the partition, and those that the database does not know."""
    consumer.assign([place])
    begin = (await consumer.beginning_offsets([place]))[place]
    end = (await consumer.end_offsets([place]))[place]
    if last is not None and not begin <= last.offset < end:
        raise BrokerForgot(place.partition)
    position = begin if last is None else last.offset
    consumer.seek(place, position)
    unknown: list[UnknownRecord] = []
    newest = last
    while position < end:
        records = (await consumer.getmany(place, timeout_ms=5_000, max_records=1_000)).get(place, [])
        if not records:
            raise TimeoutError(f"{place.topic}/{place.partition} cannot be read at {position}")
        ids = {record.offset: event_id_of(record.headers) for record in records}
        if last is not None and position == last.offset and ids.pop(last.offset, None) != last.event_id:
            raise BrokerForgot(place.partition)
        places = {record.offset: position_of(record.headers) for record in records}
        found = await _unknown(database, place.partition, ids)
        unknown += [replace(record, position=places[record.offset]) for record in found]
        position = records[-1].offset + 1
        if (newest_id := event_id_of(records[-1].headers)) is not None:
            newest = Acknowledged(records[-1].offset, newest_id)
    return newest, unknown


async def _unknown(database: Database, partition: int, ids: dict[int, UUID | None]) -> list[UnknownRecord]:
    async with database.engine.connect() as connection:
        rows = await connection.execute(select(event.c.id).where(event.c.id.in_([i for i in ids.values() if i])))
        known = set(rows.scalars())
    return [UnknownRecord(partition, offset, id_) for offset, id_ in ids.items() if id_ not in known]


async def queue_again(database: Database, lease: Lease, topic: str, partitions: Iterable[int]) -> int:
    """Begin a new epoch and put the whole log of these partitions into the outbox; answers how many events.

    Consumers see the higher epoch, read their partitions from the start, and their inboxes absorb what they know.
    """
    wanted = sorted(set(partitions))
    async with database.engine.begin() as connection:
        await lease.raise_epoch(connection)
        again = select(event.c.outbox_id).where(event.c.topic == topic, event.c.partition.in_(wanted))
        queued = await connection.execute(insert(outbox).from_select(["id"], again).on_conflict_do_nothing())
        gone = (relay_position.c.topic == topic) & relay_position.c.partition.in_(wanted)
        await connection.execute(delete(relay_position).where(gone))
    log.warning("the broker forgot; queued again", topic=topic, partitions=wanted, epoch=lease.epoch)
    return queued.rowcount
