"""Repayments, and the one list of the payments in and out that recovery has been told of."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from obligations.record import Entry
from obligations.repayment.result import RepaymentAllocated
from shared.database.columns import Instant, Tenge, TextEnum
from shared.identity import new_id


class PaymentKind(StrEnum):
    """Whether money came in or went out."""

    REPAYMENT = "repayment"
    REFUND = "refund"


class BankPayment(Entry, table=True):
    """A payment by the bank's reference, which an account bears once.

    `account` names the funding account by institute and measure (Law 86-VII, Art. 42(5)): `industry/industrial-grant`.
    """

    __tablename__ = "bank_payment"
    __table_args__ = (
        CheckConstraint("kind in ('repayment', 'refund')", name="kind_known"),
        Index("uq_bank_payment_account_bank_reference", "account", text("payment_key(bank_reference)"), unique=True),
    )

    payment_id: UUID = Field(sa_type=Uuid, primary_key=True)
    account: str = Field(sa_type=Text)
    bank_reference: str = Field(sa_type=Text)
    kind: PaymentKind = Field(sa_type=TextEnum(PaymentKind))
    day: date


class Repayment(Entry, table=True):
    """Money received on a claim, in tenge, above zero. `refunded` of it went back to the recipient.

    What it covered is as allocated when it was recorded, or first could be: absent while a base rate is not known. The
    current allocation is in the claim's sheet. Repayments of one day count in the order of `ordinal`.
    """

    __tablename__ = "repayment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("refunded >= 0 and refunded <= amount", name="refunded_within_amount"),
        CheckConstraint("to_principal + to_interest + overpaid = amount", name="allocated_whole"),
        CheckConstraint("num_nulls(to_principal, to_interest, overpaid) in (0, 3)", name="allocated_or_not"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    claim_id: UUID = Field(sa_type=Uuid, foreign_key="claim.id", index=True)
    ordinal: int
    amount: Decimal = Field(sa_type=Tenge)
    refunded: Decimal = Field(sa_type=Tenge)
    to_principal: Decimal | None = Field(sa_type=Tenge)
    to_interest: Decimal | None = Field(sa_type=Tenge)
    overpaid: Decimal | None = Field(sa_type=Tenge)
    received_on: date
    bank_reference: str = Field(sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)

    @property
    def unallocated(self) -> bool:
        """Whether it cannot be said yet what the repayment covers."""
        return self.to_principal is None

    def allocate(self, allocated: RepaymentAllocated) -> None:
        """Say what the repayment covers, once: what has been said stays."""
        if self.unallocated:
            self.to_principal, self.to_interest = allocated.principal, allocated.interest
            self.overpaid = allocated.overpaid
