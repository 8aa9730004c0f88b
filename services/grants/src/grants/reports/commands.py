"""What is done to reports: asked for, submitted, accepted, returned. Locks: the agreement, then the report."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.refusals import AgreementNotFound
from grants.applications.rules import Remark
from grants.reports.content import ReportContent
from grants.reports.model import OWED, UNFINISHED, Report, ReportKind, ReportStatus
from grants.reports.refusals import ReportNotFound
from grants.reports.rules import require_reportable
from grants.terms import Due, Term, due, due_after
from grants.tranches.model import OPEN, Tranche
from grants.visibility import Sight
from shared.calendar.local_days import local_day
from shared.database.loading import load
from shared.events.publishing import publish
from shared.http.etag import require_version
from shared.worker.due import next_due


async def ask_for_plan_reports(session: AsyncSession, agreement: Agreement, at: datetime) -> None:
    """Ask for a report on each reporting year of an agreement just signed, due in working days after the year."""
    for year in agreement.reporting_years:
        ended = max(date(year, 12, 31), local_day(at))
        last = await due_after(session, Term.PLAN_REPORT, ended)
        await publish(session, _report(agreement, ReportKind.PLAN, year, last, at))


async def ask_for_closing_report(session: AsyncSession, at: datetime) -> bool:
    """The scheduled job: ask for the closing report of one agreement; says whether there was one.

    It is asked for when every plan report is accepted and no tranche is left to be paid: looked at again under the
    agreement's lock, since a tranche may have been planned anew meanwhile.
    """
    of = col(Agreement.id)
    found = await next_due(session, Agreement, *_closes(), by=of, lock=False)
    if found is None:
        return False
    agreement = await load(session, Agreement, found.id, AgreementNotFound)
    if (await session.exec(select(of).where(of == agreement.id, *_closes()))).first() is None:
        return True
    last = await due(session, Term.CLOSING_REPORT, at)
    await publish(session, _report(agreement, ReportKind.CLOSING, None, last, at))
    return True


def _closes() -> tuple[ColumnElement[bool], ...]:
    """The conditions under which an agreement's closing report is asked for."""
    of = col(Agreement.id)
    return (
        col(Agreement.status) == AgreementStatus.SIGNED,
        ~exists().where(col(Report.agreement_id) == of, col(Report.kind) == ReportKind.CLOSING),
        ~exists().where(col(Report.agreement_id) == of, col(Report.status).in_(UNFINISHED)),
        ~exists().where(col(Tranche.agreement_id) == of, col(Tranche.status).in_(OPEN)),
    )


async def note_overdue_report(session: AsyncSession, at: datetime) -> bool:
    """The scheduled job: note of one report that its last day is over; says whether there was one."""
    owed, unnoted = col(Report.status).in_(OWED), col(Report.overdue_on).is_(None)
    over = col(Report.due_on) < local_day(at)
    report = await next_due(session, Report, owed, unnoted, over, by=col(Report.due_on))
    if report is None:
        return False
    report.become_overdue(at)
    await publish(session, report)
    return True


async def submit_report(
    session: AsyncSession,
    sight: Sight,
    report_id: UUID,
    content: ReportContent,
    answers: Mapping[int, str],
    *,
    version: int,
    at: datetime,
) -> Report:
    """The recipient reports, or reports again with answers to the remarks."""
    agreement, report = await _lock(session, sight, report_id)
    require_version(version, report.revision)
    require_reportable(content, [line["item"] for line in agreement.budget])
    report.submit(content, answers, at, sight.subject)
    await publish(session, report)
    return report


async def return_report(
    session: AsyncSession, sight: Sight, report_id: UUID, remarks: Sequence[Remark], *, version: int, at: datetime
) -> Report:
    """An officer returns the report with remarks."""
    _, report = await _lock(session, sight, report_id)
    require_version(version, report.revision)
    report.send_back(remarks, at, sight.subject, await due(session, Term.CORRECTION, at))
    await publish(session, report)
    return report


async def accept_report(session: AsyncSession, sight: Sight, report_id: UUID, *, version: int, at: datetime) -> Report:
    """An officer finds the report right."""
    _, report = await _lock(session, sight, report_id)
    require_version(version, report.revision)
    report.accept(at, sight.subject)
    await publish(session, report)
    return report


async def drop_reports(session: AsyncSession, agreement: Agreement) -> None:
    """Want the reports of a terminated agreement no longer."""
    statement = select(Report).where(col(Report.agreement_id) == agreement.id, col(Report.status).in_(UNFINISHED))
    for report in (await session.exec(statement.order_by(col(Report.id)).with_for_update())).all():
        report.drop()
        await publish(session, report)


async def reports_of(session: AsyncSession, agreement_id: UUID) -> list[Report]:
    """The reports of the agreement: by year, the closing report last."""
    statement = select(Report).where(col(Report.agreement_id) == agreement_id)
    return list((await session.exec(statement.order_by(col(Report.year).asc().nulls_last()))).all())


def unaccepted(reports: Sequence[Report]) -> int:
    """How many reports are still to be accepted; the closing report counts though nobody has asked for it yet."""
    closing = any(report.kind is ReportKind.CLOSING for report in reports)
    return sum(report.status is not ReportStatus.ACCEPTED for report in reports) + (not closing)


async def _lock(session: AsyncSession, sight: Sight, report_id: UUID) -> tuple[Agreement, Report]:
    seen = await sight.read(session, Report, report_id, ReportNotFound)
    agreement = await load(session, Agreement, seen.agreement_id, AgreementNotFound)
    agreement.require_signed()
    return agreement, await load(session, Report, report_id, ReportNotFound)


def _report(agreement: Agreement, kind: ReportKind, year: int | None, last: Due, at: datetime) -> Report:
    return Report(
        institute=agreement.institute, agreement_id=agreement.id, recipient_id=agreement.recipient_id, kind=kind,
        year=year, asked_at=at, due_on=last.on, due_calendar=last.calendar, due_term=last.term,
    )  # fmt: skip
