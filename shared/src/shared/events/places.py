"""How far a consumer has read, in its own database: per partition the epoch, and up to where all is settled.

The group's offsets at the broker outlive a database that is restored from a backup, and would skip what it must settle
again; what stands beside the inbox goes back with it.
"""

from collections.abc import Iterable, Mapping

from aiokafka import TopicPartition
from sqlalchemy import BigInteger, Integer, Text, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.engine import Database
from shared.database.tables import consumed_epoch


class Places:
    """The places of one consumer in its streams."""

    def __init__(self, database: Database, consumer: str) -> None:
        self._database = database
        self._consumer = consumer
        self._epochs: dict[TopicPartition, int] = {}

    async def take_up(self, held: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Read the places anew; answers the next offset of each of these partitions."""
        statement = select(consumed_epoch).where(consumed_epoch.c.consumer == self._consumer)
        async with self._database.engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        self._epochs = {TopicPartition(row.topic, row.partition): row.epoch for row in rows}
        offsets = {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}
        return {place: offsets.get(place, 0) for place in held}

    def epoch(self, place: TopicPartition) -> int:
        """The epoch in which the partition has been read from its start, 0 where it never was."""
        return self._epochs.get(place, 0)

    async def begin_epoch(self, place: TopicPartition, epoch: int) -> None:
        """The partition is read from its start in this epoch."""
        row = {"consumer": self._consumer, "topic": place.topic, "partition": place.partition}
        new = {"epoch": epoch, "next_offset": 0}
        statement = insert(consumed_epoch).values(row | new)
        async with self._database.engine.begin() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["consumer", "topic", "partition"], set_=new)
            )
        self._epochs[place] = epoch

    async def note(self, next_offsets: Mapping[TopicPartition, int], connection: AsyncConnection) -> None:
        """Note, in the transaction that settles them, up to where records are settled; only within the same epoch."""
        places = list(next_offsets)
        given = {
            "consumer": self._consumer,
            "topics": [place.topic for place in places],
            "partitions": [place.partition for place in places],
            "epochs": [self.epoch(place) for place in places],
            "offsets": list(next_offsets.values()),
        }
        await connection.execute(_NOTED, given)


_NOTED = text(
    "update consumed_epoch set next_offset = new.next_offset"
    " from unnest(:topics, :partitions, :epochs, :offsets) as new (topic, partition, epoch, next_offset)"
    " where consumed_epoch.consumer = :consumer and consumed_epoch.topic = new.topic"
    " and consumed_epoch.partition = new.partition and consumed_epoch.epoch = new.epoch"
    " and consumed_epoch.next_offset < new.next_offset"
).bindparams(
    bindparam("consumer", type_=Text),
    bindparam("topics", type_=ARRAY(Text)),
    bindparam("partitions", type_=ARRAY(Integer)),
    bindparam("epochs", type_=ARRAY(Integer)),
    bindparam("offsets", type_=ARRAY(BigInteger)),
)
