"""Routes and views of the commission: motion, votes, decision."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications import refusals as no
from grants.applications.model import Application
from grants.applications.status import ApplicationStatus
from grants.calls.model import BudgetExhausted
from grants.commission import commands, queries
from grants.commission import refusals as not_
from grants.commission.commands import Proposal
from grants.commission.model import Choice, Motion, MotionStatus, Outcome
from grants.eligibility.conditions import Condition
from grants.visibility import CurrentSight, Sight
from shared.access.callers import Role, allowed
from shared.calendar.working_days import CalendarUnknown
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown
from shared.two_people import SecondPersonWanted
from shared.values.dates import Day, Moment
from shared.values.money import Money, PositiveMoney
from shared.values.text import LongText, ShortText

router = Router(prefix="/v1", tags=["commission"])

officer = Depends(allowed(Role.OFFICER))
approver = Depends(allowed(Role.APPROVER))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.EXPERT, Role.APPROVER, Role.AUDITOR))

STATUS = (no.ApplicationNotFound, no.ApplicationStatusWrong)
HEARING = (no.HearingNotHeld, no.HearingNotOver)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ToApprove(_Asked):
    """The answer is yes, to this amount in tenge."""

    outcome: Literal["approve"]
    amount: PositiveMoney

    def value(self) -> Proposal:
        """The same for the command."""
        return Proposal(Outcome.APPROVE, amount=self.amount)


class ToRefuse(_Asked):
    """The answer is no, on one of the four grounds of Law 86-VII, Art. 25(6).

    `requirement` names the item of the rules that is not complied with.
    """

    outcome: Literal["refuse"]
    ground: Condition
    reason: ShortText
    requirement: ShortText | None = None

    def value(self) -> Proposal:
        """The same for the command."""
        return Proposal(Outcome.REFUSE, ground=self.ground, reason=self.reason, requirement=self.requirement)


class NewMotion(_Asked):
    """What the commission is to vote on."""

    motion: Annotated[ToApprove | ToRefuse, Field(discriminator="outcome")]


class NewVote(_Asked):
    """A member's vote; its reason, unless it is for the motion. A member with a conflict of interest is recused."""

    choice: Choice
    reason: ShortText | None = None


class NewDecision(_Asked):
    """The minutes of the sitting."""

    minutes: LongText


class Dropping(_Asked):
    """Why the motion is taken back."""

    reason: ShortText


class VoteView(BaseModel):
    """How a member voted, and why."""

    member: str
    choice: Choice
    reason: str | None
    cast_at: Moment


class FigureView(BaseModel):
    """A figure that a vote goes by, as known when the motion was put; `verified` where two people had confirmed it."""

    value: str
    source: str
    row: UUID
    verified: bool


class MotionView(BaseModel):
    """A motion, its votes, and what became of it."""

    id: UUID
    application_id: UUID
    outcome: Outcome
    amount: Money | None
    ground: Condition | None
    ground_reason: str | None
    requirement: str | None
    quorum: FigureView = Field(description="How many members must be present.")
    majority: FigureView = Field(description="Percent of those present of whom more must be for the motion.")
    put_by: str
    put_at: Moment
    status: MotionStatus
    tally: dict[str, int] | None
    minutes: str | None
    closed_by: str | None
    closed_at: Moment | None
    votes: list[VoteView]

    @classmethod
    def of(cls, motion: Motion, votes: Sequence[RowMapping] = ()) -> "MotionView":
        """The view of a motion with the votes that the caller may see."""
        members = {name: getattr(motion, name) for name in cls.model_fields if name != "votes"}
        return cls.model_validate({**members, "votes": [VoteView.model_validate(dict(vote)) for vote in votes]})


class DecisionView(BaseModel):
    """What the commission said, and where the application stands now."""

    application_id: UUID
    status: ApplicationStatus
    approved_amount: Money | None
    hearing_until: Day | None
    ground: Condition | None
    complaint_until: Day | None = Field(description="The last day to complain about a refusal (assumed).")
    motion: MotionView


@router.post(
    "/applications/{application_id}/motion",
    status_code=201,
    dependencies=[officer],
    responses=refusals(
        *STATUS, *HEARING, no.ApprovedAmountTooHigh, not_.MotionOpenAlready, not_.ConditionNotMet,
        not_.GroundNotEstablished, not_.RequirementMissing, not_.ApplicantMayNotVote,
        ParameterUnknown,
    ),
)  # fmt: skip
async def put_motion(
    application_id: UUID,
    body: NewMotion,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> MotionView:
    """Put the answer to the vote: to approve an amount, or to refuse on one of the four grounds."""
    application = await _resting_on(transaction, sight, application_id, expected)
    motion = await commands.put_motion(transaction, sight, application_id, body.motion.value(), at=now)
    tag(response, application.revision)
    return MotionView.of(motion)


@router.post(
    "/applications/{application_id}/votes",
    status_code=201,
    dependencies=[approver],
    responses=refusals(
        no.ApplicationNotFound, not_.MotionNotFound, not_.MotionOutdated, not_.MoverMayNotVote,
        not_.ExaminerMayNotVote, not_.ApplicantMayNotVote, not_.VoteCastAlready, not_.VoteReasonMissing,
    ),
)  # fmt: skip
async def cast_vote(
    application_id: UUID,
    body: NewVote,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> MotionView:
    """Vote on the motion, once."""
    application = await _resting_on(transaction, sight, application_id, expected)
    motion = await commands.cast_vote(transaction, sight, application_id, body.choice, body.reason, at=now)
    tag(response, application.revision)
    return MotionView.of(motion, await commands.votes_on(transaction, motion.id))


@router.post(
    "/applications/{application_id}/decision",
    dependencies=[officer],
    responses=refusals(
        *STATUS, *HEARING, not_.MotionNotFound, not_.MotionOutdated, not_.QuorumMissing, not_.ApplicantMayNotVote,
        not_.ConditionNotMet, not_.GroundNotEstablished, not_.RequirementMissing, BudgetExhausted,
        ParameterUnknown, CalendarUnknown, SecondPersonWanted,
    ),
)  # fmt: skip
async def decide(
    application_id: UUID,
    body: NewDecision,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> DecisionView:
    """Close the vote with its minutes: a carried motion is the answer, but a first no opens the hearing."""
    await _resting_on(transaction, sight, application_id, expected)
    application, motion = await commands.decide(transaction, sight, application_id, body.minutes, at=now)
    tag(response, application.revision)
    return DecisionView(
        application_id=application.id,
        status=application.status,
        approved_amount=application.approved_amount,
        hearing_until=application.hearing_until,
        ground=application.ground,
        complaint_until=application.complaint_until,
        motion=MotionView.of(motion, await commands.votes_on(transaction, motion.id)),
    )


@router.post(
    "/applications/{application_id}/motion/dropping",
    dependencies=[officer],
    responses=refusals(no.ApplicationNotFound, not_.MotionNotFound),
)
async def drop_motion(
    application_id: UUID,
    body: Dropping,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> MotionView:
    """Take the open motion back; what was voted on it is void."""
    application = await _resting_on(transaction, sight, application_id, expected)
    motion = await commands.drop_motion(transaction, sight, application_id, body.reason, at=now)
    tag(response, application.revision)
    return MotionView.of(motion)


@router.get("/applications/{application_id}/motions", dependencies=[reader], responses=refusals(no.ApplicationNotFound))
async def read_motions(
    application_id: UUID,
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    status: MotionStatus | None = None,
) -> Page[MotionView]:
    """What was before the commission: who voted how is for the institute, the decisions are for the applicant too."""
    rows = await queries.read_motions(session, sight, page, application_id, status)
    return page.page(rows, lambda row: (row[0].id,), lambda row: MotionView.of(*row))


async def _resting_on(session: AsyncSession, sight: Sight, application_id: UUID, expected: int) -> Application:
    """The application, locked, where the step rests on its current version."""
    application = await sight.load(session, Application, application_id, no.ApplicationNotFound)
    require_version(expected, application.revision)
    return application
