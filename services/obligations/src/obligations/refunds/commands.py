"""Refunding what was overpaid: proposed, approved by another, paid."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.claims.commands import ClaimInHand
from obligations.claims.model import Cause
from obligations.claims.rules import ZERO, derive, left_over_of
from obligations.freshness.settled import require_settled
from obligations.payments.commands import account_of, record_payment, repayments_of
from obligations.payments.model import PaymentKind
from obligations.refunds.model import Refund, RefundStatus
from obligations.refunds.refusals import NothingOverpaid, RefundAlreadyOpen, RefundNotFound
from obligations.refunds.rules import taken_from
from shared.calendar.local_days import local_day
from shared.events.positions import Position
from shared.events.publishing import publish


async def propose_refund(
    session: AsyncSession, hand: ClaimInHand, amount: Decimal | None, *, by: str, at: datetime
) -> Refund:
    """Propose to refund what is overpaid, all of it where no amount is named.

    Raises `RecalculationPending`, `NothingOverpaid`, `RefundAlreadyOpen`.
    """
    await hand.require_up_to_date(session)
    overpaid = hand.claim.overpaid or ZERO
    asked = overpaid if amount is None else amount
    if asked <= ZERO or asked > overpaid:
        raise NothingOverpaid(overpaid=overpaid, amount=asked)
    for other in await refunds_of(session, hand.claim.id):
        if other.status in (RefundStatus.PROPOSED, RefundStatus.APPROVED):
            if other.amount <= overpaid:
                raise RefundAlreadyOpen(refund_id=other.id, status=other.status.value)
            other.void("the claim owes less back than was proposed")
            session.add(other)
            await session.flush()
    refund = Refund(claim_id=hand.claim.id, amount=asked, proposed_by=by, proposed_at=at)
    session.add(refund)
    await session.flush()
    return refund


async def approve_refund(
    session: AsyncSession, hand: ClaimInHand, refund_id: UUID, positions: Iterable[Position], *, by: str, at: datetime
) -> Refund:
    """Approve what another proposed, as long as it is still owed.

    Money is about to leave: as for a demand, nothing that the funding service (`positions`) or we have said of the
    agreement may be on its way. Raises `RecalculationPending`, `SecondPersonWanted`, `FactsStillArriving`,
    `NothingOverpaid`.
    """
    await hand.require_up_to_date(session)
    refund = await _refund(session, hand, refund_id)
    refund.approve(by, at)
    await require_settled(session, hand.agreement.id, positions)
    _require_owed(hand, refund)
    session.add(refund)
    await session.flush()
    return refund


async def pay_refund(
    session: AsyncSession, hand: ClaimInHand, refund_id: UUID, paid_on: date, bank_reference: str, *, at: datetime
) -> Refund:
    """Record that an approved refund was paid; what it took back of each repayment counts as never received (assumed).

    Raises `RefundNotApproved`, `NothingOverpaid`, `PaymentAlreadyRecorded`, `PaymentInFuture`.
    """
    claim = hand.claim
    refund = await _refund(session, hand, refund_id)
    event = claim.refund_paid(refund.pay(paid_on, bank_reference), at)
    _require_owed(hand, refund)
    await record_payment(
        session,
        account=account_of(claim.institute, claim.measure),
        bank_reference=bank_reference,
        kind=PaymentKind.REFUND,
        payment_id=refund.id,
        day=paid_on,
        today=local_day(at),
    )
    await _take(session, hand, refund)
    session.add(refund)
    await publish(session, claim, event)
    await hand.recalculate(session, Cause("refund-paid", at))
    return refund


async def refunds_of(session: AsyncSession, claim_id: UUID) -> list[Refund]:
    """The refunds of a claim, the oldest first."""
    statement = select(Refund).where(col(Refund.claim_id) == claim_id).order_by(col(Refund.id))
    return list((await session.exec(statement.execution_options(populate_existing=True))).all())


async def _refund(session: AsyncSession, hand: ClaimInHand, refund_id: UUID) -> Refund:
    statement = select(Refund).where(col(Refund.id) == refund_id, col(Refund.claim_id) == hand.claim.id)
    refund = (await session.exec(statement.execution_options(populate_existing=True))).one_or_none()
    if refund is None:
        raise RefundNotFound(id=refund_id)
    return refund


def _require_owed(hand: ClaimInHand, refund: Refund) -> None:
    overpaid = hand.claim.overpaid or ZERO
    if refund.amount > overpaid:
        raise NothingOverpaid(overpaid=overpaid, amount=refund.amount)


async def _take(session: AsyncSession, hand: ClaimInHand, refund: Refund) -> None:
    """Take the refund out of the repayments, of each what it left over, the latest first.

    Raises `NothingOverpaid` where they left over less: the facts are newer than the claim's version.
    """
    left_over = left_over_of(derive(hand.facts, hand.claim.as_of, hand.known.timeline))
    taken = taken_from(left_over, refund.amount)
    if sum(taken.values(), ZERO) != refund.amount:
        raise NothingOverpaid(overpaid=sum(left_over.values(), ZERO), amount=refund.amount)
    for repayment in await repayments_of(session, hand.claim.id):
        repayment.refunded += taken.get(repayment.id, ZERO)
        session.add(repayment)
    await session.flush()
