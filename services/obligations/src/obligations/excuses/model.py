"""A request to be excused: the recipient's reason and evidence, and the officer's decision with its own reason."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from obligations.excuses.refusals import ExcuseDecided
from obligations.record import Entry
from shared.database.columns import Instant, TextEnum
from shared.identity import new_id
from shared.two_people import require_another


class ExcuseStatus(StrEnum):
    """Whether the request waits, or what was decided."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Excuse(Entry, table=True):
    """A cause beyond the recipient's control (assumed to excuse repayment, after Law 86-VII, Art. 28(4)).

    It is part of its obligation: changed under the obligation's lock, heard of through the obligation's events.
    """

    __tablename__ = "excuse"
    __table_args__ = (
        CheckConstraint("status in ('requested', 'accepted', 'rejected')", name="status_known"),
        CheckConstraint(
            "num_nulls(decided_by, decided_at, decision_reason) = case status when 'requested' then 3 else 0 end",
            name="decision_whole",
        ),
        CheckConstraint("requested_by <> decided_by", name="two_people"),
        Index(
            "uq_excuse_open",
            "obligation_id",
            unique=True,
            postgresql_where=text("status = 'requested'"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    obligation_id: UUID = Field(sa_type=Uuid, sa_column_args=(ForeignKey("obligation.id"),), index=True)
    agreement_id: UUID = Field(sa_type=Uuid, index=True)
    institute: str = Field(sa_type=Text, index=True)
    recipient_id: UUID = Field(sa_type=Uuid, index=True)
    status: ExcuseStatus = Field(default=ExcuseStatus.REQUESTED, sa_type=TextEnum(ExcuseStatus))
    reason: str = Field(sa_type=Text)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    requested_by: str = Field(sa_type=Text)
    requested_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision_reason: str | None = Field(default=None, sa_type=Text)

    def accept(self, reason: str, by: str, at: datetime) -> None:
        """Accept the cause; the obligation is excused with it."""
        self._decide(ExcuseStatus.ACCEPTED, reason, by, at)

    def reject(self, reason: str, by: str, at: datetime) -> None:
        """Reject the request; the obligation stands as it is, and the recipient may ask again."""
        self._decide(ExcuseStatus.REJECTED, reason, by, at)

    def _decide(self, status: ExcuseStatus, reason: str, by: str, at: datetime) -> None:
        if self.status is not ExcuseStatus.REQUESTED:
            raise ExcuseDecided(status=self.status, decided_at=self.decided_at)
        require_another(by, self.requested_by)
        self.status, self.decision_reason, self.decided_by, self.decided_at = status, reason, by, at
