"""Reading conclusions: nobody's score is seen by another expert who has not concluded yet."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.queries import read_application
from grants.applications.status import CONSIDERED, ApplicationStatus
from grants.examination.commands import conclusions_of
from grants.examination.model import Conclusion, ExpertStanding
from grants.visibility import Sight
from shared.access.callers import Role

TOLD_TO_APPLICANTS = (CONSIDERED | {ApplicationStatus.APPROVED, ApplicationStatus.REFUSED}) - {
    ApplicationStatus.COMMISSION
}
"""From the hearing on the applicant may read what the experts said, without their names."""


async def read_conclusions(session: AsyncSession, sight: Sight, application_id: UUID) -> list[Conclusion]:
    """The conclusions that the caller may see; raises `ApplicationNotFound` where not even the application is seen.

    The institute sees all; an expert the own, and the others' once the own is given; the applicant those that were
    given, from the hearing on.
    """
    application = await read_application(session, sight, application_id)
    conclusions = await conclusions_of(session, application.id)
    if sight.institute is not None:
        return conclusions
    if Role.EXPERT in sight.caller.roles and sight.subject in application.experts:
        own = [each for each in conclusions if each.expert == sight.subject]
        concluded = any(each.standing is ExpertStanding.CONCLUDED for each in own)
        return _given(conclusions) if concluded else own
    return _given(conclusions) if application.status in TOLD_TO_APPLICANTS else []


def _given(conclusions: list[Conclusion]) -> list[Conclusion]:
    return [each for each in conclusions if each.standing is ExpertStanding.CONCLUDED]
