"""The demand: what one officer proposes, and what a second one makes binding."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from obligations.demands.refusals import DemandNotProposed, ProposalVoid
from obligations.record import Entry
from shared.database.columns import Instant, Tenge, TextEnum
from shared.identity import new_id
from shared.two_people import require_another


class DemandStatus(StrEnum):
    """A proposal is approved, or void because the claim is no longer what was proposed."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    VOID = "void"


class Demand(Entry, table=True):
    """The proposal to demand one version of a claim, and its approval.

    `accepted` names the unverified parameters and rates that the proposer accepts; the approver must accept the same:
    both are then recorded, by name. Amounts in tenge, those of the version.
    """

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("status in ('proposed', 'approved', 'void')", name="status_known"),
        CheckConstraint("approved_by is null or approved_by <> proposed_by", name="two_people"),
        CheckConstraint("(status = 'approved') = (approved_by is not null)", name="approved_by_somebody"),
        Index("uq_demand_one_open", "claim_id", unique=True, postgresql_where=text("status = 'proposed'")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    claim_id: UUID = Field(sa_type=Uuid, foreign_key="claim.id", index=True)
    claim_version: int
    status: DemandStatus = Field(default=DemandStatus.PROPOSED, sa_type=TextEnum(DemandStatus))
    principal: Decimal = Field(sa_type=Tenge)
    interest: Decimal = Field(sa_type=Tenge)
    total: Decimal = Field(sa_type=Tenge)
    unverified: list[str] = Field(sa_type=JSONB)
    accepted: list[str] = Field(sa_type=JSONB)
    proposed_by: str = Field(sa_type=Text)
    proposed_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = Field(sa_type=Text, default=None)
    approved_at: datetime | None = Field(sa_type=Instant, default=None)
    served_by: str | None = Field(sa_type=Text, default=None)
    void_reason: str | None = Field(sa_type=Text, default=None)

    def approve(self, by: str, claim_version: int, served_by: str, at: datetime) -> None:
        """Approve what another proposed, as long as the claim is what it was."""
        if self.status is not DemandStatus.PROPOSED:
            raise DemandNotProposed(status=self.status)
        if claim_version != self.claim_version:
            raise ProposalVoid(proposed=self.claim_version, current=claim_version)
        require_another(by, self.proposed_by)
        self.status, self.approved_by, self.approved_at = DemandStatus.APPROVED, by, at
        self.served_by = served_by

    def void(self, reason: str) -> None:
        """The claim is no longer what was proposed."""
        if self.status is DemandStatus.PROPOSED:
            self.status, self.void_reason = DemandStatus.VOID, reason
