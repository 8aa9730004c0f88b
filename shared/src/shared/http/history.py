"""Everything that happened to a thing: its events, each with who caused it, from `event` and `audit`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.tables import audit, event
from shared.events.auditing import trace_of
from shared.http.pages import Page, PageRequest


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


def under(agreement_id: UUID) -> ColumnElement[bool]:
    """The events under an agreement: its own, and those of all that bears its key."""
    return event.c.partition_key == str(agreement_id)


def about(aggregate_id: UUID) -> ColumnElement[bool]:
    """The events of one aggregate."""
    return event.c.aggregate_id == aggregate_id


async def newest(session: AsyncSession, which: ColumnElement[bool], limit: int) -> list[Happened]:
    """The newest events, the newest first."""
    statement = select(event).where(which).order_by(event.c.outbox_id.desc()).limit(limit)
    rows = (await (await session.connection()).execute(statement)).all()
    actors = await _actors(session, rows)
    return [_happened(row, actors) for row in rows]


async def story_page(session: AsyncSession, page: PageRequest, which: ColumnElement[bool]) -> Page[Happened]:
    """A page of the events, the newest first."""
    statement: Select[Any] = page.of(select(event).where(which), event.c.outbox_id, descending=True)
    rows: Sequence[Row[Any]] = (await (await session.connection()).execute(statement)).all()
    actors = await _actors(session, rows)
    return page.page(rows, lambda row: (row.outbox_id,), lambda row: _happened(row, actors))


_Actors = dict[tuple[str, str | None, str], tuple[str, str]]


async def _actors(session: AsyncSession, rows: Sequence[Row[Any]]) -> _Actors:
    """Who did what: by the cause, the trace and the aggregate, since two callers may choose the same key."""
    causes = {row.causation_id for row in rows if row.causation_id is not None}
    if not causes:
        return {}
    columns = (audit.c.actor, audit.c.action, audit.c.idempotency_key, audit.c.cause, audit.c.trace_id)
    statement = select(*columns, audit.c.aggregates).where(
        or_(audit.c.idempotency_key.in_(causes), audit.c.cause.in_(causes))
    )
    found: _Actors = {}
    for row in (await (await session.connection()).execute(statement)).all():
        who = (row.actor, row.action)
        found.update({(row.cause or row.idempotency_key, row.trace_id, touched): who for touched in row.aggregates})
    return found


def _happened(row: Row[Any], actors: _Actors) -> Happened:
    aggregate = f"{row.aggregate_type}/{row.aggregate_id}"
    actor, action = actors.get((row.causation_id, trace_of(row.traceparent), aggregate), (None, None))
    return Happened(
        occurred_at=row.occurred_at, type=row.type, aggregate_type=row.aggregate_type, aggregate_id=row.aggregate_id,
        sequence=row.sequence, actor=actor, action=action, data=row.data,
    )  # fmt: skip
