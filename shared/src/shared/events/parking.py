"""Parked events: what could not be settled in its turn, kept whole, until an operator retries or drops it."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import event_id_of
from shared.database.tables import parked
from shared.events.decoding import Arrival
from shared.events.message import Message
from shared.identity import derived_id

MAX_REASON = 2_000


async def park(connection: AsyncConnection, consumer: str, kind: str, items: Iterable[tuple[Arrival, str]]) -> None:
    """Park events with the reason; one that is parked already counts another attempt."""
    rows = [
        {
            **_message_columns(arrived.message),
            "consumer": consumer,
            "event_id": arrived.envelope.id,
            "aggregate_id": arrived.envelope.subject,
            "sequence": arrived.envelope.sequence,
            "type": arrived.envelope.type,
            "kind": kind,
            "reason": reason[:MAX_REASON],
        }
        for arrived, reason in items
    ]
    await _store(connection, rows)


async def park_undecodable(connection: AsyncConnection, consumer: str, items: Iterable[tuple[Message, str]]) -> None:
    """Park records whose envelope cannot be read; they stand for themselves, nothing waits for them."""
    rows = []
    for message, reason in items:
        place = derived_id(message.topic, message.partition, message.offset)
        rows.append(
            {
                **_message_columns(message),
                "consumer": consumer,
                "event_id": event_id_of(message.headers) or place,
                "aggregate_id": place,
                "sequence": 0,
                "type": "",
                "kind": "undecodable",
                "reason": reason[:MAX_REASON],
            }
        )
    await _store(connection, rows)


def _message_columns(message: Message) -> dict[str, Any]:
    return {
        "topic": message.topic,
        "partition": message.partition,
        "kafka_offset": message.offset,
        "key": message.key,
        "headers": message.headers_as_json(),
        "value": message.value,
    }


async def _store(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        statement = insert(parked).values(row)
        again = {"attempts": parked.c.attempts + 1, "reason": row["reason"], "kind": row["kind"]}
        await connection.execute(statement.on_conflict_do_update(index_elements=["consumer", "event_id"], set_=again))


async def waiting(connection: AsyncConnection, consumer: str, aggregates: Collection[UUID]) -> list[Row[Any]]:
    """What waits for its predecessor, of these aggregates, in order."""
    statement = (
        select(parked)
        .where(parked.c.consumer == consumer, parked.c.aggregate_id.in_(aggregates), parked.c.kind == "waiting")
        .order_by(parked.c.aggregate_id, parked.c.sequence)
    )
    return list((await connection.execute(statement)).all())


async def unpark(connection: AsyncConnection, consumer: str, events: Collection[UUID]) -> None:
    """Take events out of the parked ones, because they have been settled."""
    if events:
        await connection.execute(delete(parked).where(parked.c.consumer == consumer, parked.c.event_id.in_(events)))
