"""The commission at work: a motion is put, members vote, an officer closes it with the minutes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.commands import found
from grants.applications.model import Application
from grants.applications.queries import eligibility_of
from grants.applications.records import note
from grants.applications.refusals import ApplicationNotFound, ApprovedAmountTooHigh
from grants.applications.status import ApplicationStatus
from grants.calls.model import Call
from grants.commission.model import Choice, Figure, Motion, Outcome, vote_table
from grants.commission.refusals import (
    ApplicantMayNotVote,
    ExaminerMayNotVote,
    MotionNotFound,
    MotionOpenAlready,
    VoteCastAlready,
    VoteReasonMissing,
)
from grants.commission.rules import count, require_approvable, require_ground
from grants.eligibility.conditions import Condition
from grants.examination.commands import conclusions_of
from grants.terms import Due, Term, due, due_after, end_of_complaint
from grants.visibility import Sight
from shared.access.callers import Role
from shared.calendar.local_days import local_day
from shared.calls import CallNotFound
from shared.database.loading import load
from shared.events.publishing import publish
from shared.reference.lookup import parameter

QUORUM = "grants.commission-quorum"
MAJORITY = "grants.commission-majority"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a motion proposes: an amount in tenge, or a ground of Art. 25(6) with its reason."""

    outcome: Outcome
    amount: Decimal | None = None
    ground: Condition | None = None
    reason: str | None = None
    requirement: str | None = None


async def put_motion(
    session: AsyncSession, sight: Sight, application_id: UUID, proposal: Proposal, *, at: datetime
) -> Motion:
    """Put the answer to an application to the vote."""
    application = await _load(session, sight, Role.OFFICER, application_id)
    application.require_considered()
    _require_not_own(sight, application)
    if await open_motion(session, application.id) is not None:
        raise MotionOpenAlready
    rules = await _rules_of_vote(session, application.submitted_on or local_day(at))
    eligibility = await eligibility_of(session, application, at=at)
    if proposal.ground is not None:
        require_ground(proposal.ground, proposal.requirement, eligibility)
        if application.status is ApplicationStatus.HEARING:
            application.require_heard(at)
    else:
        require_approvable(eligibility)
        _require_amount(application, proposal)
    application.motion_changed()
    await publish(session, application)
    motion = Motion(
        institute=application.institute,
        application_id=application.id,
        application_revision=application.revision,
        outcome=proposal.outcome,
        amount=proposal.amount,
        ground=proposal.ground,
        ground_reason=proposal.reason,
        requirement=proposal.requirement,
        findings=found(eligibility),
        quorum=rules[QUORUM],
        majority=rules[MAJORITY],
        put_by=sight.subject,
        put_at=at,
    )
    await publish(session, motion)
    await note(session, application, f"motion-to-{motion.outcome}", reason=proposal.reason, details=_about(motion))
    return motion


async def cast_vote(
    session: AsyncSession, sight: Sight, application_id: UUID, choice: Choice, reason: str | None, *, at: datetime
) -> Motion:
    """Vote on the open motion, once."""
    application = await _load(session, sight, Role.APPROVER, application_id)
    motion = await _open(session, application)
    motion.require_voter(sight.subject, application.revision)
    _require_not_own(sight, application)
    if sight.subject in {each.expert for each in await conclusions_of(session, application.id)}:
        raise ExaminerMayNotVote
    if choice is not Choice.FOR and not reason:
        raise VoteReasonMissing
    votes = await votes_on(session, motion.id)
    if sight.subject in {vote["member"] for vote in votes}:
        raise VoteCastAlready
    connection = await session.connection()
    await connection.execute(
        insert(vote_table).values(
            motion_id=motion.id,
            member=sight.subject,
            put_by=motion.put_by,
            choice=choice.value,
            reason=reason,
            cast_at=at,
            ordinal=len(votes) + 1,
        )
    )
    await note(session, application, "voted", reason=reason, details={"motion_id": str(motion.id), "choice": choice})
    return motion


async def decide(
    session: AsyncSession, sight: Sight, application_id: UUID, minutes: str, *, at: datetime
) -> tuple[Application, Motion]:
    """Close the vote with its minutes. A motion that is carried is the answer; a first no opens the hearing.

    A motion that is not carried leaves the application before the commission.
    """
    application = await _load(session, sight, Role.OFFICER, application_id)
    motion = await _open(session, application)
    motion.require_current(application.revision)
    _require_not_own(sight, application)
    tally = count(Choice(vote["choice"]) for vote in await votes_on(session, motion.id))
    motion.require_rules_of_another(sight.subject)
    quorum, majority = Figure.of(motion.quorum), Figure.of(motion.majority)
    carried = tally.carried(
        quorum=int(quorum.value), quorum_source=quorum.source, majority_percent=Decimal(majority.value)
    )
    motion.close(carried=carried, tally=tally.stored(), minutes=minutes, by=sight.subject, at=at)
    await publish(session, motion)
    details = {**_about(motion), "tally": tally.stored(), "rows": [quorum.row, majority.row]}
    if carried:
        await _answer(session, application, motion, at)
    what = f"decided-to-{motion.outcome}" if carried else "motion-not-carried"
    await note(session, application, what, reason=motion.ground_reason, details=details)
    return application, motion


async def drop_motion(
    session: AsyncSession, sight: Sight, application_id: UUID, reason: str, *, at: datetime
) -> Motion:
    """Take the open motion back."""
    application = await _load(session, sight, Role.OFFICER, application_id)
    motion = await _open(session, application)
    motion.drop(reason=reason, by=sight.subject, at=at)
    application.motion_changed()
    await publish(session, application)
    await publish(session, motion)
    await note(session, application, "motion-dropped", reason=reason, details={"motion_id": str(motion.id)})
    return motion


async def open_motion(session: AsyncSession, application_id: UUID) -> Motion | None:
    """The motion that is before the commission, locked."""
    statement = (
        select(Motion)
        .where(col(Motion.application_id) == application_id, col(Motion.closed_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one_or_none()


async def votes_on(session: AsyncSession, motion_id: UUID) -> list[RowMapping]:
    """The votes on a motion, in the order in which they were cast."""
    connection = await session.connection()
    statement = core_select(vote_table).where(vote_table.c.motion_id == motion_id).order_by(vote_table.c.ordinal)
    return list((await connection.execute(statement)).mappings())


async def _rules_of_vote(session: AsyncSession, day: date) -> dict[str, dict[str, Any]]:
    """The quorum and the majority of the day, as they are known when the motion is put: the vote goes by them."""
    rows = [await parameter(session, name, day) for name in (QUORUM, MAJORITY)]
    return {
        row.name: Figure(
            value=str(row.whole if row.name == QUORUM else row.number),
            source=row.source,
            row=str(row.id),
            verified=row.verified,
            imported_by=row.imported_by,
        ).stored()
        for row in rows
    }


async def _answer(session: AsyncSession, application: Application, motion: Motion, at: datetime) -> None:
    if motion.amount is not None:
        require_approvable(await eligibility_of(session, application, at=at))
        event = application.approve(motion.amount, at, await due(session, Term.OFFER, at))
        call = await load(session, Call, application.call_id, CallNotFound)
        call.award(motion.amount)
        await publish(session, call)
        await publish(session, application, event)
    elif application.status is ApplicationStatus.COMMISSION:
        term = await due(session, Term.HEARING, at)
        decision = await due_after(session, Term.DECISION, term.on)
        await publish(session, application, application.open_hearing(at, term.on, decision))
        await note(session, application, "hearing-opened", details=_until(term))
    elif motion.ground is not None:
        require_ground(motion.ground, motion.requirement, await eligibility_of(session, application, at=at))
        until = await end_of_complaint(session, at)
        await publish(session, application, application.refuse(motion.ground, motion.ground_reason or "", at, until))


def _until(term: Due) -> dict[str, str]:
    return {"until": term.on.isoformat(), "calendar": term.calendar, "term": term.term}


def _about(motion: Motion) -> dict[str, object]:
    named = {
        "motion_id": motion.id,
        "amount": motion.amount,
        "ground": motion.ground,
        "requirement": motion.requirement,
    }
    return {name: str(value) for name, value in named.items() if value is not None}


def _require_amount(application: Application, proposal: Proposal) -> None:
    requested, amount = application.requested_amount or Decimal(0), proposal.amount or Decimal(0)
    if amount > requested:
        raise ApprovedAmountTooHigh(amount=f"{amount:.2f}", requested=f"{requested:.2f}", field="/motion/amount")


def _require_not_own(sight: Sight, application: Application) -> None:
    if sight.subject == application.created_by or sight.caller.bin == application.applicant_number:
        raise ApplicantMayNotVote


async def _load(session: AsyncSession, sight: Sight, role: Role, application_id: UUID) -> Application:
    return await sight.only(role).load(session, Application, application_id, ApplicationNotFound)


async def _open(session: AsyncSession, application: Application) -> Motion:
    motion = await open_motion(session, application.id)
    if motion is None:
        raise MotionNotFound
    return motion
