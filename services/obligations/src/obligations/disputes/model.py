"""The complaint about a demand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, Uuid
from sqlmodel import Field

from obligations.record import Entry
from shared.database.columns import Instant
from shared.identity import new_id


class Dispute(Entry, table=True):
    """What the recipient says against a demand, and what was decided on it."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("raised_by <> decided_by", name="two_people"),
        CheckConstraint("num_nulls(upheld, decision, decided_by, decided_at) in (0, 4)", name="decision_whole"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    claim_id: UUID = Field(sa_type=Uuid, foreign_key="claim.id", index=True)
    claim_version: int
    reason: str = Field(sa_type=Text)
    raised_by: str = Field(sa_type=Text)
    raised_at: datetime = Field(sa_type=Instant)
    upheld: bool | None = None
    decision: str | None = Field(sa_type=Text, default=None)
    decided_by: str | None = Field(sa_type=Text, default=None)
    decided_at: datetime | None = Field(sa_type=Instant, default=None)
