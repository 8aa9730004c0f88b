"""Reports over HTTP: recipients report their own years, correct and withdraw; officers read."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import wait_for_deciders
from obligations.obligations.queries import visible_obligation
from obligations.obligations.refusals import ObligationNotFound, ObligationVoid
from obligations.reports import commands
from obligations.reports.model import ReportEntry
from obligations.reports.queries import entries_of, visible_report
from obligations.reports.refusals import ReportNotFound, ReportStands, ReportWithdrawnAlready, YearNotOver
from obligations.reports.views import NewReport, NewWithdrawal, ReportView
from obligations.visibility import READERS, Seen, Sight
from shared.access.callers import Role, RoleNotAllowed, allowed
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.values.dates import Moment

router = Router(prefix="/v1", tags=["reports"])

Recipient = Depends(allowed(Role.APPLICANT))
Reader = Depends(allowed(*READERS))
KnownAt = Annotated[Moment | None, Query(description="As known at this moment; absent: as known now.")]


@router.get(
    "/obligations/{obligation_id}/reports",
    dependencies=[Reader],
    responses=refusals(RoleNotAllowed, ObligationNotFound),
)
async def list_reports(
    obligation_id: UUID, session: Reading, sight: Seen, known_at: KnownAt = None
) -> list[ReportView]:
    """List the reports of an obligation, withdrawn ones too, as known now or at a moment."""
    obligation = await visible_obligation(session, obligation_id, sight)
    if known_at is not None:
        await wait_for_deciders(session, obligation.agreement_id)
    entries = await entries_of(session, obligation_id, known_at)
    ids = dict.fromkeys(entry.report_id for entry in entries)
    return [ReportView.of([entry for entry in entries if entry.report_id == one]) for one in ids]


@router.get("/reports/{report_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, ReportNotFound))
async def read_report(report_id: UUID, session: Reading, sight: Seen, known_at: KnownAt = None) -> ReportView:
    """Read a report with its revisions, as known now or at a moment."""
    entries = await visible_report(session, report_id, sight)
    if known_at is not None:
        await wait_for_deciders(session, entries[0].agreement_id)
        entries = await visible_report(session, report_id, sight, known_at)
    return ReportView.of(entries)


@router.post(
    "/obligations/{obligation_id}/reports",
    status_code=201,
    dependencies=[Recipient],
    responses=refusals(RoleNotAllowed, ObligationNotFound, ObligationVoid, ReportStands, YearNotOver),
)
async def report(obligation_id: UUID, asked: NewReport, transaction: Transaction, sight: Seen, now: Now) -> ReportView:
    """Report a year that is over. It is evaluated at once; a late report replaces a provisional breach."""
    entry = await commands.record_report(transaction, obligation_id, asked.stated, sight=sight, at=now)
    return await _whole(transaction, entry, sight)


_changed = refusals(RoleNotAllowed, ReportNotFound, ReportWithdrawnAlready, ObligationVoid)


@router.post("/reports/{report_id}/corrections", status_code=201, dependencies=[Recipient], responses=_changed)
async def correct_report(
    report_id: UUID, asked: NewReport, transaction: Transaction, sight: Seen, now: Now
) -> ReportView:
    """Correct a report. What it said before stays on record, with the moments at which each was known."""
    entry = await commands.correct_report(transaction, report_id, asked.stated, sight=sight, at=now)
    return await _whole(transaction, entry, sight)


@router.post("/reports/{report_id}/withdrawal", dependencies=[Recipient], responses=_changed)
async def withdraw_report(
    report_id: UUID, asked: NewWithdrawal, transaction: Transaction, sight: Seen, now: Now
) -> ReportView:
    """Take a report back. The year stands as not reported."""
    entry = await commands.withdraw_report(transaction, report_id, asked.reason, sight=sight, at=now)
    return await _whole(transaction, entry, sight)


async def _whole(session: AsyncSession, entry: ReportEntry, sight: Sight) -> ReportView:
    return ReportView.of(await visible_report(session, entry.report_id, sight))
