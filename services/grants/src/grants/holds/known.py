"""What this service knows of the obligations of its agreements: a projection of others' facts that emits nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Index, Integer, Numeric, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.record import Record
from shared.contracts.obligations import (
    ObligationAmended,
    ObligationAwaited,
    ObligationBreached,
    ObligationCancelled,
    ObligationExcused,
    ObligationFulfilled,
    ObligationOpened,
    ReportWithdrawn,
)
from shared.contracts.support import Measure
from shared.events.delivery import Delivery

known_obligation = Table(
    "known_obligation",
    Record.metadata,
    Column("obligation_id", Uuid, primary_key=True),
    Column("agreement_id", Uuid, nullable=False),
    Column("indicator", Text),
    Column("reporting_year", Integer, nullable=False),
    Column("due_on", Date),
    Column("status", Text, nullable=False),
    Column("fulfilment", Numeric),
    Index("ix_known_obligation_agreement_id", "agreement_id"),
)
"""One row an obligation; `status` is active, fulfilled, breached, excused or cancelled."""

ACTIVE = "active"
"""Not evaluated yet. A breached obligation is: it holds the agreement until its cause is closed, counted apart."""


@dataclass(frozen=True, slots=True)
class KnownObligation:
    """An obligation as far as this service has heard of it."""

    obligation_id: UUID
    indicator: str | None
    reporting_year: int
    due_on: date | None
    status: str
    fulfilment: Decimal | None


async def on_obligation_opened(session: AsyncSession, event: ObligationOpened, delivery: Delivery) -> None:  # noqa: ARG001
    """An obligation is monitored from now on."""
    if event.measure is Measure.INDUSTRIAL_GRANT:
        values = {"indicator": event.indicator, "due_on": event.due_on, "status": ACTIVE}
        await _note(session, event.obligation_id, event.agreement_id, event.reporting_year, values)


async def on_obligation_amended(session: AsyncSession, event: ObligationAmended, delivery: Delivery) -> None:  # noqa: ARG001
    """An obligation is held to other terms, and may be due on another day."""
    if event.measure is Measure.INDUSTRIAL_GRANT:
        values = {"due_on": event.due_on}
        statement = update(known_obligation).where(known_obligation.c.obligation_id == event.obligation_id)
        await (await session.connection()).execute(statement.values(values))


async def on_obligation_evaluated(
    session: AsyncSession,
    event: ObligationFulfilled | ObligationBreached,
    delivery: Delivery,  # noqa: ARG001
) -> None:
    """An obligation was evaluated."""
    if event.measure is Measure.INDUSTRIAL_GRANT:
        status = "breached" if isinstance(event, ObligationBreached) else "fulfilled"
        values = {"status": status, "fulfilment": event.fulfilment}
        await _note(session, event.obligation_id, event.agreement_id, event.reporting_year, values)


async def on_obligation_lifted(
    session: AsyncSession,
    event: ObligationExcused | ObligationCancelled,
    delivery: Delivery,  # noqa: ARG001
) -> None:
    """An obligation was excused or is void."""
    if event.measure is Measure.INDUSTRIAL_GRANT:
        status = "excused" if isinstance(event, ObligationExcused) else "cancelled"
        await _note(session, event.obligation_id, event.agreement_id, event.reporting_year, {"status": status})


async def on_evaluation_void(
    session: AsyncSession,
    event: ReportWithdrawn | ObligationAwaited,
    delivery: Delivery,  # noqa: ARG001
) -> None:
    """An evaluation no longer stands: the obligation is awaited again, until it is evaluated anew."""
    evaluated = known_obligation.c.status.in_(("fulfilled", "breached"))
    statement = update(known_obligation).where(known_obligation.c.obligation_id == event.obligation_id, evaluated)
    await (await session.connection()).execute(statement.values(status=ACTIVE, fulfilment=None))


async def _note(
    session: AsyncSession, obligation_id: UUID, agreement_id: UUID, year: int, values: dict[str, Any]
) -> None:
    statement = insert(known_obligation).values(
        obligation_id=obligation_id, agreement_id=agreement_id, reporting_year=year, **values
    )
    connection = await session.connection()
    await connection.execute(statement.on_conflict_do_update(index_elements=["obligation_id"], set_=values))


async def known_obligations(session: AsyncSession, agreement_id: UUID) -> list[KnownObligation]:
    """The agreement's obligations, by year and due day."""
    columns = [known_obligation.c[name] for name in KnownObligation.__slots__]
    statement = select(*columns).where(known_obligation.c.agreement_id == agreement_id)
    ordered = statement.order_by(
        known_obligation.c.reporting_year, known_obligation.c.due_on, known_obligation.c.obligation_id
    )
    return [KnownObligation(*row) for row in (await (await session.connection()).execute(ordered)).all()]


def unsettled(agreed: Iterable[tuple[str, int]], known: Iterable[KnownObligation]) -> int:
    """Of how many agreed obligations, by indicator and year, nothing is known yet or no evaluation.

    One that the institute voided as opened in error is no longer awaited, unless another stands in its place.
    """
    heard = {(each.indicator, each.reporting_year) for each in known}
    awaited = {(each.indicator, each.reporting_year) for each in known if each.status == ACTIVE}
    return sum(each not in heard or each in awaited for each in set(agreed))
