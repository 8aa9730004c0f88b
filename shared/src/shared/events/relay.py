"""The relay: pending outbox rows in id order to Kafka; exactly those acknowledged are deleted."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from uuid import UUID

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata
from opentelemetry.instrumentation.utils import suppress_instrumentation
from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.engine import Database
from shared.database.tables import relay_position
from shared.events.broker import Broker
from shared.events.closing import close_within, is_cancelled, next_pause
from shared.events.lease import Lease, stopped_within
from shared.events.memory import BrokerForgot, RecordsUnknown, queue_again, verify
from shared.events.sending import Sender, Sent, pending
from shared.failpoints import failpoint
from shared.service import Service

log = structlog.get_logger()

BATCH = 1000
POLL_SECONDS = 0.25
"""How long a commit waits whose wake-up was lost; all others wake the relay at once."""

READ_BACK_SECONDS = 30.0
"""How long a loss at the broker may stay unnoticed, with something to send or without."""

_ACKNOWLEDGED = text("delete from outbox where id = any(:numbers)").bindparams(
    bindparam("numbers", type_=ARRAY(BigInteger))
)


class Relay:
    """Sends a service's events; one at a time per service, by its lease. Set `wake` after a commit in this process."""

    def __init__(self, database: Database, service: Service, broker: Broker) -> None:
        self._database = database
        self._service = service
        self._broker = broker
        self._client_id = f"{service.name}-relay"
        self.wake = asyncio.Event()
        self.halted: RecordsUnknown | None = None
        self.sent = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; whatever fails, begin anew from the table after a pause."""
        pause = 0.1
        while not stop.is_set():
            begun = asyncio.get_running_loop().time()
            lease = Lease(self._database, self.wake)
            try:
                if await lease.acquire(stop):
                    await self._hold(lease, stop)
                pause = 0.1
            except RecordsUnknown as unknown:
                self.halted = unknown
                log.error("the relay stands still until `tirek events reconcile`", unknown=len(unknown.unknown))
                pause = 5.0
            except (Exception, asyncio.CancelledError) as failure:  # the table holds what was not acknowledged
                if is_cancelled():
                    raise
                log.warning("the relay begins anew", service=self._service.name, because=repr(failure))
                pause = next_pause(pause, asyncio.get_running_loop().time() - begun)
            finally:
                await lease.release()
            await stopped_within(stop, pause * random.uniform(0.5, 1.0))  # noqa: S311

    async def _hold(self, lease: Lease, stop: asyncio.Event) -> None:
        """Send with one producer after another while the lease is held."""
        while not stop.is_set() and not lease.lost():
            with suppress_instrumentation():
                try:
                    last = await self._verified(lease)
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
                    await close_within(5, producer.stop())

    async def _verified(self, lease: Lease) -> dict[int, int]:
        """The last offset of each partition, noted: whoever has read up to there is told if it is lost after this.

        An acknowledgement may have been lost after its records were read by others; sent again behind themselves, they
        would hide that these are gone.
        """
        found = await verify(self._database, self._broker, self._service.topic, client_id=self._client_id)
        if found:
            async with self._database.engine.begin() as connection:
                await lease.check(connection)
                newest = {partition: (last.offset, last.event_id) for partition, last in found.items()}
                await _remember(connection, self._service.topic, newest)
        return {partition: last.offset for partition, last in found.items()}

    async def _pump(self, producer: AIOKafkaProducer, lease: Lease, last: dict[int, int], stop: asyncio.Event) -> None:
        """Read, send, settle; the next batch is read and sent while the one before waits for its acknowledgements."""
        sender = Sender(producer, self._broker.topic(self._service.topic), self._service.source, lease.epoch)
        settling: asyncio.Task[None] | None = None
        in_flight: list[int] = []
        loop = asyncio.get_running_loop()
        until = loop.time() + READ_BACK_SECONDS
        try:
            while not stop.is_set() and not lease.lost() and loop.time() < until:
                self.wake.clear()
                rows = await pending(self._database.engine, in_flight, BATCH)
                if rows:
                    failpoint("relay.after_read")
                sent = await sender.send(rows)
                if rows:
                    failpoint("relay.after_send")
                if settling is not None:
                    await settling
                in_flight = [row["outbox_id"] for row in rows]
                settling = asyncio.create_task(self._settle(lease, sent, last)) if rows else None
                if not rows:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
            if settling is not None:
                await settling
        finally:
            if settling is not None and not settling.done():
                settling.cancel()
                await asyncio.gather(settling, return_exceptions=True)

    async def _settle(self, lease: Lease, sent: Sequence[Sent], last: dict[int, int]) -> None:
        """Delete exactly the acknowledged rows, and remember the last acknowledgement of each partition.

        The first failure is raised after that, so that the caller throws the producer away and reads again.
        """
        answers = await asyncio.gather(*(part.acknowledged for part in sent), return_exceptions=True)
        failpoint("relay.after_ack")
        done = [(part, ack) for part, ack in zip(sent, answers, strict=True) if isinstance(ack, RecordMetadata)]
        newest: dict[int, tuple[int, UUID | None]] = {}
        for part, ack in done:
            before = newest[part.partition][0] if part.partition in newest else last.get(part.partition, -1)
            if ack.offset < 0 or ack.offset <= before:
                raise BrokerForgot(part.partition)
            newest[part.partition] = part.last(ack)
        if done:
            numbers = [row["outbox_id"] for part, _ in done for row in part.rows]
            async with self._database.engine.begin() as connection:
                await lease.check(connection)
                await connection.execute(_ACKNOWLEDGED, {"numbers": numbers})
                await _remember(connection, self._service.topic, newest)
            last |= {partition: offset for partition, (offset, _) in newest.items()}
            self.sent += len(numbers)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer


async def _remember(connection: AsyncConnection, topic: str, newest: dict[int, tuple[int, UUID | None]]) -> None:
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
