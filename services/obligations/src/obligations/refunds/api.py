"""Routes of refunds: proposed by one, approved by another, paid."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from obligations.claims.commands import take_in_hand
from obligations.claims.model import Claim
from obligations.claims.queries import visible_claim
from obligations.claims.refusals import ClaimNotFound, RecalculationPending
from obligations.freshness.asking import FundingAnswer, answered
from obligations.freshness.refusals import FactsStillArriving, FundingServiceSilent
from obligations.refunds import commands
from obligations.refunds.model import Refund, RefundStatus
from obligations.refunds.refusals import (
    NothingOverpaid,
    RefundAlreadyOpen,
    RefundNotApproved,
    RefundNotFound,
    RefundNotProposed,
)
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, allowed
from shared.database.columns import columns
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.payments import PaymentAlreadyRecorded, PaymentInFuture
from shared.two_people import SecondPersonWanted
from shared.values.dates import Day, Moment
from shared.values.money import Money, PositiveMoney
from shared.values.text import Reference

router = Router(prefix="/v1", tags=["refunds"])


class RefundProposed(BaseModel):
    """How much to refund, in tenge; all that is overpaid if absent."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveMoney | None = None


class RefundPayment(BaseModel):
    """The payment to the recipient as the bank shows it."""

    model_config = ConfigDict(extra="forbid")

    paid_on: Day
    bank_reference: Reference


class RefundView(BaseModel):
    """A refund, in tenge, and who stood for it."""

    id: UUID
    claim_id: UUID
    status: RefundStatus
    amount: Money
    proposed_by: str
    proposed_at: Moment
    approved_by: str | None
    approved_at: Moment | None
    paid_on: Day | None
    bank_reference: str | None

    @classmethod
    def of(cls, refund: Refund) -> "RefundView":
        """The view of a refund."""
        return cls.model_validate(refund, from_attributes=True)


@router.post(
    "/claims/{claim_id}/refunds",
    status_code=201,
    dependencies=[Depends(allowed(Role.OFFICER))],
    responses=refusals(ClaimNotFound, NothingOverpaid, RefundAlreadyOpen, RecalculationPending),
)
async def propose_refund(
    claim_id: UUID,
    proposed: RefundProposed,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> RefundView:
    """Propose to refund what was overpaid."""
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    refund = await commands.propose_refund(transaction, hand, proposed.amount, by=seen.subject, at=now)
    tag(response, hand.claim.version)
    return RefundView.of(refund)


@router.post(
    "/claims/{claim_id}/refunds/{refund_id}/approval",
    dependencies=[Depends(allowed(Role.APPROVER))],
    responses=refusals(
        ClaimNotFound, RefundNotFound, RefundNotProposed, SecondPersonWanted, NothingOverpaid, RecalculationPending,
        FactsStillArriving, FundingServiceSilent,
    ),
)  # fmt: skip
async def approve_refund(
    claim_id: UUID,
    refund_id: UUID,
    funding: FundingAnswer,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> RefundView:
    """Approve a refund that another officer proposed; refused while facts are still on their way."""
    positions = answered(funding)
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    refund = await commands.approve_refund(transaction, hand, refund_id, positions, by=seen.subject, at=now)
    tag(response, hand.claim.version)
    return RefundView.of(refund)


@router.post(
    "/claims/{claim_id}/refunds/{refund_id}/payment",
    dependencies=[Depends(allowed(Role.OFFICER))],
    responses=refusals(
        ClaimNotFound, RefundNotFound, RefundNotApproved, NothingOverpaid, PaymentAlreadyRecorded, PaymentInFuture
    ),
)
async def pay_refund(
    claim_id: UUID,
    refund_id: UUID,
    payment: RefundPayment,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> RefundView:
    """Record that an approved refund was paid to the recipient."""
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    refund = await commands.pay_refund(transaction, hand, refund_id, payment.paid_on, payment.bank_reference, at=now)
    tag(response, hand.claim.version)
    return RefundView.of(refund)


@router.get("/claims/{claim_id}/refunds", dependencies=[Depends(allowed(*READERS))], responses=refusals(ClaimNotFound))
async def list_refunds(
    claim_id: UUID,
    reading: Reading,
    seen: Seen,
    page: WantedPage,
    status: Annotated[RefundStatus | None, Query()] = None,
) -> Page[RefundView]:
    """List the refunds of a claim, the oldest first."""
    claim = await visible_claim(reading, claim_id, seen)
    statement = select(Refund).where(col(Refund.claim_id) == claim.id)
    if status is not None:
        statement = statement.where(col(Refund.status) == status)
    rows = (await reading.exec(page.of(statement, columns(Refund).id))).all()
    return page.page(rows, lambda refund: (refund.id,), RefundView.of)
