"""Routes of reports on the project's plan: submitted by the recipient, accepted or returned by an officer."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from grants.agreements.refusals import AgreementNotSigned
from grants.applications.refusals import NothingCorrected, RemarkPointsNowhere, RemarksMissing, RemarkUnknown
from grants.applications.views import NewRemarks
from grants.reports import commands
from grants.reports import refusals as no
from grants.reports.model import OWED, Report, ReportKind, ReportStatus
from grants.reports.views import NewReport, ReportView
from grants.visibility import CurrentSight
from shared.access.callers import allowed
from shared.access.roles import Role
from shared.calendar.working_days import CalendarUnknown
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown
from shared.values.dates import Day

router = Router(prefix="/v1/reports", tags=["reports"])

applicant = Depends(allowed(Role.APPLICANT))
officer = Depends(allowed(Role.OFFICER))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))


def _answer(response: Response, report: Report) -> ReportView:
    tag(response, report.revision)
    return ReportView.of(report)


@router.get("", dependencies=[reader])
async def list_reports(
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    agreement_id: UUID | None = None,
    kind: ReportKind | None = None,
    status: ReportStatus | None = None,
    overdue: bool | None = None,
    due_until: Annotated[Day | None, Query(description="Due on this local day or before.")] = None,
) -> Page[ReportView]:
    """List reports by the day on which they are due; `overdue` asks for those that a job noted as late, and owed."""
    statement = select(Report).where(sight.of(Report))
    for name, wanted in (("agreement_id", agreement_id), ("kind", kind), ("status", status)):
        if wanted is not None:
            statement = statement.where(columns(Report)[name] == wanted)
    if overdue is not None:
        late = col(Report.overdue_on).is_not(None) & col(Report.status).in_(OWED)
        statement = statement.where(late if overdue else ~late)
    if due_until is not None:
        statement = statement.where(col(Report.due_on) <= due_until)
    rows = (await session.exec(page.of(statement, columns(Report).due_on, columns(Report).id))).all()
    return page.page(rows, lambda report: (report.due_on, report.id), ReportView.of)


@router.get("/{report_id}", dependencies=[reader], responses=refusals(no.ReportNotFound))
async def read_report(report_id: UUID, session: Reading, sight: CurrentSight, response: Response) -> ReportView:
    """Show a report with its remarks; its ETag is what an officer's decision rests on."""
    return _answer(response, await sight.read(session, Report, report_id, no.ReportNotFound))


@router.post(
    "/{report_id}/submission",
    dependencies=[applicant],
    responses=refusals(
        no.ReportNotFound, AgreementNotSigned, no.ReportNotAwaited, no.ReportTooEarly, NothingCorrected, RemarkUnknown,
        no.ItemNotInBudget, no.ReportDocumentTwice,
    ),
)  # fmt: skip
async def submit_report(
    report_id: UUID,
    body: NewReport,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ReportView:
    """Hand the report in, or hand it in again with answers to the remarks; late is better than never."""
    answers = {answer.number: answer.answer for answer in body.answers}
    report = await commands.submit_report(transaction, sight, report_id, body.content, answers, version=version, at=now)
    return _answer(response, report)


@router.post(
    "/{report_id}/return",
    dependencies=[officer],
    responses=refusals(
        no.ReportNotFound, AgreementNotSigned, no.ReportNotSubmitted, RemarksMissing, RemarkPointsNowhere,
        ParameterUnknown, CalendarUnknown,
    ),
)  # fmt: skip
async def return_report(
    report_id: UUID,
    body: NewRemarks,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ReportView:
    """Return the report with one list of remarks; `field` is a JSON pointer into its content."""
    remarks = [remark.value() for remark in body.remarks]
    report = await commands.return_report(transaction, sight, report_id, remarks, version=version, at=now)
    return _answer(response, report)


@router.post(
    "/{report_id}/acceptance",
    dependencies=[officer],
    responses=refusals(no.ReportNotFound, AgreementNotSigned, no.ReportNotSubmitted),
)
async def accept_report(
    report_id: UUID, transaction: Transaction, sight: CurrentSight, version: IfMatch, now: Now, response: Response
) -> ReportView:
    """Accept the report; all reports accepted, the closing one too, are a condition of the completion."""
    return _answer(response, await commands.accept_report(transaction, sight, report_id, version=version, at=now))
