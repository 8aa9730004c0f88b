"""Recalculations that a changed rate has left to do: one row an agreement and cause, gone with the recalculation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, UniqueConstraint, Uuid, func, literal
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Text, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import lock_agreement
from obligations.agreements.model import Agreement
from obligations.agreements.queries import agreement_of
from obligations.claims.model import Cause, Claim
from obligations.claims.recalculation import recalculate
from obligations.claims.refusals import RecalculationPending
from obligations.rates.model import BaseRate, RateCoverage
from obligations.record import Entry, table_of
from shared.database.columns import Instant
from shared.events.positions import Position, behind
from shared.events.work import work_of
from shared.worker.due import next_due


class PendingRecalculation(Entry, table=True):
    """The claims of an agreement are to be looked at because of an event; while it is there, their figures may change.

    `traceparent` is that of the event's handling, so that what the recalculation publishes stands in the same trace.
    """

    __tablename__ = "pending_recalculation"
    __table_args__ = (UniqueConstraint("agreement_id", "event_id"),)

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    agreement_id: UUID = Field(sa_type=Uuid)
    event_id: UUID = Field(sa_type=Uuid)
    trigger: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    traceparent: str | None = Field(default=None, sa_type=Text)
    asked_at: datetime = Field(sa_type=Instant, index=True)


async def ask_where(session: AsyncSession, condition: ColumnElement[bool], cause: Cause) -> None:
    """Leave the agreements whose claims meet a condition to the job, in one statement, however many they are."""
    agreements = select(Claim.agreement_id).where(condition).distinct().subquery()
    asked = {
        "id": func.uuidv7(),
        "agreement_id": agreements.c.agreement_id,
        "event_id": literal(cause.event_id, Uuid),
        "trigger": literal(cause.trigger, Text),
        "reason": literal(cause.reason, Text),
        "traceparent": literal(work_of(session).traceparent, Text),
        "asked_at": literal(cause.at, Instant),
    }
    statement = insert(table_of(PendingRecalculation)).from_select(list(asked), select(*asked.values()))
    await (await session.connection()).execute(statement.on_conflict_do_nothing())


async def recalculate_pending(session: AsyncSession, at: datetime) -> bool:
    """Look at the claims of one agreement that waits; only those affected get a version. False where none waits."""
    pending = await next_due(session, PendingRecalculation, by=col(PendingRecalculation.asked_at))
    if pending is None:
        return False
    await lock_agreement(session, pending.agreement_id)
    work = work_of(session)
    work.cause = (f"recalculation of {pending.agreement_id}", pending.event_id)
    work.traceparent = pending.traceparent or work.traceparent
    agreement = await agreement_of(session, pending.agreement_id)
    cause = Cause(pending.trigger, at, pending.event_id, pending.reason)
    years = select(Claim.reporting_year).where(col(Claim.agreement_id) == agreement.id)
    for year in (await session.exec(years.order_by(col(Claim.reporting_year)))).all():
        await recalculate(session, agreement, year, cause)
    await session.delete(pending)
    await session.flush()
    return True


async def count_pending(session: AsyncSession, agreement_id: UUID) -> int:
    """How many recalculations of an agreement are still to be done."""
    statement = select(func.count()).where(col(PendingRecalculation.agreement_id) == agreement_id)
    return (await session.exec(statement)).one()


async def require_none_pending(session: AsyncSession, of: ColumnElement[bool]) -> None:
    """Raise `RecalculationPending` where the claims of an agreement that meets the condition may still change."""
    statement = (
        select(PendingRecalculation.trigger)
        .join(Agreement, col(Agreement.id) == col(PendingRecalculation.agreement_id))
        .where(of)
        .limit(1)
    )
    trigger = (await session.exec(statement)).first()
    if trigger is not None:
        raise RecalculationPending(trigger=trigger)


async def rates_unheard(session: AsyncSession, of: ColumnElement[bool]) -> list[Position]:
    """The rates that recovery has not heard of yet, where an agreement that meets the condition has claims at all."""
    claimed = select(Claim.id).join(Agreement, col(Agreement.id) == col(Claim.agreement_id)).where(of).limit(1)
    if (await session.exec(claimed)).first() is None:
        return []
    told: list[Position] = []
    for kind in (BaseRate, RateCoverage):
        rows = await session.exec(select(kind.id, kind.version).where(col(kind.version) > 0))
        told += [Position(id_, version) for id_, version in rows.all()]
    return await behind(session, ("recovery",), told)
