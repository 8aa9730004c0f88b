"""What is due next on an application, who owes it, and until when."""

from datetime import date
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, Field

from grants.applications.model import Application
from grants.applications.status import ApplicationStatus
from shared.values.dates import Day

Who = Literal["applicant", "officer", "experts", "commission"]

STEPS: MappingProxyType[ApplicationStatus, tuple[str, Who]] = MappingProxyType(
    {
        ApplicationStatus.DRAFT: ("submission", "applicant"),
        ApplicationStatus.SUBMITTED: ("completeness-check", "officer"),
        ApplicationStatus.RETURNED: ("correction", "applicant"),
        ApplicationStatus.EXAMINATION: ("examination", "experts"),
        ApplicationStatus.COMMISSION: ("decision", "commission"),
        ApplicationStatus.HEARING: ("hearing", "applicant"),
        ApplicationStatus.APPROVED: ("agreement", "officer"),
    }
)


class NextStep(BaseModel):
    """The next step: what, by whom, and by the end of which day; the day with the calendar it was computed from."""

    what: str
    by: Who
    due_on: Day | None = Field(description="The last day, included; absent where no term runs.")
    calendar: str | None = Field(description="The version of the working calendar that the day was computed with.")
    overdue: bool


def next_step(application: Application, today: date) -> NextStep | None:
    """What is due next on the local day; None where nothing is."""
    if application.agreement_id is not None or application.status not in STEPS:
        return None
    what, by = STEPS[application.status]
    due_on, heard_until = application.due_on, application.hearing_until
    if application.status is ApplicationStatus.HEARING and heard_until is not None:
        if today <= heard_until:
            due_on = heard_until
        else:
            what, by = STEPS[ApplicationStatus.COMMISSION]
    overdue = due_on is not None and today > due_on
    return NextStep(what=what, by=by, due_on=due_on, calendar=application.due_calendar, overdue=overdue)
