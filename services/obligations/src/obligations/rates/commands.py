"""Making base rates known: entered, corrected, confirmed by two, covered up to a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rates.locks import exclusive_rate_lock
from obligations.rates.model import BaseRate, RateCoverage
from obligations.rates.queries import coverage_known_at, known_then, register_revision
from obligations.rates.refusals import (
    BaseRateNotFound,
    CorrectionChangesNothing,
    CoverageShrinks,
    RateBeforeAnnouncement,
    RateKnownAlready,
)
from obligations.record import NATIONAL
from shared.calendar.local_days import local_day
from shared.clock import Clock
from shared.database.loading import load
from shared.events.publishing import publish
from shared.http.etag import require_version


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A base rate as stated: percent a year from a day on; `announced_on` absent: the day before, assumed."""

    effective_from: date
    percent: Decimal
    source: str
    announced_on: date | None = None


async def announce_rate(session: AsyncSession, stated: StatedRate, *, by: str, clock: Clock) -> BaseRate:
    """Enter a base rate that takes effect on a day for which none is known. It comes in unverified."""
    at = await exclusive_rate_lock(session, clock)
    return await enter(session, stated, by=by, at=at)


async def enter(session: AsyncSession, stated: StatedRate, *, by: str, at: datetime) -> BaseRate:
    """Enter a base rate; the caller holds the exclusive lock."""
    announced_on = stated.announced_on or stated.effective_from - timedelta(days=1)
    _require_announced(stated.effective_from, announced_on, at)
    await _require_free(session, stated.effective_from)
    rate = BaseRate(
        institute=NATIONAL,
        effective_from=stated.effective_from,
        percent=stated.percent,
        announced_on=announced_on,
        announced_on_assumed=stated.announced_on is None,
        source=stated.source,
        known_from=at,
        entered_by=by,
    )
    await publish(session, rate, rate.announce(at))
    return rate


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right instead: `percent` absent means that no rate took effect on the day."""

    percent: Decimal | None
    source: str
    reason: str
    effective_from: date | None = None
    announced_on: date | None = None


async def correct_rate(
    session: AsyncSession, rate_id: UUID, correction: Correction, *, by: str, clock: Clock, revision: int
) -> BaseRate:
    """Put a new row in the place of a wrong one, which stays as what was known until now. Claims are made anew.

    `revision` is the row's, as read; raises `VersionStale` where it has changed since.
    """
    at = await exclusive_rate_lock(session, clock)
    rate = await load(session, BaseRate, rate_id, BaseRateNotFound)
    require_version(revision, rate.revision)
    effective_from = correction.effective_from or rate.effective_from
    announced_on = correction.announced_on or min(rate.announced_on, effective_from)
    _require_announced(effective_from, announced_on, at)
    if (effective_from, announced_on, correction.percent) == (rate.effective_from, rate.announced_on, rate.percent):
        raise CorrectionChangesNothing(effective_from=rate.effective_from, percent=rate.percent)
    if effective_from != rate.effective_from:
        await _require_free(session, effective_from)
    corrected, event = rate.correct(
        effective_from=effective_from,
        percent=correction.percent,
        announced_on=announced_on,
        source=correction.source,
        reason=correction.reason,
        by=by,
        at=at,
    )
    await publish(session, rate)
    await publish(session, corrected, event)
    return corrected


async def confirm_rates(
    session: AsyncSession, rate_ids: Sequence[UUID], *, by: str, clock: Clock, revision: int
) -> list[BaseRate]:
    """Confirm rows against their sources, all or none; the second, different officer makes them verified.

    `revision` is the register's, as read; raises `VersionStale` where anything in it has changed since.
    """
    at = await exclusive_rate_lock(session, clock)
    require_version(revision, await register_revision(session))
    rates = [await load(session, BaseRate, rate_id, BaseRateNotFound) for rate_id in sorted(set(rate_ids))]
    for rate in rates:
        rate.confirm(by, at)
        await publish(session, rate)
    return rates


async def extend_coverage(
    session: AsyncSession, known_until: date, source: str, *, by: str, clock: Clock
) -> RateCoverage:
    """State up to which day the base rate is known; it can only become later."""
    at = await exclusive_rate_lock(session, clock)
    return await cover(session, known_until, source, by=by, at=at)


async def cover(session: AsyncSession, known_until: date, source: str, *, by: str, at: datetime) -> RateCoverage:
    """State up to which day the base rate is known; the caller holds the exclusive lock."""
    known = await coverage_known_at(session)
    if known is not None and known_until <= known:
        raise CoverageShrinks(known=known, asked=known_until)
    coverage = RateCoverage(institute=NATIONAL, known_until=known_until, known_from=at, source=source, entered_by=by)
    await publish(session, coverage, coverage.extend(at))
    return coverage


def _require_announced(effective_from: date, announced_on: date, at: datetime) -> None:
    today = local_day(at)
    if announced_on > effective_from or announced_on > today:
        raise RateBeforeAnnouncement(effective_from=effective_from, announced_on=announced_on, today=today)


async def _require_free(session: AsyncSession, effective_from: date) -> None:
    taken = select(BaseRate.id).where(known_then(None), col(BaseRate.effective_from) == effective_from)
    if (await session.exec(taken)).first() is not None:
        raise RateKnownAlready(effective_from=effective_from)
