"""Interest by segments: the longest runs of days with one base, rate, year basis and compounding period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from obligations.repayment.amounts import Exact, rounded
from obligations.repayment.days import (
    anniversary,
    basis_pieces,
    counted_days,
    free_spans,
    united,
    years_between,
)
from obligations.repayment.facts import RepaymentCase
from obligations.repayment.rates import RateRow, RateTimeline
from obligations.repayment.rules import Compounding, DayCount, RatePick, RoundingScope
from obligations.repayment.standing import Standing

YEAR_BASES = {
    DayCount.ACTUAL_365: 365,
    DayCount.ACTUAL_360: 360,
    DayCount.THIRTY_360: 360,
    DayCount.ACTUAL_ACTUAL: lcm(365, 366),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One segment, in tiyn: base × `factor` / divisor is its exact interest, `interest` what its line shows."""

    tranche: int | None
    first: int
    end: int
    days: int
    base: Exact
    row: RateRow
    basis: int
    factor: int
    interest: int


class Accrual:
    """What bears interest in a case, at which rate, over which days; remembers the rates it used."""

    def __init__(self, case: RepaymentCase) -> None:
        self.rules = case.rules
        self.as_of = case.as_of
        self.timeline: RateTimeline = case.rates
        self.suspended = united(case.suspensions)
        self.used: set[int] = set()
        self._year = YEAR_BASES[self.rules.day_count]
        self._by_segment = self.rules.rounding.scope is RoundingScope.SEGMENT
        self._line_unit = self.rules.rounding.unit.tiyn if self._by_segment else 1
        self.divisor = 100 * self.timeline.scale * self._year

    def of_tranche(self, tranche: Standing, first: int, end: int) -> Iterator[Run]:
        """The segments of a tranche within a window in which no repayment takes effect."""
        first, end = max(first, tranche.first), min(end, tranche.end)
        base: Exact = tranche.base
        if not base or first >= end:
            return
        if self.rules.compounding is Compounding.NONE:
            yield from self._runs(tranche.number, tranche.on, base, first, end)
            return
        started, years = date.fromordinal(tranche.first), 0
        while first < end:
            years += 1
            cut = min(end, anniversary(started, years))
            interest = factors = 0
            for run in self._runs(tranche.number, tranche.on, base, first, cut):
                interest, factors = interest + run.interest, factors + run.factor
                yield run
            base += interest if self._by_segment else base * Fraction(factors, self.divisor)
            first = cut

    def of_outstanding(self, tranches: list[Standing], first: int, end: int) -> Iterator[Run]:
        """The segments of the outstanding total within a window in which no repayment takes effect."""
        bearing = sorted((max(first, t.first), t.base) for t in tranches if t.base)
        base = 0
        for index, (begins, part) in enumerate(bearing):
            base += part
            until = bearing[index + 1][0] if index + 1 < len(bearing) else end
            yield from self._runs(None, self.as_of, base, begins, min(until, end, tranches[0].end))

    def _runs(self, number: int | None, on: date, base: Exact, first: int, end: int) -> Iterator[Run]:
        day_count, mode, scaled = self.rules.day_count, self.rules.rounding.mode, self.timeline.scaled
        for free_from, free_to in free_spans(first, end, self.suspended):
            for rate_from, rate_to, row in self._rate_pieces(on, free_from, free_to):
                for a, b, basis in basis_pieces(rate_from, rate_to, day_count):
                    days = counted_days(a, b, day_count)
                    factor = scaled[row] * days * (self._year // basis)
                    interest = rounded(base * factor, self.divisor, mode, self._line_unit)
                    yield Run(number, a, b, days, base, self.timeline.rows[row], basis, factor, interest)

    def _rate_pieces(self, on: date, first: int, end: int) -> Iterator[tuple[int, int, int]]:
        """A span cut where the rate that its days bear changes; rows of one percentage make one piece."""
        scaled = self.timeline.scaled
        begun, row = first, -1
        for a, _, index in self._picked(on, first, end):
            self.used.add(index)
            if row < 0:
                row = index
            elif scaled[index] != scaled[row]:
                yield begun, a, row
                begun, row = a, index
        yield begun, end, row

    def _picked(self, on: date, first: int, end: int) -> Iterator[tuple[int, int, int]]:
        match self.rules.rate_pick:
            case RatePick.PIECEWISE:
                yield from self.timeline.pieces(first, end)
            case RatePick.DISBURSEMENT:
                yield first, end, self.timeline.row_on(on.toordinal())
            case RatePick.CLAIM_DATE:
                yield first, end, self.timeline.row_on(self.as_of.toordinal())
            case RatePick.ANNIVERSARY:
                years = years_between(on, first)
                while first < end:
                    cut = min(end, anniversary(on, years + 1))
                    yield first, cut, self.timeline.row_on(anniversary(on, years))
                    first, years = cut, years + 1
