"""Routes of repayments."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from obligations.claims.commands import take_in_hand
from obligations.claims.model import Claim
from obligations.claims.queries import visible_claim
from obligations.claims.refusals import ClaimNotFound
from obligations.payments.model import Repayment
from obligations.repayments import commands
from obligations.repayments.refusals import ReceivedBeforeDisbursement
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, allowed
from shared.database.columns import columns
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.payments import PaymentAlreadyRecorded, PaymentInFuture
from shared.values.dates import Day, Moment
from shared.values.money import Money, PositiveMoney
from shared.values.text import Reference

router = Router(prefix="/v1", tags=["repayments"])


class RepaymentRecorded(BaseModel):
    """A repayment as the bank shows it: tenge above zero, the day, the bank's reference."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveMoney
    received_on: Day
    bank_reference: Reference

    def incoming(self) -> commands.Incoming:
        """The same for the command."""
        return commands.Incoming(self.amount, self.received_on, self.bank_reference)


class RepaymentView(BaseModel):
    """Money that came back, in tenge, and what it covered when it was recorded; `refunded` of it went out again.

    `to_principal`, `to_interest` and `overpaid` are absent while it is `unallocated`: a base rate is not known yet.
    """

    id: UUID
    claim_id: UUID
    amount: Money
    unallocated: bool
    to_principal: Money | None
    to_interest: Money | None
    overpaid: Money | None
    refunded: Money
    received_on: Day
    bank_reference: str
    recorded_by: str
    recorded_at: Moment

    @classmethod
    def of(cls, repayment: Repayment) -> "RepaymentView":
        """The view of a repayment."""
        return cls.model_validate(repayment, from_attributes=True)


@router.post(
    "/claims/{claim_id}/repayments",
    status_code=201,
    dependencies=[Depends(allowed(Role.OFFICER))],
    responses=refusals(ClaimNotFound, PaymentAlreadyRecorded, PaymentInFuture, ReceivedBeforeDisbursement),
)
async def record_repayment(
    claim_id: UUID, recorded: RepaymentRecorded, transaction: Transaction, seen: Seen, now: Now
) -> RepaymentView:
    """Record money that came back on a claim; a bank reference counts once for an account.

    Where the base rate of its day is not known, the money is recorded unallocated and allocated once the rate is.
    """
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    return RepaymentView.of(
        await commands.record_repayment(transaction, hand, recorded.incoming(), by=seen.subject, at=now)
    )


@router.get(
    "/claims/{claim_id}/repayments", dependencies=[Depends(allowed(*READERS))], responses=refusals(ClaimNotFound)
)
async def list_repayments(
    claim_id: UUID,
    reading: Reading,
    seen: Seen,
    page: WantedPage,
    received_from: Annotated[Day | None, Query()] = None,
    received_to: Annotated[Day | None, Query()] = None,
    bank_reference: Annotated[Reference | None, Query()] = None,
) -> Page[RepaymentView]:
    """List what came back on a claim, in the order in which it was recorded; both days are included."""
    claim = await visible_claim(reading, claim_id, seen)
    statement = select(Repayment).where(col(Repayment.claim_id) == claim.id)
    if received_from is not None:
        statement = statement.where(col(Repayment.received_on) >= received_from)
    if received_to is not None:
        statement = statement.where(col(Repayment.received_on) <= received_to)
    if bank_reference is not None:
        statement = statement.where(col(Repayment.bank_reference) == bank_reference)
    rows = (await reading.exec(page.of(statement, columns(Repayment).ordinal))).all()
    return page.page(rows, lambda repayment: (repayment.ordinal,), RepaymentView.of)
