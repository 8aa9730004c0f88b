"""Publishing: the event and its place in the outbox, in the transaction that changes the aggregate."""

from typing import Any

from sqlalchemy import insert, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.contracts.envelope import MAX_EVENT_BYTES, encode_data
from shared.contracts.event import Event
from shared.database.tables import event as event_table
from shared.database.tables import outbox
from shared.events.partitions import partition_of
from shared.events.work import work_of
from shared.record import AggregateRecord
from shared.refusals import RuleBroken


class EventTooLarge(RuleBroken):
    """The event would not fit into a message: refused here, not found out by the relay."""

    title = "Too much data for one event"
    detail = "The event {type} has {size} bytes; at most {limit} can be published."
    remedy = "Send less text or fewer items in one request."


async def publish(session: AsyncSession, aggregate: AggregateRecord, *events: Event) -> None:
    """Store the aggregate and its events, in the transaction of the session; the relay sends them after the commit.

    The sequence of an event is the aggregate's version after it: gapless from 1, because the aggregate is locked (or
    new) until the commit. The key is the agreement where the event names one, else the aggregate. The audit row names
    the aggregate, with events or without.
    """
    session.add(aggregate)
    work_of(session).aggregates.append(f"{type(aggregate).__name__}/{aggregate.id}")
    for event in events:
        aggregate.version += 1
        await session.flush()
        await _store(session, _row(session, aggregate, event))
    if not events:
        await session.flush()


async def _store(session: AsyncSession, row: dict[str, Any]) -> None:
    stored = insert(event_table).values(row).returning(event_table.c.outbox_id).cte("stored")
    connection = await session.connection()
    await connection.execute(insert(outbox).from_select(["id"], select(stored.c.outbox_id)))


def _row(session: AsyncSession, aggregate: AggregateRecord, event: Event) -> dict[str, Any]:
    work = work_of(session)
    data = event.data()
    if (size := len(encode_data(data))) > MAX_EVENT_BYTES:
        raise EventTooLarge(type=event.type, size=size, limit=MAX_EVENT_BYTES)
    key = str(data.get("agreement_id") or aggregate.id)
    return {
        "id": work.next_event_id(),
        "aggregate_type": type(aggregate).__name__,
        "aggregate_id": aggregate.id,
        "sequence": aggregate.version,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "topic": work.topic,
        "partition": partition_of(key),
        "partition_key": key,
        "institute": aggregate.institute,
        "causation_id": work.causation_id,
        "traceparent": work.traceparent,
        "data": data,
    }
