"""Reporting a year, correcting the report, withdrawing it: each an entry, after which the obligation is evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.queries import agreement_of
from obligations.obligations.commands import evaluate
from obligations.obligations.model import Obligation
from obligations.obligations.queries import obligation_to_change
from obligations.reports.model import ReportEntry
from obligations.reports.queries import entries_of
from obligations.reports.refusals import ReportNotFound, ReportStands, ReportWithdrawnAlready, YearNotOver
from obligations.reports.rules import EntryKind, last_recorded, standing
from obligations.visibility import Sight
from shared.calendar.local_days import local_day
from shared.events.publishing import publish
from shared.events.work import work_of
from shared.http.etag import require_version
from shared.identity import new_id


@dataclass(frozen=True, slots=True)
class Stated:
    """What a recipient states: the value achieved, in the indicator's unit, and the documents that prove it."""

    achieved: Decimal
    note: str | None = None
    evidence: Sequence[dict[str, Any]] = field(default_factory=tuple)


async def record_report(
    session: AsyncSession, obligation_id: UUID, stated: Stated, *, sight: Sight, at: datetime
) -> ReportEntry:
    """Report a year that is over, for the first time or after a withdrawal."""
    obligation = await obligation_to_change(session, obligation_id, sight)
    obligation.require_standing()
    today, ends_on = local_day(at), date(obligation.reporting_year, 12, 31)
    if today <= ends_on:
        raise YearNotOver(reporting_year=obligation.reporting_year, ends_on=ends_on, today=today)
    entries = await entries_of(session, obligation.id)
    stands = standing(entry.statement for entry in entries)
    if stands is not None:
        raise ReportStands(report_id=stands.report_id, reporting_year=obligation.reporting_year)
    entry = _entry(
        obligation, new_id(), EntryKind.RECORDED, entries, by=sight.subject, at=_moment(session, entries), stated=stated
    )
    return await _take(session, obligation, entries, entry, at)


async def correct_report(
    session: AsyncSession, report_id: UUID, stated: Stated, *, sight: Sight, expected: int, at: datetime
) -> ReportEntry:
    """Correct a report that stands, resting on its revision `expected`; what it said before stays on record."""
    obligation, entries = await _reported(session, report_id, sight, expected)
    entry = _entry(
        obligation,
        report_id,
        EntryKind.CORRECTED,
        entries,
        by=sight.subject,
        at=_moment(session, entries),
        stated=stated,
    )
    return await _take(session, obligation, entries, entry, at)


async def withdraw_report(
    session: AsyncSession, report_id: UUID, note: str, *, sight: Sight, expected: int, at: datetime
) -> ReportEntry:
    """Take a report back, resting on its revision `expected`: the year stands as not reported."""
    obligation, entries = await _reported(session, report_id, sight, expected)
    entry = _entry(obligation, report_id, EntryKind.WITHDRAWN, entries, by=sight.subject, at=_moment(session, entries))
    entry.note = note
    return await _take(session, obligation, entries, entry, at)


async def _reported(
    session: AsyncSession, report_id: UUID, sight: Sight, expected: int
) -> tuple[Obligation, Sequence[ReportEntry]]:
    first = select(ReportEntry.obligation_id).where(col(ReportEntry.report_id) == report_id, sight.of(ReportEntry))
    found = (await session.exec(first.limit(1))).one_or_none()
    if found is None:
        raise ReportNotFound(id=report_id)
    obligation = await obligation_to_change(session, found, sight)
    entries = await entries_of(session, obligation.id)
    own = [entry.statement for entry in entries if entry.report_id == report_id]
    require_version(expected, max(statement.revision for statement in own))
    obligation.require_standing()
    last = last_recorded(own)
    if last is not None and last.kind is EntryKind.WITHDRAWN:
        raise ReportWithdrawnAlready(report_id=report_id, withdrawn_at=last.recorded_at)
    return obligation, entries


def _moment(session: AsyncSession, entries: Sequence[ReportEntry]) -> datetime:
    """When an entry becomes known: asked under the agreement's lock, never before the entry that it follows."""
    return max([work_of(session).now(), *(entry.recorded_at for entry in entries)])


def _entry(
    obligation: Obligation,
    report_id: UUID,
    kind: EntryKind,
    entries: Sequence[ReportEntry],
    *,
    by: str,
    at: datetime,
    stated: Stated | None = None,
) -> ReportEntry:
    return ReportEntry(
        report_id=report_id,
        obligation_id=obligation.id,
        agreement_id=obligation.agreement_id,
        institute=obligation.institute,
        recipient_id=obligation.recipient_id,
        reporting_year=obligation.reporting_year,
        revision=len(entries) + 1,
        kind=kind,
        achieved=stated.achieved if stated else None,
        note=stated.note if stated else None,
        evidence=list(stated.evidence) if stated else [],
        recorded_by=by,
        recorded_at=at,
    )


async def _take(
    session: AsyncSession, obligation: Obligation, entries: Sequence[ReportEntry], entry: ReportEntry, at: datetime
) -> ReportEntry:
    session.add(entry)
    stands = standing(each.statement for each in (*entries, entry))
    if stands is None:
        obligation.take_standing_report(None, 0, None)
    else:
        obligation.take_standing_report(stands.report_id, stands.revision, stands.achieved)
    await publish(session, obligation, entry.told())
    await evaluate(session, obligation, await agreement_of(session, obligation.agreement_id), at)
    return entry
