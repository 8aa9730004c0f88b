"""Reports over HTTP: recipients report their own years, correct and withdraw; officers read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import Depends, Response
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import wait_for_deciders
from obligations.obligations.queries import visible_obligation
from obligations.obligations.refusals import ObligationNotFound, ObligationVoid
from obligations.reports import commands
from obligations.reports.model import ReportEntry
from obligations.reports.queries import report_page, visible_report
from obligations.reports.refusals import ReportNotFound, ReportStands, ReportWithdrawnAlready, YearNotOver
from obligations.reports.views import NewReport, NewWithdrawal, ReportView, RevisionView
from obligations.visibility import READERS, Seen, Sight
from shared.access.callers import Role, RoleNotAllowed, allowed
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.known import KnownAt
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction

router = Router(prefix="/v1", tags=["reports"])

Recipient = Depends(allowed(Role.APPLICANT))
Reader = Depends(allowed(*READERS))


@router.get(
    "/obligations/{obligation_id}/reports",
    dependencies=[Reader],
    responses=refusals(RoleNotAllowed, ObligationNotFound),
)
async def list_reports(
    obligation_id: UUID, session: Reading, sight: Seen, page: WantedPage, known_at: KnownAt
) -> Page[ReportView]:
    """List the reports of an obligation, withdrawn ones too, as known now or at a moment, the first one first."""
    obligation = await visible_obligation(session, obligation_id, sight)
    if known_at is not None:
        await wait_for_deciders(session, obligation.agreement_id)
    rows = await report_page(session, page, obligation_id, known_at)
    return page.page(rows, lambda entries: (entries[0].revision,), ReportView.of)


@router.get("/reports/{report_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, ReportNotFound))
async def read_report(
    report_id: UUID, session: Reading, sight: Seen, response: Response, known_at: KnownAt
) -> ReportView:
    """Read a report with its newest revisions, as known now or at a moment; its ETag is the last one's number."""
    return _answer(response, await _known(session, report_id, sight, known_at))


@router.get("/reports/{report_id}/revisions", dependencies=[Reader], responses=refusals(RoleNotAllowed, ReportNotFound))
async def list_revisions(
    report_id: UUID, session: Reading, sight: Seen, page: WantedPage, known_at: KnownAt
) -> Page[RevisionView]:
    """List the revisions of a report, as known now or at a moment, the newest first."""
    await _known(session, report_id, sight, known_at)
    statement = select(ReportEntry).where(col(ReportEntry.report_id) == report_id)
    if known_at is not None:
        statement = statement.where(col(ReportEntry.recorded_at) <= known_at)
    rows = (await session.exec(page.of(statement, columns(ReportEntry).revision, descending=True))).all()
    return page.page(rows, lambda entry: (entry.revision,), RevisionView.of)


@router.post(
    "/obligations/{obligation_id}/reports",
    status_code=201,
    dependencies=[Recipient],
    responses=refusals(RoleNotAllowed, ObligationNotFound, ObligationVoid, ReportStands, YearNotOver),
)
async def report(
    obligation_id: UUID, asked: NewReport, transaction: Transaction, sight: Seen, now: Now, response: Response
) -> ReportView:
    """Report a year that is over. It is evaluated at once; a late report replaces a provisional breach."""
    entry = await commands.record_report(transaction, obligation_id, asked.stated, sight=sight, at=now)
    return await _whole(transaction, entry, sight, response)


_changed = refusals(RoleNotAllowed, ReportNotFound, ReportWithdrawnAlready, ObligationVoid)


@router.post("/reports/{report_id}/corrections", status_code=201, dependencies=[Recipient], responses=_changed)
async def correct_report(
    report_id: UUID,
    asked: NewReport,
    transaction: Transaction,
    sight: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> ReportView:
    """Correct a report. What it said before stays on record, with the moments at which each was known."""
    entry = await commands.correct_report(transaction, report_id, asked.stated, sight=sight, expected=expected, at=now)
    return await _whole(transaction, entry, sight, response)


@router.post("/reports/{report_id}/withdrawal", dependencies=[Recipient], responses=_changed)
async def withdraw_report(
    report_id: UUID,
    asked: NewWithdrawal,
    transaction: Transaction,
    sight: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> ReportView:
    """Take a report back. The year stands as not reported."""
    entry = await commands.withdraw_report(transaction, report_id, asked.reason, sight=sight, expected=expected, at=now)
    return await _whole(transaction, entry, sight, response)


async def _known(
    session: AsyncSession, report_id: UUID, sight: Sight, known_at: datetime | None
) -> Sequence[ReportEntry]:
    entries = await visible_report(session, report_id, sight)
    if known_at is None:
        return entries
    await wait_for_deciders(session, entries[0].agreement_id)
    return await visible_report(session, report_id, sight, known_at)


async def _whole(session: AsyncSession, entry: ReportEntry, sight: Sight, response: Response) -> ReportView:
    return _answer(response, await visible_report(session, entry.report_id, sight))


def _answer(response: Response, entries: Sequence[ReportEntry]) -> ReportView:
    tag(response, entries[-1].revision)
    return ReportView.of(entries)
