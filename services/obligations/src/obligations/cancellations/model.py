"""The cancellation: what one officer proposes, and what a second one makes binding."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlmodel import Field

from obligations.cancellations.refusals import CancellationNotProposed, ObligationChangedSince
from obligations.record import Entry
from shared.database.columns import Instant, TextEnum
from shared.identity import new_id
from shared.two_people import require_another


class CancellationStatus(StrEnum):
    """A proposal is approved, or void because the obligation is no longer what was proposed."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    VOID = "void"


class Cancellation(Entry, table=True):
    """The proposal to void an obligation as it stood at a version, and its approval.

    It is part of its obligation: changed under the obligation's lock, heard of through the obligation's event.
    """

    __tablename__ = "cancellation"
    __table_args__ = (
        CheckConstraint("status in ('proposed', 'approved', 'void')", name="status_known"),
        CheckConstraint("approved_by is null or approved_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "num_nulls(approved_by, approved_at) = case status when 'approved' then 0 else 2 end", name="approval_whole"
        ),
        CheckConstraint("(status = 'void') = (void_reason is not null)", name="void_has_reason"),
        Index("uq_cancellation_one_open", "obligation_id", unique=True, postgresql_where=text("status = 'proposed'")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    obligation_id: UUID = Field(sa_type=Uuid, sa_column_args=(ForeignKey("obligation.id"),), index=True)
    obligation_version: int = Field(sa_type=BigInteger)
    status: CancellationStatus = Field(default=CancellationStatus.PROPOSED, sa_type=TextEnum(CancellationStatus))
    reason: str = Field(sa_type=Text)
    proposed_by: str = Field(sa_type=Text)
    proposed_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = Field(default=None, sa_type=Text)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    void_reason: str | None = Field(default=None, sa_type=Text)

    def approve(self, by: str, obligation_version: int, at: datetime) -> None:
        """Approve what another proposed, as long as the obligation is what it was then."""
        self._require_proposed()
        if obligation_version != self.obligation_version:
            raise ObligationChangedSince(proposed=self.obligation_version, current=obligation_version)
        require_another(by, self.proposed_by)
        self.status, self.approved_by, self.approved_at = CancellationStatus.APPROVED, by, at

    def void(self, reason: str) -> None:
        """The obligation is no longer what was proposed. Raises `CancellationNotProposed`."""
        self._require_proposed()
        self.status, self.void_reason = CancellationStatus.VOID, reason

    def _require_proposed(self) -> None:
        if self.status is not CancellationStatus.PROPOSED:
            raise CancellationNotProposed(status=self.status)
