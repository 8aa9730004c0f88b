"""Which base rates are or were known, and up to which day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rates.model import BaseRate, RateCoverage
from obligations.repayment import RateRow, RateTimeline


@dataclass(frozen=True, slots=True)
class KnownRates:
    """The base rates known at a moment, by their days, and the last day up to which they are known.

    `verified_at` is the moment by which confirmations count; absent, all do.
    """

    rates: tuple[BaseRate, ...]
    known_until: date | None
    known_at: datetime | None

    @property
    def rows(self) -> tuple[RateRow, ...]:
        """The rates as the calculation takes them."""
        return tuple(
            RateRow(rate.effective_from, rate.percent, self.verified(rate), rate.source)
            for rate in self.rates
            if rate.percent is not None
        )

    @property
    def coverage(self) -> date:
        """The last day up to which rates are known; never beyond what is known to be in force."""
        latest = max((rate.effective_from for rate in self.rates), default=date.min)
        return self.known_until or latest

    @property
    def timeline(self) -> RateTimeline:
        """The rates as a timeline that ends with the coverage: nothing is extrapolated."""
        return RateTimeline.of(self.rows, known_to=self.coverage)

    def verified(self, rate: BaseRate) -> bool:
        """Whether the rate had been confirmed by two officers at the moment."""
        confirmed = rate.second_confirmed_at
        return confirmed is not None and (self.known_at is None or confirmed <= self.known_at)


async def rates_known_at(session: AsyncSession, known_at: datetime | None = None) -> KnownRates:
    """The base rates known at the moment; without one, those that the register holds now."""
    rates = select(BaseRate).where(known_then(known_at), col(BaseRate.percent).is_not(None))
    found = (await session.exec(rates.order_by(col(BaseRate.effective_from)))).all()
    return KnownRates(tuple(found), await coverage_known_at(session, known_at), known_at)


async def register_revision(session: AsyncSession) -> int:
    """How often the register of rates has changed: rows entered, confirmed once or twice, ended by a correction."""
    entered, ended = func.count(col(BaseRate.id)), func.count(col(BaseRate.known_until))
    confirmed = func.count(col(BaseRate.first_confirmed_at)) + func.count(col(BaseRate.second_confirmed_at))
    return (await session.exec(select(entered + ended + confirmed))).one()


async def coverage_known_at(session: AsyncSession, known_at: datetime | None = None) -> date | None:
    """The last day up to which rates were known at the moment, or are now; none where nobody has said."""
    then = true() if known_at is None else col(RateCoverage.known_from) <= known_at
    return (await session.exec(select(func.max(RateCoverage.known_until)).where(then))).one()


def known_then(known_at: datetime | None) -> ColumnElement[bool]:
    """The condition that a rate was known at the moment, or is known now."""
    until = col(BaseRate.known_until)
    if known_at is None:
        return until.is_(None)
    return and_(col(BaseRate.known_from) <= known_at, or_(until.is_(None), until > known_at))
