"""The demand: what one officer proposes, and what a second one makes binding."""

from collections.abc import Sequence
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

    `unverified` names the rule set and rates that nobody had verified when it was proposed, `accepted` those of them
    that the proposer accepted by name; the same of the approval, `unverified_then` and `accepted_by_approver`. Amounts
    in tenge, those of the version.
    """

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("status in ('proposed', 'approved', 'void')", name="status_known"),
        CheckConstraint("approved_by is null or approved_by <> proposed_by", name="two_people"),
        CheckConstraint("(status = 'approved') = (approved_by is not null)", name="approved_by_somebody"),
        CheckConstraint(
            "num_nulls(approved_by, approved_at, unverified_then, accepted_by_approver) in (0, 4)",
            name="approval_whole",
        ),
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
    unverified_then: list[str] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
    accepted_by_approver: list[str] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
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

    def note_accepted(self, unverified: Sequence[str], accepted: Sequence[str]) -> None:
        """Note what was unverified at the approval, and what of it the approver accepted by name."""
        self.unverified_then, self.accepted_by_approver = list(unverified), sorted(set(accepted) & set(unverified))

    def void(self, reason: str) -> None:
        """The claim is no longer what was proposed. Raises `DemandNotProposed` where nothing awaits approval."""
        if self.status is not DemandStatus.PROPOSED:
            raise DemandNotProposed(status=self.status)
        self.status, self.void_reason = DemandStatus.VOID, reason
