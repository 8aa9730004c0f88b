"""The application: guarded by its status, from a draft to the commission's answer."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Numeric, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from grants.applications.content import Content
from grants.applications.refusals import (
    ApplicationContractedAlready,
    ApplicationStatusWrong,
    ApprovedAmountTooHigh,
    CorrectionNotOverdue,
    CorrectionTooLate,
    ExpertAskedAlready,
    ExpertIsApplicant,
    ExpertNotAsked,
    HeardAlready,
    HearingNotHeld,
    HearingNotOver,
    HearingOver,
    NothingCorrected,
)
from grants.applications.status import CONSIDERED, OPEN, ApplicationStatus
from grants.eligibility.conditions import Condition
from grants.record import Record
from grants.terms import Due
from grants.visibility import Drafted
from shared.calendar.local_days import local_day
from shared.contracts.grants import (
    ApplicationAnnulled,
    ApplicationApproved,
    ApplicationCompleted,
    ApplicationCorrected,
    ApplicationExamined,
    ApplicationRefused,
    ApplicationReturned,
    ApplicationSubmitted,
    HearingOpened,
)
from shared.database.columns import Instant, Tenge, TextEnum

_quoted = ", ".join(f"'{status}'" for status in ApplicationStatus)
_grounds = ", ".join(f"'{ground}'" for ground in Condition)


class Application(Record, Drafted, table=True):
    """A company's application for an industrial grant (Law 86-VII, Art. 42).

    `content` is all that the applicant wrote; what is looked for stands in columns too. Amounts are tenge. `revision`
    counts every change, `version` the events. `due_on` is the last day of the present stage, with the calendar's
    version and the term that it was computed from; a hearing's stage lasts until the decision after it. An IIN in
    `applicant_number` leaves this table masked only.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(f"status in ({_quoted})", name="status_known"),
        CheckConstraint("applicant_number ~ '^[0-9]{12}$'", name="applicant_number_form"),
        CheckConstraint("(status = 'approved') = (approved_amount is not null)", name="amount_when_approved"),
        CheckConstraint("approved_amount > 0 and approved_amount <= requested_amount", name="amount_within_request"),
        CheckConstraint("(status = 'refused') = (ground is not null)", name="ground_when_refused"),
        CheckConstraint(f"ground in ({_grounds})", name="ground_known"),
        CheckConstraint(
            "ground is null or (coalesce(ground_reason, '') <> '' and hearing_until is not null)", name="refused_heard"
        ),
        CheckConstraint("(status = 'refused') = (complaint_until is not null)", name="complaint_when_refused"),
        CheckConstraint("(agreement_id is null) or status = 'approved'", name="agreement_when_approved"),
        CheckConstraint(
            "award_lapsed_on is null or (status = 'approved' and agreement_id is null)", name="lapsed_award_is_free"
        ),
        CheckConstraint("(due_on is null) = (due_calendar is null)", name="due_with_calendar"),
        CheckConstraint("status in ('draft', 'withdrawn') or submitted_on is not null", name="submitted_on_known"),
        Index(
            "uq_application_open_of_a_company",
            "call_id",
            "recipient_id",
            unique=True,
            postgresql_where=text("status not in ('refused', 'annulled', 'withdrawn')"),
        ),
        Index("ix_application_institute_status", "institute", "status", "id"),
        Index("ix_application_due_on", "due_on", postgresql_where=text("due_on is not null")),
    )

    call_id: UUID = Field(sa_type=Uuid, foreign_key="call.id", index=True)
    number: str = Field(sa_type=Text, unique=True)
    applicant_name: str = Field(sa_type=Text)
    applicant_number: str = Field(sa_type=Text, repr=False)
    recipient_id: UUID = Field(sa_type=Uuid, index=True)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    revision: int = Field(default=1, sa_type=Integer)
    status: ApplicationStatus = Field(
        default=ApplicationStatus.DRAFT,
        sa_type=TextEnum(ApplicationStatus),
    )
    content: dict[str, Any] = Field(sa_type=JSONB)
    title: str | None = Field(default=None, sa_type=Text)
    region: str | None = Field(default=None, sa_type=Text)
    fea_cn: str | None = Field(default=None, sa_type=Text)
    requested_amount: Decimal | None = Field(default=None, sa_type=Tenge)
    project_cost: Decimal | None = Field(default=None, sa_type=Tenge)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_on: date | None = Field(default=None, sa_type=Date)
    due_on: date | None = Field(default=None, sa_type=Date)
    due_calendar: str | None = Field(default=None, sa_type=Text)
    due_term: str | None = Field(default=None, sa_type=Text)
    returned_content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    first_content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    experts: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    score: Decimal | None = Field(default=None, sa_type=Numeric(5, 2))
    hearing_until: date | None = Field(default=None, sa_type=Date)
    statement: str | None = Field(default=None, sa_type=Text)
    heard_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_amount: Decimal | None = Field(default=None, sa_type=Tenge)
    ground: Condition | None = Field(default=None, sa_type=TextEnum(Condition))
    ground_reason: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    complaint_until: date | None = Field(default=None, sa_type=Date)
    award_lapsed_on: date | None = Field(default=None, sa_type=Date)
    ended_because: str | None = Field(default=None, sa_type=Text)
    agreement_id: UUID | None = Field(default=None, sa_type=Uuid, unique=True)

    def write(self, content: Content) -> None:
        """Put what the applicant writes in place of what stood there, in a draft or a returned application."""
        self._require("be written", ApplicationStatus.DRAFT, ApplicationStatus.RETURNED)
        self.content = content.stored()
        self.title, self.region, self.fea_cn = content.title, content.region, content.fea_cn
        self.requested_amount, self.project_cost = content.requested_amount, content.project_cost
        self.revision += 1

    def submit(self, at: datetime, due: Due) -> ApplicationSubmitted:
        """Hand the draft in; it is judged by the conditions of this day from now on."""
        self._require("be submitted", ApplicationStatus.DRAFT)
        self.submitted_at, self.submitted_on = at, local_day(at)
        self._enter(ApplicationStatus.SUBMITTED, due)
        return ApplicationSubmitted(
            occurred_at=at,
            application_id=self.id,
            call_id=self.call_id,
            number=self.number,
            recipient_id=self.recipient_id,
            requested=self.requested_amount or Decimal(0),
            submitted_on=self.submitted_on,
        )

    def return_for_correction(self, remarks: int, at: datetime, due: Due) -> ApplicationReturned:
        """Send it back with its list of remarks, to be corrected by the end of the due day."""
        self._require("be returned", ApplicationStatus.SUBMITTED)
        self.returned_content = self.content
        self.first_content = self.first_content or self.content
        self._enter(ApplicationStatus.RETURNED, due)
        return ApplicationReturned(occurred_at=at, **self._who(), remarks=remarks, correct_until=due.on)

    def correct(self, at: datetime, due: Due) -> ApplicationCorrected:
        """Send the corrected application in again, until the end of the last day of the term."""
        self._require("be corrected", ApplicationStatus.RETURNED)
        if self.due_on is not None and local_day(at) > self.due_on:
            raise CorrectionTooLate(until=self.due_on)
        if self.content == self.returned_content:
            raise NothingCorrected
        self._enter(ApplicationStatus.SUBMITTED, due)
        return ApplicationCorrected(occurred_at=at, **self._who())

    def complete(self, at: datetime, due: Due) -> ApplicationCompleted:
        """Find the application complete: it goes to examination."""
        self._require("be found complete", ApplicationStatus.SUBMITTED)
        self._enter(ApplicationStatus.EXAMINATION, due)
        return ApplicationCompleted(occurred_at=at, **self._who())

    def ask_expert(self, expert: str) -> None:
        """Let an expert see and examine the application."""
        self._require("be given to an expert", ApplicationStatus.EXAMINATION)
        if expert == self.created_by:
            raise ExpertIsApplicant
        if expert in self.experts:
            raise ExpertAskedAlready
        self.experts = [*self.experts, expert]
        self.revision += 1

    def release_expert(self, expert: str) -> None:
        """Let an expert who is barred or discharged see the application no longer."""
        self._require("be taken from an expert", ApplicationStatus.EXAMINATION)
        if expert not in self.experts:
            raise ExpertNotAsked
        self.experts = [each for each in self.experts if each != expert]
        self.revision += 1

    def require_examination(self) -> None:
        """Raise unless the experts are at work."""
        self._require("be examined", ApplicationStatus.EXAMINATION)

    def examined(self, score: Decimal, at: datetime, due: Due) -> ApplicationExamined:
        """Close the examination with its score, in percent: the commission may decide."""
        self._require("be examined", ApplicationStatus.EXAMINATION)
        self.score = score
        self._enter(ApplicationStatus.COMMISSION, due)
        return ApplicationExamined(occurred_at=at, **self._who(), score=f"{score:.2f}")

    def require_considered(self) -> None:
        """Raise unless the commission may take the application up."""
        self._require("be considered", *CONSIDERED)

    def motion_changed(self) -> None:
        """A motion was put or taken back: votes and decisions rest on the application as it stands from now on."""
        self.revision += 1

    def open_hearing(self, at: datetime, until: date, decision: Due) -> HearingOpened:
        """Tell the applicant that the answer will be no, and until when it is heard (APPC, Art. 73); then comes it."""
        self._require("be heard", ApplicationStatus.COMMISSION)
        self.hearing_until = until
        self._enter(ApplicationStatus.HEARING, decision)
        return HearingOpened(occurred_at=at, **self._who(), hearing_until=until)

    def hear(self, statement: str, at: datetime) -> None:
        """Take down what the applicant says, once, until the end of the hearing."""
        self._require("make a statement", ApplicationStatus.HEARING)
        if self.heard_at is not None:
            raise HeardAlready(day=local_day(self.heard_at))
        if self.hearing_until is not None and local_day(at) > self.hearing_until:
            raise HearingOver(until=self.hearing_until)
        self.statement, self.heard_at = statement, at
        self.revision += 1

    def approve(self, amount: Decimal, at: datetime, due: Due) -> ApplicationApproved:
        """Say yes, to this amount in tenge; after a hearing too. An agreement is offered by the end of the due day."""
        self._require("be approved", *CONSIDERED)
        requested = self.requested_amount or Decimal(0)
        if amount > requested:
            raise ApprovedAmountTooHigh(amount=f"{amount:.2f}", requested=f"{requested:.2f}", field="/motion/amount")
        self.approved_amount, self.decided_at = amount, at
        self._enter(ApplicationStatus.APPROVED, due)
        return ApplicationApproved(occurred_at=at, **self._who(), approved=amount)

    def refuse(self, ground: Condition, reason: str, at: datetime, complaint_until: date) -> ApplicationRefused:
        """Say no, on one of the four grounds of Art. 25(6), on a day after the hearing's last."""
        self.require_heard(at)
        self.ground, self.ground_reason, self.decided_at = ground, reason, at
        self.complaint_until = complaint_until
        self._enter(ApplicationStatus.REFUSED, None)
        return ApplicationRefused(occurred_at=at, **self._who(), ground=ground.value, reason=reason)

    def require_heard(self, at: datetime) -> None:
        """Raise unless the hearing is over, which every refusal waits for."""
        self._require("be refused", *CONSIDERED)
        if self.status is ApplicationStatus.COMMISSION or self.hearing_until is None:
            raise HearingNotHeld
        if local_day(at) <= self.hearing_until:
            raise HearingNotOver(until=self.hearing_until)

    def withdraw(self, reason: str, at: datetime) -> ApplicationAnnulled:
        """Take the application back, as its applicant may until it is decided."""
        self._require("be withdrawn", *OPEN)
        self.ended_because = reason
        self._enter(ApplicationStatus.WITHDRAWN, None)
        return ApplicationAnnulled(occurred_at=at, **self._who(), reason="withdrawn")

    def annul(self, at: datetime) -> ApplicationAnnulled:
        """End a returned application whose term passed without a correction."""
        self._require("be annulled", ApplicationStatus.RETURNED)
        if self.due_on is None or local_day(at) <= self.due_on:
            raise CorrectionNotOverdue(until=self.due_on)
        self.ended_because = "not corrected in time"
        self._enter(ApplicationStatus.ANNULLED, None)
        return ApplicationAnnulled(occurred_at=at, **self._who(), reason="not-corrected")

    def contract(self, agreement_id: UUID) -> None:
        """Note the agreement that was offered on the approved application, one at a time: its term is kept."""
        self._require("be contracted", ApplicationStatus.APPROVED)
        if self.agreement_id is not None:
            raise ApplicationContractedAlready(agreement_id=self.agreement_id)
        self.agreement_id, self.award_lapsed_on = agreement_id, None
        self._enter(ApplicationStatus.APPROVED, None)

    def let_award_lapse(self, on: date) -> None:
        """Note that the offer was not signed in time: the award is the call's again, until a new offer."""
        self._require("lose its award", ApplicationStatus.APPROVED)
        self.agreement_id, self.award_lapsed_on = None, on
        self.revision += 1

    def _who(self) -> dict[str, UUID]:
        return {"application_id": self.id, "recipient_id": self.recipient_id}

    def _enter(self, status: ApplicationStatus, due: Due | None) -> None:
        self.status = status
        self.due_on, self.due_calendar, self.due_term = (due.on, due.calendar, due.term) if due else (None, None, None)
        self.revision += 1

    def _require(self, verb: str, *wanted: ApplicationStatus) -> None:
        if self.status not in wanted:
            listed = ", ".join(status for status in ApplicationStatus if status in wanted)
            raise ApplicationStatusWrong(verb=verb, wanted=listed, status=self.status.value)
