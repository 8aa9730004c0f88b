"""Reports as they stand, and as they stood."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.reports.model import ReportEntry
from obligations.reports.refusals import ReportNotFound
from obligations.visibility import Sight


async def entries_of(
    session: AsyncSession, obligation_id: UUID, known_at: datetime | None = None
) -> Sequence[ReportEntry]:
    """Every entry about an obligation, in order; those known at a moment, or all."""
    statement = select(ReportEntry).where(col(ReportEntry.obligation_id) == obligation_id)
    if known_at is not None:
        statement = statement.where(col(ReportEntry.recorded_at) <= known_at)
    return (await session.exec(statement.order_by(col(ReportEntry.revision)))).all()


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
