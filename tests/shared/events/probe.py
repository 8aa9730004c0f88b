"""A service for the tests of messaging: counters that are raised, and a consumer that notes every effect it has."""

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Table, Text, Uuid, insert
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.contracts.event import Event
from shared.events.delivery import Delivery
from shared.events.publishing import publish
from shared.record import AggregateRecord, service_registry
from shared.service import Consumer, Service


class CounterRaised(Event):
    type: ClassVar[str] = "probe.counter-raised.v1"
    agreement_id: UUID
    to: int
    poison: bool = False
    words: str = ""


class EchoMade(Event):
    type: ClassVar[str] = "probe.echo-made.v1"
    to: int


class Record(AggregateRecord, registry=service_registry()):
    pass


class Counter(Record, table=True):
    __tablename__ = "counter"

    agreement_id: UUID
    value: int = Field(default=0)

    def raise_by_one(self, at: datetime, *, poison: bool = False, words: str = "") -> CounterRaised:
        self.value += 1
        raised = {"agreement_id": self.agreement_id, "to": self.value, "poison": poison, "words": words}
        return CounterRaised.model_validate({**raised, "occurred_at": at})


class Echo(Record, table=True):
    __tablename__ = "echo"


effect = Table(
    "effect",
    Record.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("to", BigInteger, nullable=False),
)

cured = Path("/nonexistent")


async def note(session: AsyncSession, event: CounterRaised, delivery: Delivery) -> None:
    if event.poison and not cured.exists():
        raise ValueError("poisoned")
    envelope = delivery.envelope
    row = {"consumer": "notes", "event_id": envelope.id, "aggregate_id": envelope.subject, "to": event.to}
    await (await session.connection()).execute(insert(effect).values(row))


async def echo(session: AsyncSession, event: CounterRaised, delivery: Delivery) -> None:
    made = Echo(id=delivery.envelope.id, institute=delivery.institute)
    await publish(session, made, EchoMade(occurred_at=delivery.at, to=event.to))


NOTES = Consumer("notes", ("probe.v1",), {CounterRaised: note})
ECHOES = Consumer("echoes", ("probe.v1",), {CounterRaised: echo})

service = Service(
    name="probe",
    metadata=Record.metadata,
    migrations=Path(__file__).parent / "probe_migrations",
    consumers=(NOTES, ECHOES),
)

AT = datetime(2025, 2, 3, 5, tzinfo=UTC)

if __name__ == "__main__":
    from shared.settings import ServiceSettings
    from shared.worker.run import run

    run(service, ServiceSettings.load())
