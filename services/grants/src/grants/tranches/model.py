"""The tranche: guards, changes and returns the event."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from grants.record import Record
from grants.terms import Due
from grants.tranches.refusals import (
    ContentChanged,
    DocumentRepeated,
    PaidBeforeSignature,
    PlannedInThePast,
    ProposedAlready,
    ReversedBeforePaid,
    TrancheNotApproved,
    TrancheNotCancellable,
    TrancheNotDisbursed,
    TrancheNotPlanned,
    TrancheNotProposed,
    TrancheNotRequested,
    TrancheNotReversed,
    TrancheReplacedAlready,
)
from shared.calendar.local_days import local_day
from shared.contracts.envelope import encode_data
from shared.contracts.grants import TrancheApproved, TrancheRequested
from shared.contracts.support import Measure, TrancheCancelled, TrancheDisbursed, TrancheReversed
from shared.database.columns import Instant, Tenge, TextEnum
from shared.payments import require_past
from shared.two_people import require_another


class TrancheStatus(StrEnum):
    """Where a tranche stands; cancelled and reversed are final."""

    PLANNED = "planned"
    REQUESTED = "requested"
    APPROVED = "approved"
    DISBURSED = "disbursed"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


OPEN = frozenset({TrancheStatus.PLANNED, TrancheStatus.REQUESTED, TrancheStatus.APPROVED})
"""Not paid yet, and may still be: the money is committed."""


class Document(BaseModel):
    """A document that a request rests on: its kind, name, the SHA-256 of its content in hexadecimal, its bytes."""

    model_config = ConfigDict(frozen=True)

    type: str
    name: str
    sha256: str
    size: int


_statuses = ", ".join(f"'{status.value}'" for status in TrancheStatus)


class Tranche(Record, table=True):
    """A part of the grant's money, in tenge; `number` counts from 1 within the agreement.

    `revision` counts every change and stands in the ETag; `version` counts the events. `due_on` is the last day of the
    institute's present step, with the calendar's version and the term that it was computed from: the review of the
    request, then the payment.
    """

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number", name="uq_tranche_agreement_id_number"),
        UniqueConstraint("replaces", name="uq_tranche_replaces"),
        CheckConstraint(f"status in ({_statuses})", name="status_known"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("approved_by <> proposed_by", name="approved_by_another"),
        CheckConstraint("(approved_by is null) or (proposed_by is not null)", name="approved_what_was_proposed"),
        CheckConstraint(
            "status not in ('approved', 'disbursed', 'reversed') or approved_by is not null", name="paid_when_approved"
        ),
        CheckConstraint(
            "(status in ('disbursed', 'reversed')) = (disbursed_on is not null and bank_reference is not null)",
            name="paid_with_reference",
        ),
        CheckConstraint("(due_on is null) = (due_calendar is null)", name="due_with_calendar"),
        CheckConstraint("(status in ('requested', 'approved')) = (due_on is not null)", name="due_while_asked_for"),
        CheckConstraint("(status = 'reversed') = (reversed_on is not null)", name="reversed_on_a_day"),
        CheckConstraint("reversed_on >= disbursed_on", name="reversed_after_payment"),
        Index("ix_tranche_due_on", "due_on", postgresql_where=text("due_on is not null")),
    )

    measure: ClassVar[Measure] = Measure.INDUSTRIAL_GRANT

    agreement_id: UUID = Field(sa_type=Uuid, foreign_key="agreement.id")
    recipient_id: UUID = Field(sa_type=Uuid)
    number: int = Field(sa_type=Integer)
    amount: Decimal = Field(sa_type=Tenge)
    planned_on: date = Field(sa_type=Date)
    replaces: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="tranche.id")
    status: TrancheStatus = Field(default=TrancheStatus.PLANNED, sa_type=TextEnum(TrancheStatus))
    revision: int = Field(default=1, sa_type=Integer)
    due_on: date | None = Field(default=None, sa_type=Date)
    due_calendar: str | None = Field(default=None, sa_type=Text)
    due_term: str | None = Field(default=None, sa_type=Text)
    documents: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    requested_at: datetime | None = Field(default=None, sa_type=Instant)
    proposed_by: str | None = Field(default=None, sa_type=Text)
    proposed_at: datetime | None = Field(default=None, sa_type=Instant)
    proposed_content: str | None = Field(default=None, sa_type=Text)
    approved_by: str | None = Field(default=None, sa_type=Text)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    disbursed_on: date | None = Field(default=None, sa_type=Date)
    disbursed_at: datetime | None = Field(default=None, sa_type=Instant)
    bank_reference: str | None = Field(default=None, sa_type=Text)
    reversed_on: date | None = Field(default=None, sa_type=Date)
    reversal_reference: str | None = Field(default=None, sa_type=Text)
    cancelled_on: date | None = Field(default=None, sa_type=Date)
    reason: str | None = Field(default=None, sa_type=Text)

    @property
    def is_open(self) -> bool:
        """Whether the tranche may still be paid."""
        return self.status in OPEN

    @property
    def content(self) -> str:
        """The SHA-256 of what is proposed and approved: which tranche, of how many tenge, on which documents."""
        documents = sorted(self.documents, key=lambda document: str(document["sha256"]))
        stated = {"tranche_id": str(self.id), "amount": f"{self.amount:.2f}", "documents": documents}
        return hashlib.sha256(encode_data(stated)).hexdigest()

    def request(self, documents: Sequence[Document], at: datetime, due: Due) -> TrancheRequested:
        """Ask for the tranche, to be reviewed by the due day; or anew with other documents, which voids a proposal."""
        if self.status not in {TrancheStatus.PLANNED, TrancheStatus.REQUESTED}:
            raise TrancheNotPlanned(**self._where)
        contents: set[str] = set()
        for document in documents:
            if document.sha256 in contents:
                raise DocumentRepeated(name=document.name)
            contents.add(document.sha256)
        self._become(TrancheStatus.REQUESTED, due)
        self.requested_at = at
        self.documents = [document.model_dump(mode="json") for document in documents]
        self.proposed_by = self.proposed_at = self.proposed_content = None
        return TrancheRequested(
            occurred_at=at, agreement_id=self.agreement_id, tranche_id=self.id, recipient_id=self.recipient_id,
            amount=self.amount,
        )  # fmt: skip

    def propose(self, at: datetime, by: str) -> None:
        """Propose the payment: the first of two people, of the content as it is now."""
        if self.status is not TrancheStatus.REQUESTED:
            raise TrancheNotRequested(**self._where)
        if self.proposed_by is not None:
            raise ProposedAlready(number=self.number, proposed_by=self.proposed_by)
        self.proposed_by, self.proposed_at, self.proposed_content = by, at, self.content
        self.revision += 1

    def approve(self, content: str, at: datetime, by: str, due: Due) -> TrancheApproved:
        """Approve what another person proposed, exactly that: `content` is what the approver has seen.

        It is to be paid by the end of the due day, but not before the day for which it is planned.
        """
        if self.status is not TrancheStatus.REQUESTED:
            raise TrancheNotRequested(**self._where)
        if self.proposed_by is None or self.proposed_content is None:
            raise TrancheNotProposed(number=self.number)
        require_another(by, self.proposed_by)
        if not content == self.proposed_content == self.content:
            raise ContentChanged(content=self.proposed_content)
        self._become(TrancheStatus.APPROVED, replace(due, on=max(due.on, self.planned_on)))
        self.approved_by, self.approved_at = by, at
        return TrancheApproved(
            occurred_at=at, agreement_id=self.agreement_id, tranche_id=self.id, recipient_id=self.recipient_id,
            amount=self.amount, proposed_by=self.proposed_by, approved_by=by,
        )  # fmt: skip

    def disburse(self, on: date, bank_reference: str, at: datetime, *, signed_on: date) -> TrancheDisbursed:
        """Record that the bank paid the tranche on a day, neither in the future nor before the signature."""
        if self.status is not TrancheStatus.APPROVED:
            raise TrancheNotApproved(**self._where)
        require_past(on, local_day(at))
        if on < signed_on:
            raise PaidBeforeSignature(day=on.isoformat(), signed_on=signed_on.isoformat())
        self._become(TrancheStatus.DISBURSED)
        self.disbursed_on, self.disbursed_at, self.bank_reference = on, at, bank_reference
        return TrancheDisbursed(
            occurred_at=at, agreement_id=self.agreement_id, tranche_id=self.id, number=self.number,
            measure=self.measure, recipient_id=self.recipient_id, amount=self.amount, disbursed_on=on,
            bank_reference=bank_reference,
        )  # fmt: skip

    def reverse(self, on: date, bank_reference: str, reason: str, at: datetime) -> TrancheReversed:
        """Record that the bank returned the payment: it counts as never made."""
        if self.status is not TrancheStatus.DISBURSED or self.disbursed_on is None:
            raise TrancheNotDisbursed(**self._where)
        require_past(on, local_day(at))
        if on < self.disbursed_on:
            raise ReversedBeforePaid(day=on.isoformat(), disbursed_on=self.disbursed_on.isoformat())
        self._become(TrancheStatus.REVERSED)
        self.reversed_on, self.reason, self.reversal_reference = on, reason, bank_reference
        return TrancheReversed(
            occurred_at=at, agreement_id=self.agreement_id, tranche_id=self.id, measure=self.measure,
            recipient_id=self.recipient_id, amount=self.amount, reversed_on=on, bank_reference=bank_reference,
            reason=reason,
        )  # fmt: skip

    def cancel(self, reason: str, at: datetime) -> TrancheCancelled:
        """Give up a tranche that is not paid; its commitment is released."""
        if not self.is_open:
            raise TrancheNotCancellable(**self._where)
        self._become(TrancheStatus.CANCELLED)
        self.cancelled_on, self.reason = local_day(at), reason
        return TrancheCancelled(
            occurred_at=at, agreement_id=self.agreement_id, tranche_id=self.id, measure=self.measure,
            recipient_id=self.recipient_id, amount=self.amount, cancelled_on=self.cancelled_on, reason=reason,
        )  # fmt: skip

    def require_replannable(self, planned_on: date, today: date) -> None:
        """Raise unless the tranche may be planned for that day, today or later; one that is asked for stays."""
        if self.status is not TrancheStatus.PLANNED:
            raise TrancheNotPlanned(**self._where)
        if planned_on < today:
            raise PlannedInThePast(number=self.number, planned_on=planned_on.isoformat(), today=today.isoformat())

    def reschedule(self, planned_on: date, today: date) -> None:
        """Plan the tranche for another day."""
        self.require_replannable(planned_on, today)
        self.planned_on = planned_on
        self.revision += 1

    def replacement(self, number: int, planned_on: date, replaced_by: int | None, today: date) -> "Tranche":
        """A new tranche of the same amount in place of this one, which the bank returned: once, for today or later.

        `replaced_by` is the number of the tranche that stands in its place already.
        """
        if self.status is not TrancheStatus.REVERSED:
            raise TrancheNotReversed(**self._where)
        if replaced_by is not None:
            raise TrancheReplacedAlready(number=self.number, replacement=replaced_by)
        if planned_on < today:
            raise PlannedInThePast(
                number=number, planned_on=planned_on.isoformat(), today=today.isoformat(), field="/planned_on"
            )
        return Tranche(
            institute=self.institute, agreement_id=self.agreement_id, recipient_id=self.recipient_id, number=number,
            amount=self.amount, planned_on=planned_on, replaces=self.id,
        )  # fmt: skip

    def _become(self, status: TrancheStatus, due: Due | None = None) -> None:
        self.status = status
        self.due_on, self.due_calendar, self.due_term = (due.on, due.calendar, due.term) if due else (None, None, None)
        self.revision += 1

    @property
    def _where(self) -> dict[str, Any]:
        return {"number": self.number, "status": self.status.value}
