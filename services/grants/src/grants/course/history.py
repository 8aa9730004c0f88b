"""Everything that happened under an agreement: its events, each with who caused it, from `event` and `audit`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row, Select, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.tables import audit, event
from shared.http.pages import PageRequest


class Happened(BaseModel):
    """One event: when it happened, about what, by whom and through which action where that is known."""

    occurred_at: datetime
    type: str
    aggregate_type: str
    aggregate_id: UUID
    sequence: int
    actor: str | None
    action: str | None
    data: dict[str, Any]


def events_of(agreement_id: UUID) -> Select[Any]:
    """The events of the agreement, its tranches and its money."""
    return select(event).where(event.c.partition_key == str(agreement_id))


async def newest(session: AsyncSession, agreement_id: UUID, limit: int) -> list[Happened]:
    """The newest events, the newest first."""
    statement = events_of(agreement_id).order_by(event.c.outbox_id.desc()).limit(limit)
    rows = (await (await session.connection()).execute(statement)).all()
    actors = await actors_of(session, rows)
    return [happened(row, actors) for row in rows]


async def event_page(session: AsyncSession, page: PageRequest, agreement_id: UUID) -> Sequence[Row[Any]]:
    """The events of a page, the newest first."""
    statement: Select[Any] = page.of(events_of(agreement_id), event.c.outbox_id, descending=True)
    rows: Sequence[Row[Any]] = (await (await session.connection()).execute(statement)).all()
    return rows


Actors = dict[tuple[str, str], tuple[str, str]]


async def actors_of(session: AsyncSession, rows: Sequence[Row[Any]]) -> Actors:
    """Who did what, by the cause of the event and the aggregate that it touched."""
    causes = {row.causation_id for row in rows if row.causation_id is not None}
    if not causes:
        return {}
    columns = (audit.c.actor, audit.c.action, audit.c.idempotency_key, audit.c.cause, audit.c.aggregates)
    statement = select(*columns).where(or_(audit.c.idempotency_key.in_(causes), audit.c.cause.in_(causes)))
    found: Actors = {}
    for actor, action, key, cause, aggregates in (await (await session.connection()).execute(statement)).all():
        found.update({(cause or key, touched): (actor, action) for touched in aggregates})
    return found


def happened(row: Row[Any], actors: Actors) -> Happened:
    """The view of an event."""
    actor, action = actors.get((row.causation_id, f"{row.aggregate_type}/{row.aggregate_id}"), (None, None))
    return Happened(
        occurred_at=row.occurred_at, type=row.type, aggregate_type=row.aggregate_type, aggregate_id=row.aggregate_id,
        sequence=row.sequence, actor=actor, action=action, data=row.data,
    )  # fmt: skip
