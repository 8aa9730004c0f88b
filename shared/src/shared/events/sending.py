"""Sending what is pending: per partition, in the order of the log, as whole batches of Kafka's."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata
from opentelemetry.trace import Span, SpanKind
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.envelope import Envelope, to_headers
from shared.telemetry.spans import start_span, traceparent_of

Pending = asyncpg.Record
"""A row that is not acknowledged yet: the columns of `event`, with `data` as its JSON text."""

_PENDING = """
select e.outbox_id, e.id, e.aggregate_id, e.sequence, e.type, e.occurred_at, e.topic, e.partition, e.partition_key,
       e.institute, e.causation_id, e.traceparent, e.data::text as data
from outbox o join event e on e.outbox_id = o.id
where o.id <> all($1::bigint[])
order by o.id
limit $2
"""


async def pending(engine: AsyncEngine, in_flight: Sequence[int], limit: int) -> Sequence[Pending]:
    """The next rows in the order of the log, those in flight left out; asked of the driver itself, for its speed."""
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        rows: Sequence[Pending] = await driver.fetch(_PENDING, in_flight, limit)
        return rows


class Columns(Protocol):
    """A row, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of a column."""


def envelope_of(row: Columns, source: str, *, epoch: int, traceparent: str | None = None) -> Envelope:
    """The envelope of a row of `event`; its columns by name."""
    return Envelope(
        id=row["id"],
        source=source,
        type=row["type"],
        subject=row["aggregate_id"],
        time=row["occurred_at"],
        sequence=row["sequence"],
        partition_key=row["partition_key"],
        institute=row["institute"],
        epoch=epoch,
        causation_id=row["causation_id"],
        traceparent=traceparent,
        position=row["outbox_id"],
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """Rows that share one batch and its fate; the first gets the offset of the acknowledgement, the others follow."""

    partition: int
    rows: Sequence[Pending]
    acknowledged: "asyncio.Future[RecordMetadata]"

    def last(self, acknowledged: RecordMetadata) -> tuple[int, UUID]:
        """The offset of the last row under this acknowledgement, and the id of its event."""
        return acknowledged.offset + len(self.rows) - 1, self.rows[-1]["id"]


class Sender:
    """Hands rows to a producer. All rows of a service go to one topic."""

    def __init__(self, producer: AIOKafkaProducer, topic: str, source: str, epoch: int) -> None:
        self._producer = producer
        self._topic = topic
        self._source = source
        self._epoch = epoch

    async def send(self, rows: Sequence[Pending]) -> list[Sent]:
        """Hand all rows over, each partition's in order; returns before they are acknowledged."""
        queues: dict[int, list[Pending]] = {}
        for row in rows:
            queues.setdefault(row["partition"], []).append(row)
        parts = await asyncio.gather(*(self._send_partition(number, queue) for number, queue in queues.items()))
        return [sent for part in parts for sent in part]

    async def _send_partition(self, partition: int, rows: Sequence[Pending]) -> list[Sent]:
        sent: list[Sent] = []
        at = 0
        while at < len(rows):
            batch = self._producer.create_batch()
            spans: list[Span] = []
            begin = at
            while at < len(rows) and self._append(batch, rows[at], spans):
                at += 1
            if at == begin:
                raise OverflowError(f"event {rows[at]['id']} does not fit into an empty batch")
            batch.close()
            future = await self._producer.send_batch(batch, self._topic, partition=partition)
            _end_with(future, spans)
            sent.append(Sent(partition, rows[begin:at], future))
        return sent

    def _append(self, batch: Any, row: Pending, spans: list[Span]) -> bool:
        """Whether the row found room in the batch; then its span has begun."""
        sending = self._span(row)
        traceparent = traceparent_of(sending) if sending else None
        appended = batch.append(
            timestamp=None,
            key=row["partition_key"].encode(),
            value=row["data"].encode(),
            headers=to_headers(envelope_of(row, self._source, epoch=self._epoch, traceparent=traceparent)),
        )
        if appended is None:
            return False
        if sending is not None:
            spans.append(sending)
        return True

    def _span(self, row: Pending) -> Span | None:
        """The span of one send; the handlers of the event stand under it."""
        if row["traceparent"] is None:
            return None
        attributes: dict[str, str | int] = {
            "messaging.system": "kafka",
            "messaging.operation.type": "send",
            "messaging.destination.name": row["topic"],
            "messaging.destination.partition.id": str(row["partition"]),
            "messaging.message.id": str(row["id"]),
            "tirek.event.type": row["type"],
        }
        kind = SpanKind.PRODUCER
        return start_span(f"send {row['topic']}", kind=kind, parent=row["traceparent"], attributes=attributes)


def _end_with(future: "asyncio.Future[RecordMetadata]", spans: Iterable[Span]) -> None:
    """End the spans with the acknowledgement; a failure counts as seen even where nobody waits for it any more."""

    def ended(answer: "asyncio.Future[RecordMetadata]") -> None:
        failure = None if answer.cancelled() else answer.exception()
        for span in spans:
            if failure is not None:
                span.record_exception(failure)
            span.end()

    future.add_done_callback(ended)
