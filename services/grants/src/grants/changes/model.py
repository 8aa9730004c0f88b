"""The change of an agreement: guards and changes itself; what it asks for never changes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from grants.changes.content import ChangeKind, Wanted, wanted_type
from grants.changes.refusals import ChangeClosed, ChangeNotProposed, ChangeNotRequested, WithdrawalByAnother
from grants.record import Record
from shared.database.columns import Instant, TextEnum
from shared.two_people import require_another


class ChangeStatus(StrEnum):
    """Where a change stands; approved, refused and withdrawn are final."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = (ChangeStatus.REQUESTED, ChangeStatus.PROPOSED)
"""Still to be decided."""


def _known(values: type[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Change(Record, table=True):
    """A change of an agreement. The recipient's begins requested, an officer's own begins proposed.

    `wanted` is what it asks for, as JSON; `revision` counts every change of its standing and stands in the ETag.
    """

    __tablename__ = "agreement_change"
    __table_args__ = (
        CheckConstraint(f"kind in ({_known(ChangeKind)})", name="kind_known"),
        CheckConstraint(f"status in ({_known(ChangeStatus)})", name="status_known"),
        CheckConstraint("wanted ->> 'kind' = kind", name="kind_wanted"),
        CheckConstraint("requested_by is null or kind in ('schedule', 'budget')", name="recipients_kinds"),
        CheckConstraint("requested_by is not null or proposed_by is not null", name="asked_by_somebody"),
        CheckConstraint("approved_by <> proposed_by and approved_by <> requested_by", name="approved_by_another"),
        CheckConstraint("status not in ('proposed', 'approved') or proposed_by is not null", name="proposed_first"),
        CheckConstraint("(status = 'approved') = (approved_by is not null)", name="approved_by_somebody"),
        CheckConstraint("(status in ('requested', 'proposed')) = (closed_at is null)", name="closed_at_when_closed"),
        Index(
            "uq_agreement_change_open",
            "agreement_id",
            "kind",
            unique=True,
            postgresql_where=text("status in ('requested', 'proposed')"),
        ),
        Index("ix_agreement_change_agreement_id", "agreement_id", "id"),
    )

    agreement_id: UUID = Field(sa_type=Uuid, foreign_key="agreement.id")
    recipient_id: UUID = Field(sa_type=Uuid)
    kind: ChangeKind = Field(sa_type=TextEnum(ChangeKind))
    status: ChangeStatus = Field(sa_type=TextEnum(ChangeStatus))
    revision: int = Field(default=1, sa_type=Integer)
    wanted: dict[str, Any] = Field(sa_type=JSONB)
    reason: str = Field(sa_type=Text)
    requested_by: str | None = Field(default=None, sa_type=Text)
    requested_at: datetime | None = Field(default=None, sa_type=Instant)
    proposed_by: str | None = Field(default=None, sa_type=Text)
    proposed_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_by: str | None = Field(default=None, sa_type=Text)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = Field(default=None, sa_type=Text)
    closed_because: str | None = Field(default=None, sa_type=Text)

    @property
    def content(self) -> Wanted:
        """What is asked for."""
        return wanted_type.validate_python(self.wanted)

    @property
    def is_open(self) -> bool:
        """Whether the change is still to be decided."""
        return self.status in OPEN

    def propose(self, at: datetime, by: str) -> None:
        """Take the recipient's request up: the first of two people."""
        if self.status is not ChangeStatus.REQUESTED:
            raise ChangeNotRequested(status=self.status.value)
        self.proposed_by, self.proposed_at = by, at
        self._become(ChangeStatus.PROPOSED)

    def approve(self, at: datetime, by: str) -> None:
        """Approve what another person proposed; it takes effect in the same transaction."""
        if self.status is not ChangeStatus.PROPOSED:
            raise ChangeNotProposed(status=self.status.value)
        require_another(by, self.proposed_by, self.requested_by)
        self.approved_by = by
        self._close(ChangeStatus.APPROVED, None, at, by)

    def refuse(self, reason: str, at: datetime, by: str) -> None:
        """Say no, whoever asked."""
        self._require_open()
        self._close(ChangeStatus.REFUSED, reason, at, by)

    def withdraw(self, at: datetime, by: str) -> None:
        """Take the recipient's own request back, as long as it is not decided."""
        self._require_open()
        if self.requested_by is None:
            raise WithdrawalByAnother
        self._close(ChangeStatus.WITHDRAWN, None, at, by)

    def _require_open(self) -> None:
        if not self.is_open:
            raise ChangeClosed(status=self.status.value)

    def _close(self, status: ChangeStatus, reason: str | None, at: datetime, by: str) -> None:
        self.closed_at, self.closed_by, self.closed_because = at, by, reason
        self._become(status)

    def _become(self, status: ChangeStatus) -> None:
        self.status = status
        self.revision += 1
