"""Routes of applications: drafting, submitting, the completeness check, the hearing, withdrawing, reading."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications import commands, queries
from grants.applications import refusals as no
from grants.applications.model import Application
from grants.applications.queries import Filter
from grants.applications.records import history_page, newest_of, remarks_of
from grants.applications.status import ApplicationStatus
from grants.applications.views import (
    NEWEST,
    ApplicationSummary,
    ApplicationView,
    HistoryEntry,
    NewApplication,
    NewContent,
    NewCorrection,
    NewRemarks,
    NewStatement,
    NewWithdrawal,
)
from grants.calls.model import OutsideTheWindow
from grants.eligibility.views import EligibilityView
from grants.visibility import CurrentSight, Sight
from shared.access.callers import Role, allowed
from shared.calendar.local_days import local_day
from shared.calendar.working_days import CalendarUnknown
from shared.calls import CallNotFound, CallNotOpen
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.http.words import CurrentWords
from shared.reference.refusals import ParameterUnknown
from shared.values.dates import Day
from shared.values.identifiers import FeaCn

router = Router(prefix="/v1", tags=["applications"])

applicant = Depends(allowed(Role.APPLICANT))
officer = Depends(allowed(Role.OFFICER))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.EXPERT, Role.APPROVER, Role.AUDITOR))

CONTENT = (
    no.ApplicationIncomplete, no.OutsideThisLaw, no.BudgetNotEven, no.BudgetLineOverdrawn, no.ItemNotEligible,
    no.DocumentKindUnknown, no.DocumentTwice, no.ShareTooHigh, no.CeilingExceeded,
)  # fmt: skip
STATUS = (no.ApplicationNotFound, no.ApplicationStatusWrong)
TERM = (ParameterUnknown, CalendarUnknown)


@router.post(
    "/applications",
    status_code=201,
    dependencies=[applicant],
    responses=refusals(CallNotFound, CallNotOpen, no.ApplicantNotCaller, no.ApplicationOpenAlready),
)
async def draft_application(
    body: NewApplication, transaction: Transaction, sight: CurrentSight, now: Now, response: Response
) -> ApplicationView:
    """Begin an application to an open call."""
    application = await commands.draft_application(
        transaction, sight, body.call_id, body.applicant, body.content, at=now
    )
    return await _view(transaction, application, sight, now, response)


@router.put("/applications/{application_id}/content", dependencies=[applicant], responses=refusals(*STATUS))
async def write_content(
    application_id: UUID,
    body: NewContent,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> ApplicationView:
    """Write the content of a draft or of a returned application anew."""
    await _require(transaction, sight, application_id, expected)
    application = await commands.write_content(transaction, sight, application_id, body.content)
    return await _view(transaction, application, sight, now, response)


@router.post(
    "/applications/{application_id}/submission",
    dependencies=[applicant],
    responses=refusals(*STATUS, *TERM, *CONTENT, CallNotOpen, OutsideTheWindow),
)
async def submit_application(
    application_id: UUID, transaction: Transaction, sight: CurrentSight, now: Now, expected: IfMatch, response: Response
) -> ApplicationView:
    """Hand the draft in; the conditions in force on this day judge it from now on."""
    await _require(transaction, sight, application_id, expected)
    application = await commands.submit_application(transaction, sight, application_id, at=now)
    return await _view(transaction, application, sight, now, response)


@router.post(
    "/applications/{application_id}/return",
    dependencies=[officer],
    responses=refusals(*STATUS, *TERM, no.RemarksMissing, no.RemarkPointsNowhere, no.RemarkTooLate),
)
async def return_application(
    application_id: UUID,
    body: NewRemarks,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> ApplicationView:
    """Send the application back with one list of remarks, each about a field."""
    await _require(transaction, sight, application_id, expected)
    remarks = [remark.value() for remark in body.remarks]
    application = await commands.return_application(transaction, sight, application_id, remarks, at=now)
    return await _view(transaction, application, sight, now, response)


@router.post(
    "/applications/{application_id}/correction",
    dependencies=[applicant],
    responses=refusals(*STATUS, *TERM, *CONTENT, no.CorrectionTooLate, no.NothingCorrected, no.RemarkUnknown),
)
async def correct_application(
    application_id: UUID,
    body: NewCorrection,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> ApplicationView:
    """Send the corrected application in again, with answers to the remarks."""
    await _require(transaction, sight, application_id, expected)
    answers = {answer.number: answer.answer for answer in body.answers}
    application = await commands.correct_application(transaction, sight, application_id, answers, at=now)
    return await _view(transaction, application, sight, now, response)


@router.post("/applications/{application_id}/completeness", dependencies=[officer], responses=refusals(*STATUS, *TERM))
async def complete_application(
    application_id: UUID, transaction: Transaction, sight: CurrentSight, now: Now, expected: IfMatch, response: Response
) -> ApplicationView:
    """Find the application complete: it goes to examination."""
    await _require(transaction, sight, application_id, expected)
    application = await commands.complete_application(transaction, sight, application_id, at=now)
    return await _view(transaction, application, sight, now, response)


@router.post(
    "/applications/{application_id}/hearing-statement",
    dependencies=[applicant],
    responses=refusals(*STATUS, no.HeardAlready, no.HearingOver),
)
async def state_at_hearing(
    application_id: UUID,
    body: NewStatement,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> ApplicationView:
    """Say what speaks against a no, until the end of the hearing."""
    await _require(transaction, sight, application_id, expected)
    application = await commands.state_at_hearing(transaction, sight, application_id, body.statement, at=now)
    return await _view(transaction, application, sight, now, response)


@router.post("/applications/{application_id}/withdrawal", dependencies=[applicant], responses=refusals(*STATUS))
async def withdraw_application(
    application_id: UUID,
    body: NewWithdrawal,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> ApplicationView:
    """Take the application back, as long as it is not decided."""
    await _require(transaction, sight, application_id, expected)
    application = await commands.withdraw_application(transaction, sight, application_id, body.reason, at=now)
    return await _view(transaction, application, sight, now, response)


@router.get("/applications", dependencies=[reader])
async def list_applications(
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    now: Now,
    status: ApplicationStatus | None = None,
    call_id: UUID | None = None,
    recipient_id: UUID | None = None,
    number: Annotated[str | None, Query(pattern="^IG-[0-9]{4}-[0-9]{6,18}$")] = None,
    region: Annotated[str | None, Query(pattern="^[0-9]{2,9}$")] = None,
    fea_cn: FeaCn | None = None,
    submitted_from: Day | None = None,
    submitted_to: Day | None = None,
    due_until: Day | None = None,
) -> Page[ApplicationSummary]:
    """The applications that the caller may see, newest first; `region` and `fea_cn` match by their beginning."""
    wanted = Filter(
        status=status,
        call_id=call_id,
        recipient_id=recipient_id,
        number=number,
        region=region,
        fea_cn=fea_cn,
        submitted_from=submitted_from,
        submitted_to=submitted_to,
        due_until=due_until,
    )
    today = local_day(now)
    rows = await queries.list_applications(session, sight, page, wanted, today)
    return page.page(rows, lambda row: (row.id,), lambda row: ApplicationSummary.of(row, today))


@router.get("/applications/{application_id}", dependencies=[reader], responses=refusals(no.ApplicationNotFound))
async def read_application(
    application_id: UUID, session: Reading, sight: CurrentSight, now: Now, response: Response
) -> ApplicationView:
    """One application: what it says, what happened to it last, and what is due next."""
    application = await queries.read_application(session, sight, application_id)
    return await _view(session, application, sight, now, response)


@router.get("/applications/{application_id}/history", dependencies=[reader], responses=refusals(no.ApplicationNotFound))
async def read_application_history(
    application_id: UUID, session: Reading, sight: CurrentSight, page: WantedPage
) -> Page[HistoryEntry]:
    """List everything that happened to the application, the newest first."""
    application = await queries.read_application(session, sight, application_id)
    rows = await history_page(session, page, application.id)
    return page.page(
        rows, lambda row: (row["id"],), lambda row: HistoryEntry.of(row, for_applicant=sight.institute is None)
    )


@router.get(
    "/applications/{application_id}/eligibility", dependencies=[reader], responses=refusals(no.ApplicationNotFound)
)
async def read_eligibility(
    application_id: UUID, session: Reading, sight: CurrentSight, now: Now, words: CurrentWords
) -> EligibilityView:
    """The four conditions of Art. 25(5): the same checker before submission and after it."""
    application = await queries.read_application(session, sight, application_id)
    return EligibilityView.of(await queries.eligibility_of(session, application, at=now), words)


async def _require(session: AsyncSession, sight: Sight, application_id: UUID, expected: int) -> None:
    """The decision rests on the current version; the row is locked from here on."""
    application = await sight.load(session, Application, application_id, no.ApplicationNotFound)
    require_version(expected, application.revision)


async def _view(
    session: AsyncSession, application: Application, sight: Sight, now: Now, response: Response
) -> ApplicationView:
    tag(response, application.revision)
    return ApplicationView.whole(
        application,
        local_day(now),
        remarks=await remarks_of(session, application.id),
        history=await newest_of(session, application.id, NEWEST),
        for_applicant=sight.institute is None,
    )
