"""How far a stream has come: the last sequence of every aggregate under a key, and what a consumer has not settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.tables import event, gate, outbox


@dataclass(frozen=True, slots=True)
class Position:
    """The last sequence that an aggregate has published."""

    aggregate_id: UUID
    sequence: int


async def positions(session: AsyncSession, partition_key: str) -> list[Position]:
    """The position of every aggregate whose events bear this key (an agreement's id, say)."""
    statement = (
        select(event.c.aggregate_id, func.max(event.c.sequence))
        .where(event.c.partition_key == partition_key)
        .group_by(event.c.aggregate_id)
        .order_by(event.c.aggregate_id)
    )
    rows = (await (await session.connection()).execute(statement)).all()
    return [Position(aggregate_id, sequence) for aggregate_id, sequence in rows]


async def behind(session: AsyncSession, consumers: Sequence[str], asked: Iterable[Position]) -> list[Position]:
    """Those of the positions that some of the consumers have not settled yet; empty when all have come as far."""
    wanted = {position.aggregate_id: position.sequence for position in asked}
    statement = select(gate.c.consumer, gate.c.aggregate_id, gate.c.settled_sequence).where(
        gate.c.consumer.in_(consumers), gate.c.aggregate_id.in_(wanted)
    )
    rows = (await (await session.connection()).execute(statement)).all()
    settled = {(consumer, aggregate_id): sequence for consumer, aggregate_id, sequence in rows}
    return [
        Position(aggregate_id, sequence)
        for aggregate_id, sequence in wanted.items()
        if any(settled.get((consumer, aggregate_id), 0) < sequence for consumer in consumers)
    ]


async def unsent(session: AsyncSession, partition_key: str) -> int:
    """How many events of this key the broker has not acknowledged yet."""
    statement = (
        select(func.count())
        .select_from(outbox.join(event, event.c.outbox_id == outbox.c.id))
        .where(event.c.partition_key == partition_key)
    )
    return int((await (await session.connection()).execute(statement)).scalar_one())
