"""Obligations as others read them: of a year, of an agreement, of a caller."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import lock_agreement
from obligations.fulfilment import ObligationLevel
from obligations.obligations.model import Obligation, ObligationStatus
from obligations.obligations.refusals import ObligationNotFound
from obligations.visibility import Sight
from shared.database.loading import load

UNDECIDED = (ObligationStatus.ACTIVE, ObligationStatus.REPORTED)


async def obligations_of(
    session: AsyncSession, agreement_id: UUID, reporting_year: int | None = None
) -> Sequence[Obligation]:
    """The agreement's obligations, of one year or of all, read afresh, in a fixed order."""
    statement = select(Obligation).where(col(Obligation.agreement_id) == agreement_id)
    if reporting_year is not None:
        statement = statement.where(col(Obligation.reporting_year) == reporting_year)
    statement = statement.order_by(col(Obligation.reporting_year), col(Obligation.id))
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


def levels_of(obligations: Sequence[Obligation]) -> list[ObligationLevel]:
    """The obligations of a year as `fulfilment_of_year` takes them; cancelled ones are not among them."""
    return [
        ObligationLevel(obligation.direction, obligation.weight, obligation.exact_level)
        for obligation in obligations
        if obligation.status is not ObligationStatus.CANCELLED
    ]


async def visible_obligation(session: AsyncSession, obligation_id: UUID, sight: Sight) -> Obligation:
    """The obligation, if the caller may see it; raises `ObligationNotFound`."""
    statement = select(Obligation).where(col(Obligation.id) == obligation_id, sight.of(Obligation))
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise ObligationNotFound(id=obligation_id)
    return found


async def obligation_to_change(session: AsyncSession, obligation_id: UUID, sight: Sight) -> Obligation:
    """The obligation, locked, its agreement first, if the caller may see it; raises `ObligationNotFound`."""
    seen = select(Obligation.agreement_id).where(col(Obligation.id) == obligation_id, sight.of(Obligation))
    agreement_id = (await session.exec(seen)).one_or_none()
    if agreement_id is None:
        raise ObligationNotFound(id=obligation_id)
    await lock_agreement(session, agreement_id)
    return await load(session, Obligation, obligation_id, ObligationNotFound)


def due_and_not_evaluated(today: date) -> ColumnElement[bool]:
    """The condition that an obligation ought to have been evaluated by the end of yesterday, and has not been."""
    past = func.coalesce(col(Obligation.grace_until), col(Obligation.due_on)) < today
    return and_(
        or_(col(Obligation.status).in_(UNDECIDED), col(Obligation.evaluation_refusal).is_not(None)),
        or_(past, col(Obligation.status) == ObligationStatus.REPORTED),
        col(Obligation.status) != ObligationStatus.CANCELLED,
    )
