"""What the API takes and shows of reports."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from grants.applications.views import RemarkAnswer
from grants.reports.content import ReportContent
from grants.reports.model import OWED, Report, ReportKind, ReportStatus


class NewReport(BaseModel):
    """The report, and the answers to the remarks of the last list where it was returned."""

    model_config = ConfigDict(extra="forbid")

    content: ReportContent
    answers: Annotated[list[RemarkAnswer], Field(max_length=100)] = []


class ReportRemark(BaseModel):
    """A remark on a report: `field` is a JSON pointer into its content; and the recipient's answer."""

    round: int
    number: int
    field: str = Field(validation_alias="pointer")
    remark: str
    answer: str | None
    made_by: str
    made_at: datetime


class ReportView(BaseModel):
    """A report on the project's plan; `year` is absent of the closing report."""

    id: UUID
    agreement_id: UUID
    kind: ReportKind
    year: int | None
    status: ReportStatus
    revision: int
    due_on: date = Field(description="The last day of the recipient's present or last term.")
    due_calendar: str = Field(description="The version of the working calendar that the day was computed with.")
    overdue: bool
    overdue_on: date | None = Field(description="The day on which a scheduled job noted that the term was over.")
    content: ReportContent | None
    remarks: list[ReportRemark]
    reported_at: datetime | None
    reported_by: str | None
    accepted_at: datetime | None
    accepted_by: str | None

    @classmethod
    def of(cls, report: Report) -> Self:
        """The view of a report."""
        shown = {name: getattr(report, name) for name in cls.model_fields if name not in {"remarks", "overdue"}}
        remarks = [ReportRemark.model_validate(remark) for remark in report.remarks]
        overdue = report.status in OWED and report.overdue_on is not None
        return cls(**shown, remarks=remarks, overdue=overdue)
