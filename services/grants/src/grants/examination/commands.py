"""The examination: experts are asked, declare, conclude; an officer closes it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.model import Application
from grants.applications.records import note
from grants.applications.refusals import ApplicationNotFound, ExpertAskedAlready
from grants.examination.model import Conclusion, ConclusionNotFound, ExpertIsOfficer, Recommendation
from grants.examination.rules import CriteriaNotKnown, Criterion, Score, mean, weigh
from grants.terms import Term, due
from grants.visibility import Sight
from shared.access.callers import Role
from shared.calendar.local_days import local_day
from shared.events.publishing import publish
from shared.http.etag import require_version
from shared.reference.lists import EXAMINATION_CRITERIA
from shared.reference.lookup import members_of_case, parameter_of_case
from shared.reference.rows import Entry

LEAST_EXPERTS = "grants.experts-least"


async def ask_expert(
    session: AsyncSession, sight: Sight, application_id: UUID, expert: str, *, at: datetime
) -> Conclusion:
    """Ask an expert to examine the application, who sees it from now on."""
    application = await _load(session, sight.only(Role.OFFICER), application_id)
    if expert in {each.expert for each in await conclusions_of(session, application.id)}:
        raise ExpertAskedAlready
    if expert == sight.subject:
        raise ExpertIsOfficer
    application.ask_expert(expert)
    conclusion = Conclusion(
        institute=application.institute,
        application_id=application.id,
        expert=expert,
        asked_by=sight.subject,
        asked_at=at,
    )
    await publish(session, application)
    await publish(session, conclusion)
    await note(session, application, "expert-asked", details={"conclusion_id": str(conclusion.id)})
    return conclusion


async def declare_conflict(
    session: AsyncSession,
    sight: Sight,
    application_id: UUID,
    *,
    conflict: bool,
    reason: str | None,
    version: int,
    at: datetime,
) -> Conclusion:
    """Declare that there is a conflict of interest, which bars the expert, or that there is none."""
    application, conclusion = await _experts_own(session, sight, application_id, version)
    conclusion.declare(conflict=conflict, reason=reason, at=at)
    if conflict:
        application.release_expert(conclusion.expert)
    await publish(session, conclusion)
    await publish(session, application)
    what = "conflict-declared" if conflict else "no-conflict-declared"
    await note(session, application, what, reason=reason, details={"conclusion_id": str(conclusion.id)})
    return conclusion


async def conclude(
    session: AsyncSession,
    sight: Sight,
    application_id: UUID,
    scores: Sequence[Score],
    recommendation: Recommendation,
    summary: str,
    *,
    version: int,
    at: datetime,
) -> Conclusion:
    """Give the expert's conclusion, by the criteria in force on the day of submission."""
    application, conclusion = await _experts_own(session, sight, application_id, version)
    criteria = await criteria_on(session, application.submitted_on or local_day(at), application.submitted_at)
    stored, percent = weigh(scores, criteria)
    conclusion.conclude(stored, percent, recommendation, summary, at)
    await publish(session, conclusion)
    await note(session, application, "expert-concluded", details={"conclusion_id": str(conclusion.id)})
    return conclusion


async def discharge_expert(
    session: AsyncSession, sight: Sight, conclusion_id: UUID, reason: str, *, version: int
) -> Conclusion:
    """Release an expert who does not conclude."""
    seen = await sight.only(Role.OFFICER).read(session, Conclusion, conclusion_id, ConclusionNotFound)
    application = await _load(session, sight.only(Role.OFFICER), seen.application_id)
    conclusion = await sight.load(session, Conclusion, conclusion_id, ConclusionNotFound)
    require_version(version, conclusion.revision)
    conclusion.discharge(reason)
    application.release_expert(conclusion.expert)
    await publish(session, conclusion)
    await publish(session, application)
    await note(session, application, "expert-discharged", reason=reason, details={"conclusion_id": str(conclusion.id)})
    return conclusion


async def close_examination(session: AsyncSession, sight: Sight, application_id: UUID, *, at: datetime) -> Application:
    """Close the examination when every expert has concluded, and enough of them: the commission may decide."""
    application = await _load(session, sight.only(Role.OFFICER), application_id)
    conclusions = await conclusions_of(session, application.id)
    day = application.submitted_on or local_day(at)
    least = await parameter_of_case(session, LEAST_EXPERTS, day, application.submitted_at)
    percents = [conclusion.percent for conclusion in conclusions if conclusion.percent is not None]
    term = await due(session, Term.COMMISSION, at)
    outstanding = sum(conclusion.is_outstanding for conclusion in conclusions)
    application.require_examination()
    event = application.examined(mean(percents, outstanding=outstanding, least=least.whole), at, term)
    await publish(session, application, event)
    details = {"score": event.score, "conclusions": len(percents), "least": str(least.id)}
    await note(session, application, "examined", details=details)
    return application


async def criteria_on(session: AsyncSession, day: date, since: datetime | None) -> list[Criterion]:
    """What experts score on a day: the criteria of the rules (Law 86-VII, Art. 42(3)), by default those of Art. 25(4).

    Of what was submitted at `since`, as they were known then. Raises `CriteriaNotKnown` where there is none for the
    day.
    """
    rows = await members_of_case(session, EXAMINATION_CRITERIA.name, day, since)
    criteria = [criterion_of(row) for row in rows]
    if not criteria:
        raise CriteriaNotKnown(day=day)
    return criteria


def criterion_of(row: Entry) -> Criterion:
    """The criterion that a row of the dated list states."""
    return Criterion(
        key=row.key,
        name=row.attributes["name"],
        highest=int(row.attributes["highest_score"]),
        row=str(row.id),
        source=row.source,
        verified=row.verified,
    )


async def conclusions_of(session: AsyncSession, application_id: UUID) -> list[Conclusion]:
    """Every expert's part, in the order in which they were asked."""
    statement = select(Conclusion).where(col(Conclusion.application_id) == application_id)
    return list((await session.exec(statement.order_by(col(Conclusion.asked_at), col(Conclusion.id)))).all())


async def _load(session: AsyncSession, sight: Sight, application_id: UUID) -> Application:
    return await sight.load(session, Application, application_id, ApplicationNotFound)


async def _experts_own(
    session: AsyncSession, sight: Sight, application_id: UUID, version: int
) -> tuple[Application, Conclusion]:
    """The application that the expert examines, locked, and the expert's own part, at the version it rests on."""
    application = await _load(session, sight.only(Role.EXPERT), application_id)
    application.require_examination()
    statement = select(Conclusion).where(
        col(Conclusion.application_id) == application.id, col(Conclusion.expert) == sight.subject
    )
    found = await session.exec(statement.with_for_update().execution_options(populate_existing=True))
    conclusion = found.one()
    require_version(version, conclusion.revision)
    return application, conclusion
