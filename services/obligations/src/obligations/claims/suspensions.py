"""The suspension of interest: a fact under a claim."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, Uuid
from sqlmodel import Field

from obligations.claims.refusals import SuspensionEndsBeforeItBegins
from obligations.record import Entry
from shared.database.columns import Instant
from shared.identity import new_id


class Suspension(Entry, table=True):
    """Days in which no interest runs on a claim, both ends included; an officer's decision with a reason (assumed)."""

    __tablename__ = "suspension"
    __table_args__ = (CheckConstraint("first_on <= last_on", name="not_reversed"),)

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    claim_id: UUID = Field(sa_type=Uuid, foreign_key="claim.id", index=True)
    first_on: date
    last_on: date
    reason: str = Field(sa_type=Text)
    decided_by: str = Field(sa_type=Text)
    decided_at: datetime = Field(sa_type=Instant)

    @classmethod
    def decide(cls, claim_id: UUID, first_on: date, last_on: date, reason: str, by: str, at: datetime) -> "Suspension":
        """Suspend interest from one day to another; raises `SuspensionEndsBeforeItBegins`."""
        if last_on < first_on:
            raise SuspensionEndsBeforeItBegins(first=first_on, last=last_on)
        return cls(claim_id=claim_id, first_on=first_on, last_on=last_on, reason=reason, decided_by=by, decided_at=at)
