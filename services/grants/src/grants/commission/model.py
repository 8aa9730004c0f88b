"""A motion before the commission: put by an officer, voted on by members, closed with minutes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from grants.commission.refusals import MotionClosed, MotionOutdated, MoverMayNotVote
from grants.eligibility.conditions import Condition
from grants.record import Record
from shared.database.columns import Instant, Tenge, TextEnum
from shared.two_people import SecondPersonWanted


class Outcome(StrEnum):
    """What a motion proposes."""

    APPROVE = "approve"
    REFUSE = "refuse"


class MotionStatus(StrEnum):
    """What became of a motion."""

    OPEN = "open"
    CARRIED = "carried"
    NOT_CARRIED = "not-carried"
    DROPPED = "dropped"


class Choice(StrEnum):
    """How a member votes; a recused member has a conflict of interest and does not count."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINED = "abstained"
    RECUSED = "recused"


@dataclass(frozen=True, slots=True)
class Figure:
    """A dated figure that a vote goes by, as it was known when the motion was put, with the row that says so."""

    value: str
    source: str
    row: str
    verified: bool
    imported_by: str | None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Figure":
        """The figure as a motion keeps it."""
        return cls(**stored)

    def stored(self) -> dict[str, Any]:
        """For the motion."""
        return asdict(self)


def _known(values: type[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Motion(Record, table=True):
    """What the commission votes on. It never changes once put: votes cover exactly this, on this revision."""

    __tablename__ = "commission_motion"
    __table_args__ = (
        CheckConstraint(f"outcome in ({_known(Outcome)})", name="outcome_known"),
        CheckConstraint(f"status in ({_known(MotionStatus)})", name="status_known"),
        CheckConstraint(f"ground in ({_known(Condition)})", name="ground_known"),
        CheckConstraint("(outcome = 'approve') = (amount is not null)", name="approval_names_amount"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "(outcome = 'refuse') = (ground is not null and coalesce(ground_reason, '') <> '')", name="refusal_says_why"
        ),
        CheckConstraint("(status = 'open') = (closed_at is null)", name="closed_at_when_closed"),
        CheckConstraint(
            "status not in ('carried', 'not-carried') or coalesce(minutes, '') <> ''", name="decided_with_minutes"
        ),
        UniqueConstraint("id", "put_by"),
        Index("uq_commission_motion_open", "application_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_commission_motion_application_id", "application_id", "id"),
    )

    application_id: UUID = Field(sa_type=Uuid, foreign_key="application.id")
    application_revision: int = Field(sa_type=Integer)
    outcome: Outcome = Field(sa_type=TextEnum(Outcome))
    amount: Decimal | None = Field(default=None, sa_type=Tenge)
    ground: Condition | None = Field(default=None, sa_type=TextEnum(Condition))
    ground_reason: str | None = Field(default=None, sa_type=Text)
    requirement: str | None = Field(default=None, sa_type=Text)
    findings: dict[str, Any] = Field(sa_type=JSONB)
    quorum: dict[str, Any] = Field(sa_type=JSONB)
    majority: dict[str, Any] = Field(sa_type=JSONB)
    put_by: str = Field(sa_type=Text)
    put_at: datetime = Field(sa_type=Instant)
    status: MotionStatus = Field(default=MotionStatus.OPEN, sa_type=TextEnum(MotionStatus))
    tally: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    minutes: str | None = Field(default=None, sa_type=Text)
    closed_by: str | None = Field(default=None, sa_type=Text)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)

    def require_voter(self, member: str, revision: int) -> None:
        """Raise unless this member may vote on the motion, with the application as it stands."""
        self.require_current(revision)
        if member == self.put_by:
            raise MoverMayNotVote

    def require_current(self, revision: int) -> None:
        """Raise unless the motion is open and the application is what it was put on."""
        self._require_open()
        if revision != self.application_revision:
            raise MotionOutdated

    def require_rules_of_another(self, by: str) -> None:
        """Raise where this person alone brought in the quorum or the majority by which the vote would be closed."""
        for figure in (Figure.of(self.quorum), Figure.of(self.majority)):
            if not figure.verified and figure.imported_by == by:
                raise SecondPersonWanted

    def close(self, *, carried: bool, tally: dict[str, Any], minutes: str, by: str, at: datetime) -> None:
        """Record what the commission said, with the minutes."""
        self._require_open()
        self.status = MotionStatus.CARRIED if carried else MotionStatus.NOT_CARRIED
        self.tally, self.minutes, self.closed_by, self.closed_at = tally, minutes, by, at

    def drop(self, *, reason: str, by: str, at: datetime) -> None:
        """Take the motion back: what was voted on it is void."""
        self._require_open()
        self.status, self.minutes = MotionStatus.DROPPED, reason
        self.closed_by, self.closed_at = by, at

    def _require_open(self) -> None:
        if self.status is not MotionStatus.OPEN:
            raise MotionClosed(status=self.status.value)


vote_table = Table(
    "commission_vote",
    Record.metadata,
    Column("motion_id", Uuid, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("put_by", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("reason", Text),
    Column("cast_at", Instant, nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    ForeignKeyConstraint(["motion_id", "put_by"], ["commission_motion.id", "commission_motion.put_by"]),
    UniqueConstraint("motion_id", "ordinal"),
    CheckConstraint("member <> put_by", name="mover_does_not_vote"),
    CheckConstraint(f"choice in ({_known(Choice)})", name="choice_known"),
    CheckConstraint("choice = 'for' or coalesce(reason, '') <> ''", name="reason_unless_for"),
)
"""One vote of one member on one motion; never changed. `put_by` repeats the mover, who may not vote."""
