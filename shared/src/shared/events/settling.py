"""Settling a batch: gates locked, inbox asked, handlers run, inbox and gates written, in one transaction."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import Clock
from shared.contracts.envelope import EnvelopeUnreadable
from shared.database.engine import Database
from shared.database.failures import is_transient
from shared.events import parking
from shared.events.auditing import record_audit
from shared.events.decoding import Arrival, arrival, read_event
from shared.events.delivery import Delivery
from shared.events.gates import Verdict, judge, known_events, lock_gates, settle
from shared.events.message import Message
from shared.events.work import Work, begin_work, work_of
from shared.failpoints import failpoint
from shared.service import Consumer, Service
from shared.telemetry.spans import current_traceparent, span

log = structlog.get_logger()


Then = Callable[[AsyncConnection], Awaitable[None]]


async def _nothing(_: AsyncConnection) -> None:
    return


class HandlingFailed(Exception):
    """A handler could not settle this event; the transaction of its batch is undone."""

    def __init__(self, arrived: Arrival, cause: BaseException) -> None:
        self.arrived = arrived
        self.cause = cause
        super().__init__(f"{arrived.envelope.type} {arrived.envelope.id}: {cause!r}")


@dataclass
class _Batch:
    """What one transaction has found and done so far."""

    gates: dict[UUID, int]
    known: set[UUID]
    waiting: dict[UUID, dict[int, Arrival]]
    outcomes: list[tuple[UUID, str]] = field(default_factory=list)
    moved: dict[UUID, int] = field(default_factory=dict)
    unparked: list[UUID] = field(default_factory=list)


class Settler:
    """Settles the messages of one consumer, each exactly once and in its aggregate's order."""

    def __init__(self, database: Database, service: Service, consumer: Consumer, clock: Clock) -> None:
        self._database = database
        self._service = service
        self._consumer = consumer
        self._clock = clock
        self._handlers = {kind.type: handler for kind, handler in consumer.handlers.items()}
        self._types = {kind.type: kind for kind in consumer.handlers}

    async def settle(self, messages: Sequence[Message], then: Then = _nothing) -> None:
        """Settle a batch. An event that fails by itself is parked and the batch begins anew without it.

        `then` is done in the same transaction, where the batch is settled as a whole.

        Raises what is transient (`is_transient`): then nothing of the batch has happened.
        """
        arrivals = await self._decode(messages)
        poisoned: set[UUID] = set()
        while arrivals:
            try:
                await self._settle_at_once(arrivals, poisoned, then)
                return
            except HandlingFailed as failed:
                await self._park(failed.arrived, failed.cause)
                poisoned.add(failed.arrived.envelope.id)
            except Exception as failure:
                if is_transient(failure):
                    raise
                await self._settle_apart(arrivals, failure)
                return

    async def _settle_apart(self, arrivals: Sequence[Arrival], failure: Exception) -> None:
        """A failure that no event can be blamed for (at the commit, say): halve the batch until it is one event's."""
        if len(arrivals) == 1:
            await self._park(arrivals[0], failure)
            return
        middle = len(arrivals) // 2
        for half in (arrivals[:middle], arrivals[middle:]):
            await self.settle([arrived.message for arrived in half])

    async def _decode(self, messages: Sequence[Message]) -> list[Arrival]:
        arrivals: list[Arrival] = []
        unreadable: list[tuple[Message, str]] = []
        for message in messages:
            try:
                arrivals.append(arrival(message))
            except EnvelopeUnreadable as wrong:
                unreadable.append((message, str(wrong)))
        if unreadable:
            async with self._database.engine.begin() as connection:
                await parking.park_undecodable(connection, self._consumer.name, unreadable)
            log.error("undecodable records parked", consumer=self._consumer.name, count=len(unreadable))
        return arrivals

    async def _park(self, arrived: Arrival, cause: BaseException) -> None:
        async with self._database.engine.begin() as connection:
            await parking.park(connection, self._consumer.name, "poisoned", [(arrived, repr(cause))])
        log.error(
            "event parked",
            consumer=self._consumer.name,
            event_id=str(arrived.envelope.id),
            type=arrived.envelope.type,
            because=repr(cause),
        )

    async def _settle_at_once(self, arrivals: Sequence[Arrival], poisoned: set[UUID], then: Then) -> None:
        links = [arrived.envelope.traceparent for arrived in arrivals]
        at = self._clock.now()
        with span(f"settle {self._consumer.name}", kind=SpanKind.CONSUMER, links=links):
            async with self._database.sessions() as session, session.begin():
                connection = await session.connection()
                batch = await self._open(connection, arrivals)
                for arrived in arrivals:
                    if arrived.envelope.id not in poisoned:
                        await self._admit(session, connection, batch, arrived, at, poisoned)
                failpoint("consumer.before_inbox")
                await settle(connection, self._consumer.name, batch.outcomes, batch.moved)
                await parking.unpark(connection, self._consumer.name, batch.unparked)
                await then(connection)
                failpoint("consumer.before_commit")
        failpoint("consumer.after_commit")

    async def _open(self, connection: AsyncConnection, arrivals: Sequence[Arrival]) -> _Batch:
        aggregates = {arrived.envelope.subject: arrived.envelope.partition_key for arrived in arrivals}
        gates = await lock_gates(connection, self._consumer.name, aggregates)
        known = await known_events(connection, self._consumer.name, [arrived.envelope.id for arrived in arrivals])
        waiting: dict[UUID, dict[int, Arrival]] = defaultdict(dict)
        for row in await parking.waiting(connection, self._consumer.name, list(aggregates)):
            waiting[row.aggregate_id][row.sequence] = arrival(Message.parked(row))
        return _Batch(gates, known, waiting)

    async def _admit(
        self,
        session: AsyncSession,
        connection: AsyncConnection,
        batch: _Batch,
        arrived: Arrival,
        at: datetime,
        poisoned: set[UUID],
    ) -> None:
        """Do what the gate says of this event; what waited for it is drained in its turn."""
        envelope = arrived.envelope
        settled = batch.gates[envelope.subject]
        verdict = judge(settled=settled, known=envelope.id in batch.known, sequence=envelope.sequence)
        if verdict is Verdict.WAIT:
            await parking.park(connection, self._consumer.name, "waiting", [(arrived, f"settled up to {settled}")])
            batch.waiting[envelope.subject][envelope.sequence] = arrived
        elif verdict is Verdict.FORKED:
            await parking.park(connection, self._consumer.name, "forked", [(arrived, f"settled up to {settled}")])
            log.error("forked event parked", consumer=self._consumer.name, event_id=str(envelope.id))
        elif verdict is Verdict.SETTLE:
            turn: Arrival | None = arrived
            while turn is not None and turn.envelope.id not in poisoned:
                await self._settle_one(session, batch, turn, at)
                turn = batch.waiting[envelope.subject].pop(batch.gates[envelope.subject] + 1, None)

    async def _settle_one(self, session: AsyncSession, batch: _Batch, arrived: Arrival, at: datetime) -> None:
        envelope = arrived.envelope
        outcome = "handled" if await self._handle(session, arrived, at) else "ignored"
        batch.known.add(envelope.id)
        batch.outcomes.append((envelope.id, outcome))
        batch.unparked.append(envelope.id)
        batch.gates[envelope.subject] = batch.moved[envelope.subject] = envelope.sequence

    async def _handle(self, session: AsyncSession, arrived: Arrival, at: datetime) -> bool:
        """Run the handler of the event's type; False where the consumer has none. Raises `HandlingFailed`."""
        envelope = arrived.envelope
        if envelope.type not in self._handlers:
            return False
        with span(
            f"handle {envelope.type}",
            kind=SpanKind.CONSUMER,
            parent=envelope.traceparent,
            attributes={"messaging.message.id": str(envelope.id), "tirek.consumer": self._consumer.name},
        ):
            begin_work(session, self._work(arrived, at))
            try:
                event = read_event(arrived, self._types)
                await self._handlers[envelope.type](session, event, Delivery(envelope, at))
                if work_of(session).aggregates:
                    await record_audit(session)
                await session.flush()
            except Exception as failure:
                if is_transient(failure):
                    raise
                raise HandlingFailed(arrived, failure) from failure
        return True

    def _work(self, arrived: Arrival, at: datetime) -> Work:
        envelope = arrived.envelope
        return Work(
            service=self._service.name,
            topic=self._service.topic,
            actor=f"{self._service.name}/{self._consumer.name}",
            action=f"handle {envelope.type}",
            at=at,
            clock=self._clock,
            institute=envelope.institute,
            traceparent=current_traceparent() or envelope.traceparent,
            cause=(self._consumer.name, envelope.id),
        )
