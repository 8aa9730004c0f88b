"""Reports as the interface shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from obligations.evidence import Documents, Evidence
from obligations.obligations.views import NEWEST, Value
from obligations.reports.commands import Stated
from obligations.reports.model import ReportEntry
from obligations.reports.rules import EntryKind
from shared.values.shares import Quantity
from shared.values.text import ShortText


class NewReport(BaseModel):
    """What was achieved in the year, in the indicator's unit, and the documents that prove it."""

    model_config = ConfigDict(extra="forbid")

    achieved: Quantity
    note: ShortText | None = None
    evidence: Documents = Field(default_factory=list)

    @property
    def stated(self) -> Stated:
        """The statement as the command takes it."""
        return Stated(self.achieved, self.note, [one.model_dump(mode="json") for one in self.evidence])


class NewWithdrawal(BaseModel):
    """Why the report is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class RevisionView(BaseModel):
    """One entry of a report: what was said, by whom, and since when it is known."""

    revision: int
    kind: EntryKind
    achieved: Value | None
    note: str | None
    evidence: list[Evidence]
    recorded_by: str
    recorded_at: datetime

    @classmethod
    def of(cls, entry: ReportEntry) -> Self:
        """The view of an entry."""
        return cls.model_validate(entry.model_dump(include=set(cls.model_fields)))


class ReportView(BaseModel):
    """A report about a year, with its newest revisions, the first one first; all of them have pages of their own."""

    report_id: UUID
    obligation_id: UUID
    agreement_id: UUID
    reporting_year: int
    withdrawn: bool
    achieved: Value | None
    revisions: Annotated[list[RevisionView], Field(max_length=NEWEST)]

    @classmethod
    def of(cls, entries: Sequence[ReportEntry]) -> Self:
        """The view of a report by its entries."""
        last = max(entries, key=lambda entry: (entry.recorded_at, entry.revision))
        return cls(
            report_id=last.report_id,
            obligation_id=last.obligation_id,
            agreement_id=last.agreement_id,
            reporting_year=last.reporting_year,
            withdrawn=last.kind is EntryKind.WITHDRAWN,
            achieved=last.achieved,
            revisions=[RevisionView.of(entry) for entry in entries[-NEWEST:]],
        )
