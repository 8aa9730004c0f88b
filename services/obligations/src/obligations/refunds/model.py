"""The refund: proposed by one, approved by another, paid with the bank's reference."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from obligations.record import Entry
from obligations.refunds.refusals import RefundNotApproved, RefundNotProposed
from shared.database.columns import Instant, Tenge, TextEnum
from shared.identity import new_id
from shared.two_people import require_another


class RefundStatus(StrEnum):
    """A refund that is no longer owed before it is paid is void."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"
    VOID = "void"


class Refund(Entry, table=True):
    """What goes back of a claim's overpayment, in tenge; approval covers the amount."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("status in ('proposed', 'approved', 'paid', 'void')", name="status_known"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("approved_by is null or approved_by <> proposed_by", name="two_people"),
        CheckConstraint("status not in ('approved', 'paid') or approved_by is not null", name="approved_by_somebody"),
        CheckConstraint("(status = 'paid') = (bank_reference is not null)", name="paid_with_reference"),
        Index(
            "uq_refund_one_open", "claim_id", unique=True, postgresql_where=text("status in ('proposed', 'approved')")
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    claim_id: UUID = Field(sa_type=Uuid, foreign_key="claim.id", index=True)
    status: RefundStatus = Field(default=RefundStatus.PROPOSED, sa_type=TextEnum(RefundStatus))
    amount: Decimal = Field(sa_type=Tenge)
    proposed_by: str = Field(sa_type=Text)
    proposed_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = Field(sa_type=Text, default=None)
    approved_at: datetime | None = Field(sa_type=Instant, default=None)
    paid_on: date | None = None
    bank_reference: str | None = Field(sa_type=Text, default=None)
    void_reason: str | None = Field(sa_type=Text, default=None)

    def approve(self, by: str, at: datetime) -> None:
        """Approve what another proposed."""
        if self.status is not RefundStatus.PROPOSED:
            raise RefundNotProposed(status=self.status)
        require_another(by, self.proposed_by)
        self.status, self.approved_by, self.approved_at = RefundStatus.APPROVED, by, at

    def pay(self, paid_on: date, bank_reference: str) -> dict[str, Any]:
        """Record the payment to the recipient; returns what the event `RefundPaid` says of it."""
        if self.status is not RefundStatus.APPROVED:
            raise RefundNotApproved(status=self.status)
        self.status, self.paid_on, self.bank_reference = RefundStatus.PAID, paid_on, bank_reference
        return {
            "refund_id": self.id,
            "amount": self.amount,
            "paid_on": paid_on,
            "bank_reference": bank_reference,
            "proposed_by": self.proposed_by,
            "approved_by": self.approved_by,
        }

    def void(self, reason: str) -> None:
        """The amount is no longer owed back. Raises `RefundNotProposed` where it is paid, or void already."""
        if self.status not in (RefundStatus.PROPOSED, RefundStatus.APPROVED):
            raise RefundNotProposed(status=self.status)
        self.status, self.void_reason = RefundStatus.VOID, reason
