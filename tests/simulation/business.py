"""What is simulated: a service whose counters are raised, one that notes every raise, and an echo of each."""

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Table, Uuid, insert
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.contracts.event import Event
from shared.database.loading import load
from shared.events.delivery import Delivery
from shared.events.publishing import publish
from shared.events.work import Work, begin_work
from shared.record import AggregateRecord, service_registry
from shared.refusals import NotFound
from shared.service import Consumer, Service

AT = datetime(2025, 2, 3, 5, tzinfo=UTC)


class CounterRaised(Event):
    type: ClassVar[str] = "counting.counter-raised.v1"
    agreement_id: UUID
    to: int
    sick: bool = False


class EchoMade(Event):
    type: ClassVar[str] = "counting.echo-made.v1"
    to: int


class Record(AggregateRecord, registry=service_registry()):
    pass


class Counter(Record, table=True):
    __tablename__ = "counter"

    agreement_id: UUID
    value: int = Field(default=0)

    def raise_by_one(self, at: datetime, *, sick: bool) -> CounterRaised:
        self.value += 1
        return CounterRaised(agreement_id=self.agreement_id, to=self.value, sick=sick, occurred_at=at)


class Echo(Record, table=True):
    __tablename__ = "echo"


class Note(AggregateRecord, registry=service_registry()):
    pass


effect = Table(
    "effect",
    Note.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)


class Sick(ValueError):
    """A handler that cannot do with this event what it should."""


class Health:
    """Whether handlers still stumble over sick events."""

    cured = False


async def note(session: AsyncSession, event: CounterRaised, delivery: Delivery) -> None:
    envelope = delivery.envelope
    if event.sick and not Health.cured:
        raise Sick(str(envelope.id))
    row = {"event_id": envelope.id, "aggregate_id": envelope.subject, "sequence": envelope.sequence}
    await (await session.connection()).execute(insert(effect).values(row))


async def echo(session: AsyncSession, event: CounterRaised, delivery: Delivery) -> None:
    made = Echo(id=delivery.envelope.id, institute=delivery.institute)
    await publish(session, made, EchoMade(occurred_at=delivery.at, to=event.to))


NOTES = Consumer("notes", ("counting.v1",), {CounterRaised: note})
ECHOES = Consumer("echoes", ("counting.v1",), {CounterRaised: echo})
NOWHERE = Path(__file__).parent / "migrations"

counting = Service("counting", Record.metadata, NOWHERE, consumers=(ECHOES,))
noting = Service("noting", Note.metadata, NOWHERE, consumers=(NOTES,))


async def raise_counter(session: AsyncSession, counter: UUID, at: datetime, *, times: int, sick: bool) -> None:
    """The one command: raises the counter and says so, in the session's transaction."""
    begin_work(session, Work(service="counting", topic=counting.topic, actor="test", action="raise", at=at))
    found = await load(session, Counter, counter, NotFound)
    for turn in range(times):
        await publish(session, found, found.raise_by_one(at, sick=sick and turn == 0))
