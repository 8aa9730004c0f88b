"""What is open of an agreement or a recipient: breaches that are neither lifted nor settled, and what is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.model import Agreement
from obligations.claims.model import Claim
from obligations.claims.pending import count_pending, rates_unheard, require_none_pending
from obligations.claims.refusals import RecalculationPending
from obligations.claims.status import CLOSED
from obligations.freshness.settled import facts_behind
from obligations.obligations.model import Obligation, ObligationStatus
from obligations.obligations.queries import due_and_not_evaluated
from shared.calendar.local_days import local_day
from shared.contracts.support import Measure
from shared.events.positions import Position, unsent


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """A breached obligation whose claim is not settled: the cause of a hold. `since` is when it was evaluated last."""

    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    institute: str
    reporting_year: int
    since: datetime


@dataclass(frozen=True, slots=True)
class AgreementStanding:
    """Whether money may go out: only where nothing is behind, open, due, unsent or to be calculated anew."""

    behind: Sequence[Position]
    open_breaches: Sequence[OpenBreach]
    due_not_evaluated: int
    unsent: int
    recalculations: int
    known: bool

    @property
    def settled(self) -> bool:
        """Whether the agreement is known, and all that was seen or said here about it has been dealt with."""
        return self.known and not self.behind and not self.recalculations


async def standing_of(
    session: AsyncSession, agreement_id: UUID, seen: Sequence[Position], at: datetime
) -> AgreementStanding:
    """The standing of an agreement, given how far the funding service's own events go."""
    late = await facts_behind(session, agreement_id, seen)
    rates = await rates_unheard(session, col(Agreement.id) == agreement_id)
    return AgreementStanding(
        behind=[*late, *rates],
        open_breaches=await open_breaches(session, col(Obligation.agreement_id) == agreement_id),
        due_not_evaluated=await _not_evaluated(session, agreement_id, local_day(at)),
        unsent=await unsent(session, str(agreement_id)),
        recalculations=await count_pending(session, agreement_id),
        known=await session.get(Agreement, agreement_id) is not None,
    )


async def open_breaches_of_recipient(session: AsyncSession, recipient_id: UUID) -> list[OpenBreach]:
    """What is open of a recipient; raises `RecalculationPending` where a closed claim may be about to open again."""
    of = col(Agreement.recipient_id) == recipient_id
    await require_none_pending(session, of)
    if await rates_unheard(session, of):
        raise RecalculationPending(trigger="base-rate")
    return await open_breaches(session, col(Obligation.recipient_id) == recipient_id)


async def open_breaches(session: AsyncSession, condition: ColumnElement[bool]) -> list[OpenBreach]:
    """The breached obligations of a condition whose year's claim is not closed, by figures that are known."""
    closed = exists().where(
        col(Claim.agreement_id) == col(Obligation.agreement_id),
        col(Claim.reporting_year) == col(Obligation.reporting_year),
        col(Claim.status).in_(CLOSED),
        col(Claim.refusal).is_(None),
    )
    statement = (
        select(Obligation)
        .where(condition, col(Obligation.status) == ObligationStatus.BREACHED, ~closed)
        .order_by(col(Obligation.agreement_id), col(Obligation.reporting_year), col(Obligation.id))
    )
    return [
        OpenBreach(
            obligation_id=one.id,
            agreement_id=one.agreement_id,
            measure=one.measure,
            institute=one.institute,
            reporting_year=one.reporting_year,
            since=one.evaluated_at or one.opened_at,
        )
        for one in (await session.exec(statement)).all()
    ]


async def _not_evaluated(session: AsyncSession, agreement_id: UUID, today: date) -> int:
    statement = select(func.count()).where(col(Obligation.agreement_id) == agreement_id, due_and_not_evaluated(today))
    return (await session.exec(statement)).one()
