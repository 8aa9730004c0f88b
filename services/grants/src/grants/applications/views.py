"""What is asked of and answered about applications over HTTP; an IIN is masked."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from grants.applications.content import Applicant, Content
from grants.applications.model import Application
from grants.applications.rules import Remark
from grants.applications.status import ApplicationStatus
from grants.applications.upcoming import NextStep, next_step
from grants.eligibility.conditions import Condition
from shared.values.codes import Code
from shared.values.dates import Day, Moment
from shared.values.identifiers import is_bin, masked
from shared.values.money import Money
from shared.values.text import LongText, ShortText

Pointer = Annotated[
    str,
    Code(
        kind="pointer",
        pattern="(/[a-z0-9_-]{1,60}){1,5}",
        wanted="the JSON pointer of a field of the content",
        example="/budget/0/amount",
    ),
]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewApplication(_Asked):
    """A draft: the applicant is the company for which the caller acts, the rest may be left open."""

    call_id: UUID
    applicant: Applicant
    content: Content = Content()


class NewContent(_Asked):
    """The whole content, in place of what stood there."""

    content: Content


class NewRemark(_Asked):
    """What is to be corrected: `field` is a JSON pointer into the content; `/documents/-` says that one is missing."""

    field: Pointer
    remark: ShortText

    def value(self) -> Remark:
        """The same for the rule."""
        return Remark(self.field, self.remark)


class NewRemarks(_Asked):
    """One list of remarks."""

    remarks: Annotated[list[NewRemark], Field(max_length=100)]


class RemarkAnswer(_Asked):
    """The applicant's answer to a remark of the last list, by its number."""

    number: Annotated[int, Field(strict=True, ge=1, le=100)]
    answer: ShortText


class NewCorrection(_Asked):
    """The answers to the remarks; the correction itself was written into the content before."""

    answers: Annotated[list[RemarkAnswer], Field(max_length=100)] = []


class NewStatement(_Asked):
    """What the applicant says before the answer is no."""

    statement: LongText


class NewWithdrawal(_Asked):
    """Why the application is taken back."""

    reason: ShortText


class RemarkView(BaseModel):
    """A remark, and the applicant's answer."""

    round: int
    number: int
    field: str = Field(validation_alias="pointer")
    remark: str
    answer: str | None
    made_at: Moment


NEWEST = 50

_PRIVATE = frozenset({"expert", "approver"})


class HistoryEntry(BaseModel):
    """What happened: when, what, by whom in which roles, and why. Who voted or examined is not told to applicants."""

    at: Moment
    what: str
    by: str | None
    roles: list[str]
    reason: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, row: RowMapping, *, for_applicant: bool) -> "HistoryEntry":
        """The view of a row, as the applicant or as the institute may read it."""
        hidden = for_applicant and not _PRIVATE.isdisjoint(row["roles"])
        return cls(
            at=row["at"],
            what=row["what"],
            by=None if hidden else row["by"],
            roles=row["roles"],
            reason=None if hidden else row["reason"],
            details={} if hidden else row["details"],
        )


class ApplicantView(BaseModel):
    """Who applies; an IIN shows its last four digits only."""

    name: str
    number: str


class ApplicationSummary(BaseModel):
    """An application in a list. Amounts in tenge."""

    id: UUID
    number: str
    institute: str
    call_id: UUID
    applicant: ApplicantView
    recipient_id: UUID
    status: ApplicationStatus
    title: str | None
    region: str | None
    fea_cn: str | None
    requested_amount: Money | None
    approved_amount: Money | None
    submitted_on: Day | None
    next: NextStep | None

    @classmethod
    def of(cls, application: Application, today: date) -> "ApplicationSummary":
        """The summary as of a local day."""
        return cls.model_validate(_members(application, today, cls))


class ApplicationView(ApplicationSummary):
    """An application with all that it says, what is due next, and the newest of what happened (the rest has pages)."""

    content: Content
    created_at: Moment
    submitted_at: Moment | None
    score: str | None = Field(description="The experts' mean, in percent of the highest possible score.")
    hearing_until: Day | None
    statement: str | None
    ground: Condition | None = Field(description="The ground of a refusal: one of the four of Law 86-VII, Art. 25(6).")
    ground_reason: str | None
    complaint_until: Day | None = Field(description="The last day to complain about a refusal (assumed).")
    decided_at: Moment | None
    ended_because: str | None
    agreement_id: UUID | None
    remarks: list[RemarkView]
    history: Annotated[list[HistoryEntry], Field(max_length=NEWEST)]

    @classmethod
    def whole(
        cls,
        application: Application,
        today: date,
        *,
        remarks: Sequence[RowMapping],
        history: Sequence[RowMapping],
        for_applicant: bool,
    ) -> "ApplicationView":
        """The view as of a local day, with remarks and history as the caller may see them."""
        members = _members(application, today, cls)
        members["score"] = None if application.score is None else f"{application.score:.2f}"
        members["remarks"] = [RemarkView.model_validate(dict(row)) for row in remarks]
        members["history"] = [HistoryEntry.of(row, for_applicant=for_applicant) for row in history]
        return cls.model_validate(members)


def _members(application: Application, today: date, view: type[BaseModel]) -> dict[str, Any]:
    members = {name: getattr(application, name) for name in view.model_fields if hasattr(application, name)}
    number = application.applicant_number
    shown = number if is_bin(number) else masked(number)
    members["applicant"] = ApplicantView(name=application.applicant_name, number=shown)
    members["next"] = next_step(application, today)
    return members
