"""The claim: what an agreement's recipient must pay back for a reporting year, and where that stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, Uuid
from sqlmodel import Field

from obligations.claims.refusals import (
    ClaimNotCalculated,
    ClaimNotDemanded,
    ClaimNotDisputed,
    ClaimNotNotified,
    ClaimWithoutFigures,
)
from obligations.claims.rules import ZERO, Derivation, status_after
from obligations.claims.status import CLOSED, ClaimStatus
from obligations.claims.version import ClaimVersion
from obligations.record import Record
from obligations.repayment.result import RepaymentAllocated
from shared.contracts.event import Event
from shared.contracts.obligations import (
    ClaimCalculated,
    ClaimCancelled,
    ClaimDemanded,
    ClaimDisputed,
    ClaimNotified,
    ClaimReopened,
    ClaimSettled,
    DisputeDecided,
    RefundDue,
    RefundPaid,
    RepaymentReceived,
)
from shared.contracts.support import Measure
from shared.database.columns import Instant, Tenge, TextEnum


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a new version is made: the trigger's name, the event or command behind it, and when."""

    trigger: str
    at: datetime
    event_id: UUID | None = None
    reason: str = ""


class Claim(Record, table=True):
    """The claim of an agreement and reporting year (Law 86-VII, Art. 27(4)).

    `number` counts its versions; the figures are the current version's, in tenge. `told_number` is the version that the
    recipient was last notified of, or that was demanded. `overpaid` is what is owed back. `without_year` is the money
    of the agreement that was paid after its last reporting year: no claim stands for it.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("agreement_id", "reporting_year"),
        CheckConstraint(
            "status in ('calculated', 'notified', 'demanded', 'disputed', 'settled', 'cancelled')", name="status_known"
        ),
        CheckConstraint("principal >= 0 and interest >= 0 and outstanding >= 0 and overpaid >= 0", name="not_negative"),
        CheckConstraint("total = principal + interest", name="total_is_sum"),
        CheckConstraint("status <> 'settled' or outstanding is null or outstanding = 0", name="settled_is_paid"),
        Index(None, "institute", "id"),
    )

    agreement_id: UUID = Field(sa_type=Uuid, index=True)
    measure: Measure = Field(sa_type=TextEnum(Measure))
    recipient_id: UUID = Field(sa_type=Uuid, index=True)
    reporting_year: int
    status: ClaimStatus = Field(default=ClaimStatus.CALCULATED, sa_type=TextEnum(ClaimStatus))
    number: int = 0
    as_of: date
    fulfilment: Decimal = Field(max_digits=7, decimal_places=6)
    principal: Decimal | None = Field(sa_type=Tenge, default=None)
    interest: Decimal | None = Field(sa_type=Tenge, default=None)
    total: Decimal | None = Field(sa_type=Tenge, default=None)
    outstanding: Decimal | None = Field(sa_type=Tenge, default=None)
    overpaid: Decimal | None = Field(sa_type=Tenge, default=None)
    without_year: Decimal = Field(sa_type=Tenge, default=ZERO)
    refusal: str | None = Field(sa_type=Text, default=None)
    told_number: int | None = None
    hearing_until: date | None = None
    served_on: date | None = None
    demanded_on: date | None = None
    opened_at: datetime = Field(sa_type=Instant)

    # -- versions -------------------------------------------------------------------------------------------------
    def take(
        self, version: ClaimVersion, new: Derivation, cause: Cause, *, has_grown: bool, answered: Sequence[UUID] = ()
    ) -> list[Event]:
        """Take a new version: its figures, and what it means for where the claim stands.

        The breached obligations of the year are the causes of the hold that a settlement closes. `answered` are those
        under the version before: a closed claim that a further breach does not raise closes that cause too.
        """
        before, overpaid_before = self.status, self.overpaid or ZERO
        self.number, self.as_of, self.fulfilment = version.number, version.as_of, version.fulfilment
        self.principal, self.interest, self.total = version.principal, version.interest, version.total
        self.outstanding, self.overpaid, self.refusal = version.outstanding, version.overpaid, version.refusal
        self.without_year = new.facts.amount_without_year
        self.status = status_after(before, new, has_grown=has_grown)
        events: list[Event] = [self._calculated(cause)]
        further = [each for each in new.facts.breached if each not in answered]
        if self.status is not before:
            events += self._moved(before, cause, new.facts.breached)
        elif further and new.calculation is not None:
            events += self._closed(cause, further)
        if self.overpaid and self.overpaid > overpaid_before:
            events.append(RefundDue(occurred_at=cause.at, amount=self.overpaid, **self._names))
        return events

    def _calculated(self, cause: Cause) -> Event:
        return ClaimCalculated(
            occurred_at=cause.at,
            reporting_year=self.reporting_year,
            claim_version=self.number,
            as_of=self.as_of,
            fulfilment=self.fulfilment,
            principal=self.principal,
            interest=self.interest,
            total=self.total,
            outstanding=self.outstanding,
            trigger=cause.trigger,
            refusal=self.refusal,
            **self._names,
        )

    def _moved(self, before: ClaimStatus, cause: Cause, breached: Sequence[UUID]) -> list[Event]:
        if self.status is ClaimStatus.CALCULATED:
            self.told_number = self.hearing_until = self.served_on = None
        if before in CLOSED and self.status not in CLOSED:
            named = self._about(breached)
            return [ClaimReopened(occurred_at=cause.at, outstanding=self.outstanding, **named)]
        return self._closed(cause, breached)

    def _closed(self, cause: Cause, breached: Sequence[UUID]) -> list[Event]:
        if self.status is ClaimStatus.CANCELLED:
            reason = cause.reason or cause.trigger
            return [ClaimCancelled(occurred_at=cause.at, reason=reason, **self._about(breached))]
        if self.status is ClaimStatus.SETTLED:
            return [ClaimSettled(occurred_at=cause.at, **self._about(breached))]
        return []

    def _about(self, breached: Sequence[UUID]) -> dict[str, Any]:
        return {**self._names, "reporting_year": self.reporting_year, "obligation_ids": tuple(breached)}

    # -- the hearing and the demand -------------------------------------------------------------------------------
    def notify(self, hearing_until: date, at: datetime) -> ClaimNotified:
        """Tell the recipient, who may be heard until the end of `hearing_until` (APPC, Art. 73; assumed)."""
        if self.status is not ClaimStatus.CALCULATED:
            raise ClaimNotCalculated(status=self.status)
        self.require_figures()
        self.status, self.hearing_until, self.told_number = ClaimStatus.NOTIFIED, hearing_until, self.number
        return ClaimNotified(
            occurred_at=at,
            claim_id=self.id,
            agreement_id=self.agreement_id,
            recipient_id=self.recipient_id,
            claim_version=self.number,
            hearing_until=hearing_until,
        )

    def demand(self, proposed_by: str, approved_by: str, served_on: date, at: datetime) -> ClaimDemanded:
        """Demand and serve the current version, as two officers decided."""
        if self.status is not ClaimStatus.NOTIFIED:
            raise ClaimNotNotified(status=self.status)
        principal, interest, total = self.require_figures()
        self.status, self.told_number, self.served_on = ClaimStatus.DEMANDED, self.number, served_on
        self.demanded_on = self.demanded_on or served_on
        return ClaimDemanded(
            occurred_at=at,
            claim_version=self.number,
            as_of=self.as_of,
            principal=principal,
            interest=interest,
            total=total,
            proposed_by=proposed_by,
            approved_by=approved_by,
            **self._names,
        )

    def require_figures(self) -> tuple[Decimal, Decimal, Decimal]:
        """Principal, interest and total in tenge; raises `ClaimWithoutFigures`."""
        if self.principal is None or self.interest is None or self.total is None:
            raise ClaimWithoutFigures(reason=self.refusal)
        return self.principal, self.interest, self.total

    # -- the complaint --------------------------------------------------------------------------------------------
    def dispute(self, reason: str, at: datetime) -> ClaimDisputed:
        """Complain of the demand, which stands still until the complaint is decided."""
        if self.status is not ClaimStatus.DEMANDED:
            raise ClaimNotDemanded(status=self.status)
        self.status = ClaimStatus.DISPUTED
        return ClaimDisputed(
            occurred_at=at,
            claim_id=self.id,
            agreement_id=self.agreement_id,
            recipient_id=self.recipient_id,
            reason=reason,
        )

    def decide_dispute(self, *, upheld: bool, has_grown: bool, reason: str, at: datetime) -> DisputeDecided:
        """Decide the complaint: upheld, the demand is set aside; else it stands, unless the claim has outgrown it."""
        if self.status is not ClaimStatus.DISPUTED:
            raise ClaimNotDisputed(status=self.status)
        self.status = ClaimStatus.CALCULATED if upheld or has_grown else ClaimStatus.DEMANDED
        if self.status is ClaimStatus.CALCULATED:
            self.told_number = self.hearing_until = self.served_on = None
        if upheld:
            self.demanded_on = None
        return DisputeDecided(
            occurred_at=at,
            claim_id=self.id,
            agreement_id=self.agreement_id,
            recipient_id=self.recipient_id,
            upheld=upheld,
            reason=reason,
        )

    # -- money ----------------------------------------------------------------------------------------------------
    def receive(self, received: "Received", at: datetime) -> RepaymentReceived:
        """Money came back; whatever the claim's status, it is recorded."""
        covered = received.covered
        return RepaymentReceived(
            occurred_at=at,
            repayment_id=received.repayment_id,
            amount=received.amount,
            to_principal=covered.principal if covered else ZERO,
            to_interest=covered.interest if covered else ZERO,
            overpaid=covered.overpaid if covered else ZERO,
            unallocated=ZERO if covered else received.amount,
            received_on=received.received_on,
            bank_reference=received.bank_reference,
            **self._names,
        )

    def refund_paid(self, event_fields: dict[str, Any], at: datetime) -> RefundPaid:
        """What was owed back went out to the recipient."""
        return RefundPaid(occurred_at=at, **event_fields, **self._names)

    @property
    def _names(self) -> dict[str, Any]:
        return {
            "claim_id": self.id,
            "agreement_id": self.agreement_id,
            "measure": self.measure,
            "recipient_id": self.recipient_id,
        }


@dataclass(frozen=True, slots=True)
class Received:
    """A repayment, in tenge, and what it covered; None where that cannot be said yet."""

    repayment_id: UUID
    amount: Decimal
    covered: RepaymentAllocated | None
    received_on: date
    bank_reference: str
