"""What an operator does with parked events: list, retry, drop."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select

from shared.clock import Clock
from shared.database.engine import Database
from shared.database.tables import parked
from shared.events.gates import lock_gates, settle
from shared.events.message import Message
from shared.events.settling import Settler
from shared.refusals import Conflict, NotFound
from shared.service import Consumer, Service


class ParkedEventNotFound(NotFound):
    """No such event is parked at this consumer."""

    title = "No such parked event"
    detail = "No event {event_id} is parked at the consumer {consumer}."


class EventWaits(Conflict):
    """The event is not at fault: it waits for the one before it."""

    title = "The event waits for its predecessor"
    detail = "Event {event_id} waits; retry or drop the event before it."


async def list_parked(database: Database, consumer: str | None = None) -> Sequence[Row[Any]]:
    """The parked events, the oldest first."""
    statement = select(parked).order_by(parked.c.parked_at)
    if consumer is not None:
        statement = statement.where(parked.c.consumer == consumer)
    async with database.engine.connect() as connection:
        return (await connection.execute(statement)).all()


async def retry_parked(database: Database, service: Service, consumer: Consumer, event_id: UUID, clock: Clock) -> bool:
    """Handle a parked event again, and what waited for it; True where it is no longer parked."""
    row = await _row(database, consumer, event_id)
    await Settler(database, service, consumer, clock).settle([Message.parked(row)])
    return all(left.event_id != event_id for left in await list_parked(database, consumer.name))


async def drop_parked(database: Database, service: Service, consumer: Consumer, event_id: UUID, clock: Clock) -> None:
    """Give an event up: the inbox notes it as dropped, the gate moves past it, what waited for it is settled."""
    row = await _row(database, consumer, event_id)
    if row.kind == "waiting":
        raise EventWaits(event_id=event_id)
    dropped = (parked.c.consumer == consumer.name) & (parked.c.event_id == event_id)
    async with database.engine.begin() as connection:
        key = dict(row.headers).get("ce_partitionkey", "")
        gates = (
            {} if row.kind == "undecodable" else await lock_gates(connection, consumer.name, {row.aggregate_id: key})
        )
        if (await connection.execute(delete(parked).where(dropped))).rowcount == 0:  # settled meanwhile
            raise ParkedEventNotFound(event_id=event_id, consumer=consumer.name)
        if gates:
            turn = {row.aggregate_id: row.sequence} if gates[row.aggregate_id] == row.sequence - 1 else {}
            await settle(connection, consumer.name, [(event_id, "dropped")], turn)
    for left in await list_parked(database, consumer.name):
        if left.aggregate_id == row.aggregate_id and left.kind == "waiting" and left.sequence == row.sequence + 1:
            await Settler(database, service, consumer, clock).settle([Message.parked(left)])


async def _row(database: Database, consumer: Consumer, event_id: UUID) -> Row[Any]:
    for row in await list_parked(database, consumer.name):
        if row.event_id == event_id:
            return row
    raise ParkedEventNotFound(event_id=event_id, consumer=consumer.name)
