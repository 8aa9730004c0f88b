"""The relay: pending outbox rows in id order to Kafka; exactly those acknowledged are deleted."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.trace import Span, SpanKind
from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import Envelope, encode_data, to_headers
from shared.database.engine import Database
from shared.database.tables import event, outbox, relay_position
from shared.events.broker import Broker
from shared.events.lease import Lease, stopped_within
from shared.events.memory import BrokerForgot, RecordsUnknown, queue_again, verify
from shared.failpoints import failpoint
from shared.service import Service
from shared.telemetry.spans import start_span, traceparent_of

log = structlog.get_logger()

BATCH = 500
POLL_SECONDS = 0.02
Pending = Row[Any]


class Relay:
    """Sends a service's events; one at a time per service, by its lease."""

    def __init__(self, database: Database, service: Service, broker: Broker) -> None:
        self._database = database
        self._service = service
        self._broker = broker
        self._client_id = f"{service.name}-relay"
        self.halted: RecordsUnknown | None = None
        self.sent = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; whatever fails, begin anew from the table after a pause."""
        pause = 0.1
        while not stop.is_set():
            lease = Lease(self._database.engine.url.render_as_string(hide_password=False))
            try:
                if await lease.acquire(stop):
                    await self._hold(lease, stop)
                pause = 0.1
            except RecordsUnknown as unknown:
                self.halted = unknown
                log.error("the relay stands still until `tirek events reconcile`", unknown=len(unknown.unknown))
                pause = 5.0
            except Exception as failure:  # noqa: BLE001 — whatever failed, the table still holds what was not acknowledged
                log.warning("the relay begins anew", service=self._service.name, because=repr(failure))
                pause = min(pause * 2, 5.0)
            finally:
                await lease.release()
            await stopped_within(stop, pause * random.uniform(0.5, 1.0))  # noqa: S311

    async def _hold(self, lease: Lease, stop: asyncio.Event) -> None:
        """Send with one producer after another while the lease is held."""
        while not stop.is_set():
            with suppress_instrumentation():
                try:
                    last = await verify(self._database, self._broker, self._service.topic, client_id=self._client_id)
                except BrokerForgot as forgot:
                    await queue_again(self._database, lease, self._service.topic, [forgot.partition])
                    continue
                self.halted = None
                producer = self._broker.producer(self._client_id)
                try:
                    await producer.start()
                    await self._pump(producer, lease, last, stop)
                except BrokerForgot as forgot:
                    await queue_again(self._database, lease, self._service.topic, [forgot.partition])
                finally:
                    await _close(producer)

    async def _pump(self, producer: AIOKafkaProducer, lease: Lease, last: dict[int, int], stop: asyncio.Event) -> None:
        """Read, send, settle; the next batch is read and sent while the one before waits for its acknowledgements."""
        settling: asyncio.Task[None] | None = None
        in_flight: list[int] = []
        try:
            while not stop.is_set() and not lease.lost():
                lease.wake.clear()
                rows = await self._read(in_flight)
                failpoint("relay.after_read")
                sent = await self._send(producer, lease, rows)
                failpoint("relay.after_send")
                if settling is not None:
                    await settling
                in_flight = [row.outbox_id for row in rows]
                settling = asyncio.create_task(self._settle(lease, rows, sent, last)) if rows else None
                if not rows:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(lease.wake.wait(), POLL_SECONDS)
            if settling is not None:
                await settling
        finally:
            if settling is not None and not settling.done():
                settling.cancel()
                await asyncio.gather(settling, return_exceptions=True)

    async def _read(self, in_flight: Sequence[int]) -> Sequence[Pending]:
        statement = (
            select(event)
            .join(outbox, outbox.c.id == event.c.outbox_id)
            .where(outbox.c.id.not_in(in_flight))
            .order_by(outbox.c.id)
            .limit(BATCH)
        )
        async with self._database.engine.connect() as connection:
            return (await connection.execute(statement)).all()

    async def _send(
        self, producer: AIOKafkaProducer, lease: Lease, rows: Sequence[Pending]
    ) -> list[asyncio.Future[RecordMetadata]]:
        sent: list[asyncio.Future[RecordMetadata]] = []
        for row in rows:
            sending = self._span(row)
            future = await producer.send(
                self._broker.topic(row.topic),
                value=encode_data(row.data),
                key=row.partition_key.encode(),
                partition=row.partition,
                headers=to_headers(self._envelope(row, lease.epoch, sending)),
            )
            _end_with(future, sending)
            sent.append(future)
        return sent

    def _envelope(self, row: Pending, epoch: int, sending: Span | None) -> Envelope:
        return Envelope(
            id=row.id,
            source=self._service.source,
            type=row.type,
            subject=row.aggregate_id,
            time=row.occurred_at,
            sequence=row.sequence,
            partition_key=row.partition_key,
            institute=row.institute,
            epoch=epoch,
            causation_id=row.causation_id,
            traceparent=traceparent_of(sending) if sending else None,
            position=row.outbox_id,
        )

    def _span(self, row: Pending) -> Span | None:
        """The span of one send; the handlers of the event stand under it."""
        if row.traceparent is None:
            return None
        attributes: dict[str, str | int] = {
            "messaging.system": "kafka",
            "messaging.operation.type": "send",
            "messaging.destination.name": row.topic,
            "messaging.destination.partition.id": str(row.partition),
            "messaging.message.id": str(row.id),
            "tirek.event.type": row.type,
        }
        return start_span(f"send {row.topic}", kind=SpanKind.PRODUCER, parent=row.traceparent, attributes=attributes)

    async def _settle(
        self,
        lease: Lease,
        rows: Sequence[Pending],
        sent: Sequence[asyncio.Future[RecordMetadata]],
        last: dict[int, int],
    ) -> None:
        """Delete exactly the acknowledged rows, and remember the last acknowledgement of each partition.

        The first failure is raised after that, so that the caller throws the producer away and reads again.
        """
        answers = await asyncio.gather(*sent, return_exceptions=True)
        failpoint("relay.after_ack")
        done = [(row, ack) for row, ack in zip(rows, answers, strict=True) if isinstance(ack, RecordMetadata)]
        newest: dict[int, tuple[int, UUID]] = {}
        for row, ack in done:
            if ack.offset < 0 or ack.offset <= newest.get(row.partition, (last.get(row.partition, -1),))[0]:
                raise BrokerForgot(row.partition)
            newest[row.partition] = (ack.offset, row.id)
        if done:
            async with self._database.engine.begin() as connection:
                await lease.check(connection)
                await connection.execute(delete(outbox).where(outbox.c.id.in_([row.outbox_id for row, _ in done])))
                await _remember(connection, self._service.topic, newest)
            last |= {partition: offset for partition, (offset, _) in newest.items()}
            self.sent += len(done)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer


async def _remember(connection: AsyncConnection, topic: str, newest: dict[int, tuple[int, UUID]]) -> None:
    rows = [
        {"topic": topic, "partition": partition, "kafka_offset": offset, "event_id": event_id}
        for partition, (offset, event_id) in newest.items()
    ]
    statement = insert(relay_position)
    new = statement.excluded
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["topic", "partition"],
            set_={
                "kafka_offset": new.kafka_offset,
                "event_id": new.event_id,
                "acknowledged_at": new.acknowledged_at,
            },
        ),
        rows,
    )


def _end_with(future: asyncio.Future[RecordMetadata], span: Span | None) -> None:
    """End the span with the acknowledgement; a failure counts as seen even where nobody waits for it any more."""

    def ended(answer: asyncio.Future[RecordMetadata]) -> None:
        failure = None if answer.cancelled() else answer.exception()
        if span is not None:
            if failure is not None:
                span.record_exception(failure)
            span.end()

    future.add_done_callback(ended)


async def _close(producer: AIOKafkaProducer) -> None:
    """Stop a producer that may be stuck: what it had not sent is still in the table."""
    with contextlib.suppress(Exception):
        await asyncio.wait_for(producer.stop(), 5)
