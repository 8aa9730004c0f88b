"""Reading the examination: nobody's score is seen by another expert who has not concluded yet."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.model import Application
from grants.applications.queries import read_application
from grants.applications.refusals import ApplicationNotFound
from grants.applications.status import CONSIDERED, ApplicationStatus
from grants.examination.commands import criterion_of
from grants.examination.model import Conclusion, ConclusionNotFound, ExpertStanding
from grants.examination.rules import CriteriaNotKnown, Criterion
from grants.visibility import Sight
from shared.access.callers import Role
from shared.database.columns import columns
from shared.http.pages import PageRequest
from shared.reference.lists import EXAMINATION_CRITERIA
from shared.reference.lookup import entry_of, members, on_day, rows_of
from shared.reference.tables import reference_list_entry

TOLD_TO_APPLICANTS = (CONSIDERED | {ApplicationStatus.APPROVED, ApplicationStatus.REFUSED}) - {
    ApplicationStatus.COMMISSION
}
"""From the hearing on the applicant may read what the experts said, without their names."""


async def conclusion_page(
    session: AsyncSession, sight: Sight, page: PageRequest, application_id: UUID, standing: ExpertStanding | None
) -> Sequence[Conclusion]:
    """A page of the conclusions that the caller may see, in the order in which the experts were asked.

    Raises `ApplicationNotFound` where not even the application is seen.
    """
    application = await read_application(session, sight, application_id)
    statement = select(Conclusion).where(col(Conclusion.application_id) == application.id, _seen(sight, application))
    if standing is not None:
        statement = statement.where(col(Conclusion.standing) == standing)
    return (await session.exec(page.of(statement, columns(Conclusion).asked_at, columns(Conclusion).id))).all()


async def read_conclusion(session: AsyncSession, sight: Sight, conclusion_id: UUID) -> Conclusion:
    """One conclusion; raises `ConclusionNotFound` where the caller may not see it."""
    found = await session.get(Conclusion, conclusion_id, populate_existing=True)
    if found is None:
        raise ConclusionNotFound(id=conclusion_id)
    try:
        application = await read_application(session, sight, found.application_id)
    except ApplicationNotFound:
        raise ConclusionNotFound(id=conclusion_id) from None
    statement = select(Conclusion).where(col(Conclusion.id) == conclusion_id, _seen(sight, application))
    seen = (await session.exec(statement)).one_or_none()
    if seen is None:
        raise ConclusionNotFound(id=conclusion_id)
    return seen


async def criteria_page(session: AsyncSession, page: PageRequest, day: date, since: datetime | None) -> list[Criterion]:
    """A page of what experts score on a day, by key, as `criteria_on` says for what was submitted at `since`.

    Raises `CriteriaNotKnown` where the list has none for the day.
    """
    known_then = since is not None and await members(session, EXAMINATION_CRITERIA.name, day, since, limit=1)
    listed = on_day(EXAMINATION_CRITERIA.name, day, since if known_then else None)
    statement = page.of(listed, reference_list_entry.c.key)
    criteria = [criterion_of(entry_of(row, None)) for row in await rows_of(session, statement)]
    if not criteria and page.after is None:
        raise CriteriaNotKnown(day=day)
    return criteria


def _seen(sight: Sight, application: Application) -> ColumnElement[bool]:
    """The institute sees all; an expert the own, and the others' once the own is given; the applicant, from the
    hearing on, those that were given.
    """
    given = col(Conclusion.standing) == ExpertStanding.CONCLUDED
    if sight.institute is not None:
        return true()
    if Role.EXPERT in sight.caller.roles and sight.subject in application.experts:
        mine = aliased(Conclusion)
        concluded = exists().where(
            col(mine.application_id) == application.id,
            col(mine.expert) == sight.subject,
            col(mine.standing) == ExpertStanding.CONCLUDED,
        )
        return or_(col(Conclusion.expert) == sight.subject, and_(concluded, given))
    return given if application.status in TOLD_TO_APPLICANTS else false()
