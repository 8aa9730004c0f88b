"""Reports as they stand, and as they stood."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.reports.model import ReportEntry
from obligations.reports.refusals import ReportNotFound
from obligations.reports.rules import EntryKind
from obligations.visibility import Sight
from shared.database.columns import columns
from shared.http.pages import PageRequest


async def entries_of(session: AsyncSession, obligation_id: UUID) -> Sequence[ReportEntry]:
    """Every entry about an obligation, in order."""
    statement = select(ReportEntry).where(col(ReportEntry.obligation_id) == obligation_id)
    return (await session.exec(statement.order_by(col(ReportEntry.revision)))).all()


async def report_page(
    session: AsyncSession, page: PageRequest, obligation_id: UUID, known_at: datetime | None = None
) -> list[list[ReportEntry]]:
    """A page of the reports about an obligation, by their first entries: of each report its entries, in order."""
    statement = select(ReportEntry).where(col(ReportEntry.obligation_id) == obligation_id)
    if known_at is not None:
        statement = statement.where(col(ReportEntry.recorded_at) <= known_at)
    begun = page.of(statement.where(col(ReportEntry.kind) == EntryKind.RECORDED), columns(ReportEntry).revision)
    reports = {entry.report_id: [entry] for entry in (await session.exec(begun)).all()}
    later = statement.where(col(ReportEntry.report_id).in_(reports), col(ReportEntry.kind) != EntryKind.RECORDED)
    for entry in (await session.exec(later.order_by(col(ReportEntry.revision)))).all():
        reports[entry.report_id].append(entry)
    return list(reports.values())


async def visible_report(
    session: AsyncSession, report_id: UUID, sight: Sight, known_at: datetime | None = None
) -> Sequence[ReportEntry]:
    """The entries of one report known at a moment, in order, if the caller may see it; raises `ReportNotFound`."""
    statement = select(ReportEntry).where(col(ReportEntry.report_id) == report_id, sight.of(ReportEntry))
    if known_at is not None:
        statement = statement.where(col(ReportEntry.recorded_at) <= known_at)
    entries = (await session.exec(statement.order_by(col(ReportEntry.revision)))).all()
    if not entries:
        raise ReportNotFound(id=report_id)
    return entries
