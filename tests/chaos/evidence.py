"""What the invariants are asked of: the services' databases, what stands on the topics, what callers were told."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from grants.service import service as grants
from obligations.service import service as obligations
from shared.contracts.envelope import from_headers
from shared.database.engine import async_url
from shared.events.broker import Broker
from shared.service import Service
from tests.chaos.traffic import Reply

SERVICES: tuple[Service, ...] = (grants, obligations)
"""A service that comes later stands here; what holds for all of them is then asked of it too."""

Rows = list[tuple[Any, ...]]
"""Rows that break an invariant; none, where it holds."""


@dataclass(frozen=True)
class OnTopic:
    """A record as it stands on a topic."""

    id: UUID
    subject: UUID
    sequence: int
    type: str
    value: bytes
    epoch: int


@dataclass
class Evidence:
    """`databases` by the service's name, `topics` by theirs: their records, partition by partition, in order."""

    databases: Mapping[str, AsyncConnection]
    topics: Mapping[str, Sequence[OnTopic]] = field(default_factory=dict)
    replies: Sequence[Reply] = ()

    async def of(self, service: str, statement: str, **values: Any) -> Rows:
        """Rows of one service's database."""
        return [tuple(row) for row in await self.databases[service].execute(text(statement), values)]

    async def everywhere(self, statement: str) -> Rows:
        """Rows of each service's database, each with the service's name in front."""
        return [(name, *row) for name in self.databases for row in await self.of(name, statement)]


@asynccontextmanager
async def connected(urls: Mapping[str, str]) -> AsyncIterator[dict[str, AsyncConnection]]:
    """A connection to each database."""
    async with AsyncExitStack() as open_:
        found: dict[str, AsyncConnection] = {}
        for name, url in urls.items():
            engine = create_async_engine(async_url(url), poolclass=NullPool)
            open_.push_async_callback(engine.dispose)
            found[name] = await open_.enter_async_context(engine.connect())
        yield found


async def everything_on(broker: Broker, topics: Sequence[str]) -> dict[str, list[OnTopic]]:
    """All that the topics hold now."""
    found: dict[str, list[OnTopic]] = {}
    for topic in topics:
        consumer = broker.consumer(broker.topic(topic), group=None, client_id="chaos-evidence")
        await consumer.start()
        try:
            found[topic] = await _read_to_the_end(consumer)
        finally:
            await consumer.stop()
    return found


async def _read_to_the_end(consumer: AIOKafkaConsumer) -> list[OnTopic]:
    records: list[OnTopic] = []
    ends = await consumer.end_offsets(consumer.assignment())
    await consumer.seek_to_beginning()
    while any([await consumer.position(place) < end for place, end in ends.items()]):
        for part in (await consumer.getmany(timeout_ms=500)).values():
            for record in part:
                envelope = from_headers(tuple(record.headers))
                records.append(
                    OnTopic(
                        envelope.id,
                        envelope.subject,
                        envelope.sequence,
                        envelope.type,
                        record.value or b"",
                        envelope.epoch,
                    )
                )
    return records
