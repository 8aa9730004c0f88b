"""Reading applications: lists by filter, one with all that happened, and its eligibility."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.content import Content
from grants.applications.model import Application
from grants.applications.refusals import ApplicationNotFound
from grants.applications.rules import Limits
from grants.applications.status import ApplicationStatus
from grants.eligibility.conditions import Eligibility
from grants.eligibility.documents import DOCUMENTS
from grants.eligibility.evidence import check
from grants.eligibility.rules import Stated
from grants.visibility import Sight
from shared.calendar.local_days import local_day
from shared.database.columns import columns
from shared.http.pages import PageRequest
from shared.reference.lists import ELIGIBLE_COSTS
from shared.reference.lookup import members_of_case, parameter_of_case

SHARE = "grants.share-of-project-cost-max"
CEILING = "grants.ceiling"


async def read_application(session: AsyncSession, sight: Sight, application_id: UUID) -> Application:
    """The application; raises `ApplicationNotFound` where the caller may not see it."""
    return await sight.read(session, Application, application_id, ApplicationNotFound)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which applications are wanted; `due_until` finds those whose next step is due by the end of that day."""

    status: ApplicationStatus | None = None
    call_id: UUID | None = None
    recipient_id: UUID | None = None
    number: str | None = None
    region: str | None = None
    fea_cn: str | None = None
    submitted_from: date | None = None
    submitted_to: date | None = None
    due_until: date | None = None


async def list_applications(
    session: AsyncSession, sight: Sight, page: PageRequest, wanted: Filter, today: date
) -> list[Application]:
    """The applications that the caller may see, newest first; drafts are their applicants' only."""
    statement = select(Application).where(sight.of(Application))
    for member in ("status", "call_id", "recipient_id", "number"):
        value = getattr(wanted, member)
        if value is not None:
            statement = statement.where(columns(Application)[member] == value)
    for member in ("region", "fea_cn"):
        prefix = getattr(wanted, member)
        if prefix is not None:
            statement = statement.where(columns(Application)[member].startswith(prefix, autoescape=True))
    if wanted.submitted_from is not None:
        statement = statement.where(col(Application.submitted_on) >= wanted.submitted_from)
    if wanted.submitted_to is not None:
        statement = statement.where(col(Application.submitted_on) <= wanted.submitted_to)
    if wanted.due_until is not None:
        statement = statement.where(_due_by(wanted.due_until, today))
    return list((await session.exec(page.of(statement, columns(Application).id, descending=True))).all())


def _due_by(day: date, today: date) -> ColumnElement[bool]:
    """Whether the next step is due by the end of the day: while a hearing runs, it ends before its stage does."""
    hearing, until = col(Application.status) == ApplicationStatus.HEARING, col(Application.hearing_until)
    return or_(col(Application.due_on) <= day, and_(hearing, until.between(today, day)))


async def eligibility_of(session: AsyncSession, application: Application, *, at: datetime) -> Eligibility:
    """The four conditions: those in force on the day of submission (today, before it), on today's evidence.

    The same answer before submission and after it, before signature and before each tranche (Law 86-VII, Art. 25(5)).
    """
    content = Content.model_validate(application.content)
    declarations = content.declarations
    stated = Stated(
        fea_cn=content.fea_cn,
        accepts_obligations=None if declarations is None else declarations.counter_obligations_accepted,
        documents=frozenset(document.kind for document in content.documents),
        declared=content.declared(),
    )
    today = local_day(at)
    return await check(
        session,
        stated,
        application.applicant_number,
        conditions_on=application.submitted_on or today,
        evidence_on=today,
    )


async def limits_on(session: AsyncSession, day: date, since: datetime | None = None) -> Limits:
    """What the dated parameters and lists allow on a day, for what was submitted at `since` as they were known then.

    Raises `ParameterUnknown` where one is not known.
    """
    share = await parameter_of_case(session, SHARE, day, since)
    ceiling = await parameter_of_case(session, CEILING, day, since)
    return Limits(
        day=day,
        items=frozenset(entry.key for entry in await members_of_case(session, ELIGIBLE_COSTS.name, day, since)),
        kinds=frozenset(entry.key for entry in await members_of_case(session, DOCUMENTS.name, day, since)),
        share_percent=share.limit,
        share_source=share.source,
        ceiling=ceiling.limit,
        ceiling_source=ceiling.source,
    )
