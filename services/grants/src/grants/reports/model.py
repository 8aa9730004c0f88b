"""The report on the project's plan: guarded by its status, from the day it is asked for to its acceptance."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from grants.applications.refusals import NothingCorrected, RemarkUnknown
from grants.applications.rules import Remark, require_remarks
from grants.record import Record
from grants.reports.content import ReportContent
from grants.reports.refusals import ReportNotAwaited, ReportNotOverdue, ReportNotSubmitted, ReportTooEarly
from grants.terms import Due
from shared.calendar.local_days import local_day
from shared.database.columns import Instant, TextEnum


class ReportKind(StrEnum):
    """A plan report tells of one year, the closing report of the whole project."""

    PLAN = "plan"
    CLOSING = "closing"


class ReportStatus(StrEnum):
    """Where a report stands; accepted and dropped (the agreement was terminated) are final."""

    AWAITED = "awaited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


OWED = (ReportStatus.AWAITED, ReportStatus.RETURNED)
"""It is the recipient's turn."""

UNFINISHED = (*OWED, ReportStatus.SUBMITTED)
"""Not accepted yet, and still wanted."""


def _known(values: type[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Report(Record, table=True):
    """A report on the project's plan. `due_on` is the last day of the recipient's present term.

    `remarks` are all remarks so far, each with its round, its pointer into the content and the answer to it;
    `revision` counts every change and stands in the ETag; `overdue_on` is the day on which its lateness was noted.
    """

    __tablename__ = "project_report"
    __table_args__ = (
        CheckConstraint(f"kind in ({_known(ReportKind)})", name="kind_known"),
        CheckConstraint(f"status in ({_known(ReportStatus)})", name="status_known"),
        CheckConstraint("(kind = 'plan') = (year is not null)", name="year_of_plan_report"),
        CheckConstraint(
            "status in ('awaited', 'dropped') or (content is not null and reported_at is not null)",
            name="submitted_with_content",
        ),
        CheckConstraint("(status = 'accepted') = (accepted_by is not null)", name="accepted_by_somebody"),
        CheckConstraint("status <> 'returned' or jsonb_array_length(remarks) > 0", name="returned_with_remarks"),
        CheckConstraint("overdue_on > due_on", name="overdue_after_due"),
        Index("uq_project_report_of_a_year", "agreement_id", "kind", text("coalesce(year, 0)"), unique=True),
        Index(
            "ix_project_report_due_on",
            "due_on",
            postgresql_where=text("status in ('awaited', 'returned') and overdue_on is null"),
        ),
    )

    agreement_id: UUID = Field(sa_type=Uuid, foreign_key="agreement.id")
    recipient_id: UUID = Field(sa_type=Uuid)
    kind: ReportKind = Field(sa_type=TextEnum(ReportKind))
    year: int | None = Field(default=None, sa_type=Integer)
    status: ReportStatus = Field(default=ReportStatus.AWAITED, sa_type=TextEnum(ReportStatus))
    revision: int = Field(default=1, sa_type=Integer)
    asked_at: datetime = Field(sa_type=Instant)
    due_on: date = Field(sa_type=Date)
    due_calendar: str = Field(sa_type=Text)
    due_term: str = Field(sa_type=Text)
    overdue_on: date | None = Field(default=None, sa_type=Date)
    content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    remarks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    reported_at: datetime | None = Field(default=None, sa_type=Instant)
    reported_by: str | None = Field(default=None, sa_type=Text)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    accepted_by: str | None = Field(default=None, sa_type=Text)

    @property
    def is_unfinished(self) -> bool:
        """Whether the report is still wanted and not accepted."""
        return self.status in UNFINISHED

    @property
    def round(self) -> int:
        """How often the report was returned."""
        return max((remark["round"] for remark in self.remarks), default=0)

    def submit(self, content: ReportContent, answers: Mapping[int, str], at: datetime, by: str) -> None:
        """Hand the report in, after its term too; answers are to remarks of the last list, by number."""
        if self.status not in OWED:
            raise ReportNotAwaited(status=self.status.value)
        if self.year is not None and local_day(at).year <= self.year:
            raise ReportTooEarly(year=self.year)
        stored = content.model_dump(mode="json")
        if self.status is ReportStatus.RETURNED and stored == self.content:
            raise NothingCorrected
        self.remarks = self._answered(answers)
        self.content, self.reported_at, self.reported_by = stored, at, by
        self._become(ReportStatus.SUBMITTED)

    def send_back(self, remarks: Sequence[Remark], at: datetime, by: str, due: Due) -> None:
        """Return the report with one list of remarks, each about a field, to be corrected by the end of the due day."""
        content = self._submitted()
        require_remarks(remarks, content, None, ())
        made = {"round": self.round + 1, "made_by": by, "made_at": at.isoformat(), "answer": None}
        listed = [
            {"number": number, "pointer": remark.pointer, "remark": remark.text, **made}
            for number, remark in enumerate(remarks, start=1)
        ]
        self.remarks = [*self.remarks, *listed]
        self.due_on, self.due_calendar, self.due_term, self.overdue_on = due.on, due.calendar, due.term, None
        self._become(ReportStatus.RETURNED)

    def accept(self, at: datetime, by: str) -> None:
        """Find the report right."""
        self._submitted()
        self.accepted_at, self.accepted_by = at, by
        self._become(ReportStatus.ACCEPTED)

    def become_overdue(self, at: datetime) -> None:
        """Note that the last day is over and the report has not come."""
        if self.status not in OWED:
            raise ReportNotAwaited(status=self.status.value)
        if local_day(at) <= self.due_on:
            raise ReportNotOverdue(until=self.due_on)
        self.overdue_on = local_day(at)
        self.revision += 1

    def drop(self) -> None:
        """Want the report no longer: the agreement was terminated."""
        if not self.is_unfinished:
            raise ReportNotAwaited(status=self.status.value)
        self._become(ReportStatus.DROPPED)

    def _submitted(self) -> dict[str, Any]:
        if self.status is not ReportStatus.SUBMITTED or self.content is None:
            raise ReportNotSubmitted(status=self.status.value)
        return self.content

    def _answered(self, answers: Mapping[int, str]) -> list[dict[str, Any]]:
        last = self.round
        known = {remark["number"] for remark in self.remarks if remark["round"] == last}
        for number in answers:
            if number not in known:
                raise RemarkUnknown(number=number)
        return [
            {**remark, "answer": answers.get(remark["number"])} if remark["round"] == last else remark
            for remark in self.remarks
        ]

    def _become(self, status: ReportStatus) -> None:
        self.status = status
        self.revision += 1
