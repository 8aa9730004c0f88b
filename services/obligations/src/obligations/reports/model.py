"""An entry about a year: a report, its correction or its withdrawal; append-only."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from obligations.record import Entry
from obligations.reports.rules import EntryKind, Statement
from shared.contracts.event import Event
from shared.contracts.obligations import ReportRecorded, ReportWithdrawn
from shared.database.columns import Instant, TextEnum
from shared.identity import new_id


class ReportEntry(Entry, table=True):
    """What was said about an obligation's year (`reporting_year`), and when it became known (`recorded_at`).

    `report_id` is the same from the first entry through its corrections to the withdrawal; `revision` counts all
    entries of the obligation from 1. `achieved` is in the indicator's unit. `evidence` references documents, which
    are kept elsewhere, by their SHA-256.
    """

    __tablename__ = "report_entry"
    __table_args__ = (
        UniqueConstraint("obligation_id", "revision", name="uq_report_entry_revision"),
        CheckConstraint("kind in ('recorded', 'corrected', 'withdrawn')", name="kind_known"),
        CheckConstraint("(kind = 'withdrawn') = (achieved is null)", name="value_unless_withdrawn"),
        CheckConstraint("achieved >= 0", name="achieved_not_negative"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=Uuid)
    report_id: UUID = Field(sa_type=Uuid, index=True)
    obligation_id: UUID = Field(sa_type=Uuid, sa_column_args=(ForeignKey("obligation.id"),))
    agreement_id: UUID = Field(sa_type=Uuid, index=True)
    institute: str = Field(sa_type=Text)
    recipient_id: UUID = Field(sa_type=Uuid)
    reporting_year: int
    revision: int
    kind: EntryKind = Field(sa_type=TextEnum(EntryKind))
    achieved: Decimal | None = Field(default=None, sa_type=Numeric(30, 10))
    note: str | None = Field(default=None, sa_type=Text)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)

    @property
    def statement(self) -> Statement:
        """The entry as the rules take it."""
        return Statement(self.report_id, self.kind, self.recorded_at, self.revision, self.achieved)

    def told(self) -> Event:
        """The event that makes the entry known."""
        names = {
            "obligation_id": self.obligation_id,
            "agreement_id": self.agreement_id,
            "report_id": self.report_id,
            "reporting_year": self.reporting_year,
            "revision": self.revision,
        }
        if self.achieved is None:
            return ReportWithdrawn(occurred_at=self.recorded_at, **names)
        return ReportRecorded(occurred_at=self.recorded_at, achieved=self.achieved, **names)
