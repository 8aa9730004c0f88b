"""The request: a draft that its applicant writes line by line, then signed and numbered in the order of signatures."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from export_support.record import Record
from export_support.requests.content import Content
from export_support.requests.refusals import (
    CostsReimbursedElsewhere,
    LinesFull,
    RequestIncomplete,
    RequestNotWithdrawable,
    RequestSigned,
)
from shared.calendar.local_days import local_day
from shared.contracts.export_support import RequestSubmitted, RequestWithdrawn
from shared.database.columns import Instant, Tenge, TextEnum

MOST_LINES = 10_000


class RequestStatus(StrEnum):
    """A draft is its applicant's alone; a signed request waits for its review."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Request(Record, table=True):
    """A request for reimbursement. `estimated` in tenge, at the signature; `revision` counts every change of it."""

    __tablename__ = "reimbursement_request"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'submitted', 'withdrawn')", name="status_known"),
        CheckConstraint("applicant_number ~ '^[0-9]{12}$'", name="applicant_number_form"),
        CheckConstraint("line_count between 0 and 10000", name="line_count_range"),
        CheckConstraint(
            "(status = 'draft') = (num_nulls(number, submitted_at, submitted_on, estimated) = 4)"
            " and num_nulls(number, submitted_at, submitted_on, estimated) in (0, 4)",
            name="signed_whole",
        ),
        CheckConstraint("estimated >= 0", name="estimated_not_negative"),
        CheckConstraint("(status = 'withdrawn') = (ended_because is not null)", name="ended_with_reason"),
        Index("ix_reimbursement_request_institute_status", "institute", "status", "id"),
        Index("ix_reimbursement_request_recipient_year", "recipient_id", "submitted_on"),
    )

    call_id: UUID = Field(sa_type=Uuid, foreign_key="call.id", index=True)
    number: str | None = Field(default=None, sa_type=Text, unique=True)
    applicant_name: str = Field(sa_type=Text)
    applicant_number: str = Field(sa_type=Text)
    recipient_id: UUID = Field(sa_type=Uuid)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    revision: int = Field(default=1, sa_type=Integer)
    status: RequestStatus = Field(default=RequestStatus.DRAFT, sa_type=TextEnum(RequestStatus))
    content: dict[str, Any] = Field(sa_type=JSONB)
    line_count: int = Field(default=0, sa_type=Integer)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_on: date | None = Field(default=None, sa_type=Date)
    estimated: Decimal | None = Field(default=None, sa_type=Tenge)
    ended_because: str | None = Field(default=None, sa_type=Text)

    @property
    def read(self) -> Content:
        """The content."""
        return Content.model_validate(self.content)

    def write(self, content: Content) -> None:
        """Put new content in place of the old."""
        self.require_draft()
        self.content = content.stored()
        self.revision += 1

    def change_lines(self, more: int) -> None:
        """Note that lines were added (`more` above zero), taken out (below) or written anew (zero)."""
        self.require_draft()
        if self.line_count + more > MOST_LINES:
            raise LinesFull(most=MOST_LINES)
        self.line_count += more
        self.revision += 1

    def require_complete(self) -> None:
        """Raise unless everything is there without which nothing is signed."""
        self.require_draft()
        content = self.read
        missing = content.missing + ([] if self.line_count else ["lines"])
        if missing:
            raise RequestIncomplete(missing=", ".join(missing))
        declared = content.declarations
        if declared is None or not (declared.not_reimbursed_elsewhere and declared.counter_obligations_accepted):
            raise CostsReimbursedElsewhere

    def submit(self, number: str, estimated: Decimal, at: datetime) -> RequestSubmitted:
        """Sign the request: it takes its place in the order of signatures. `estimated` in tenge."""
        self.require_complete()
        self.status, self.number, self.estimated = RequestStatus.SUBMITTED, number, estimated
        self.submitted_at, self.submitted_on = at, local_day(at)
        self.revision += 1
        return RequestSubmitted(
            occurred_at=at,
            request_id=self.id,
            call_id=self.call_id,
            number=number,
            recipient_id=self.recipient_id,
            lines=self.line_count,
            estimated=estimated,
            submitted_on=self.submitted_on,
        )

    def withdraw(self, reason: str, at: datetime) -> RequestWithdrawn:
        """Take the signed request back."""
        if self.status is not RequestStatus.SUBMITTED or self.number is None:
            raise RequestNotWithdrawable(status=self.status.value)
        self.status, self.ended_because = RequestStatus.WITHDRAWN, reason
        self.revision += 1
        return RequestWithdrawn(
            occurred_at=at,
            request_id=self.id,
            call_id=self.call_id,
            number=self.number,
            recipient_id=self.recipient_id,
        )

    def require_draft(self) -> None:
        """Raise unless the request may still be written."""
        if self.status is not RequestStatus.DRAFT:
            raise RequestSigned(status=self.status.value)
