"""The base rates of a calculation in order of their days, and which of them a day bears."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from obligations.repayment.days import END_OF_TIME
from obligations.repayment.refusals import PercentNegative, RateUnknown, TwoRatesOfOneDay


@dataclass(frozen=True, slots=True)
class RateRow:
    """The base rate of the National Bank, in percent a year, from a day on; `source` names the decision behind it."""

    effective_from: date
    percent: Decimal
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class RateTimeline:
    """Rates by day, built once and used by any number of calculations.

    `scaled[i]` is the percentage of `rows[i]` in units of `1 / scale`, in force from the ordinal `starts[i]`. Nothing
    is known from the ordinal `end` on; given rates hold without end.
    """

    rows: tuple[RateRow, ...]
    starts: tuple[int, ...]
    scaled: tuple[int, ...]
    scale: int
    end: int

    @classmethod
    def of(cls, rows: Iterable[RateRow], known_to: date | None = None) -> "RateTimeline":
        """Put rates in order; `known_to` is the last day that the register covers.

        Raises `TwoRatesOfOneDay` and `PercentNegative`.
        """
        ordered = sorted(rows, key=lambda row: row.effective_from)
        for earlier, later in pairwise(ordered):
            if earlier.effective_from == later.effective_from:
                raise TwoRatesOfOneDay(day=later.effective_from)
        scale = 10 ** max((_decimals(row) for row in ordered), default=0)
        return cls(
            rows=tuple(ordered),
            starts=tuple(row.effective_from.toordinal() for row in ordered),
            scaled=tuple(_scaled(row.percent, scale) for row in ordered),
            scale=scale,
            end=END_OF_TIME if known_to is None else known_to.toordinal() + 1,
        )

    def row_on(self, day: int) -> int:
        """The index of the row in force on a day; raises `RateUnknown`."""
        index = bisect_right(self.starts, day) - 1
        if index < 0 or day >= self.end:
            raise self.unknown(day)
        return index

    def pieces(self, first: int, end: int) -> Iterator[tuple[int, int, int]]:
        """A span cut where a row takes effect: first day, day after the last, index of the row."""
        index = self.row_on(first)
        if end > self.end:
            raise self.unknown(self.end)
        while first < end:
            cut = min(end, self.starts[index + 1]) if index + 1 < len(self.starts) else end
            yield first, cut, index
            first, index = cut, index + 1

    def unknown(self, day: int) -> RateUnknown:
        """The refusal that names the day without a rate."""
        return RateUnknown(day=date.fromordinal(day))


def _decimals(row: RateRow) -> int:
    exponent = row.percent.as_tuple().exponent
    if not isinstance(exponent, int) or row.percent < 0:
        raise PercentNegative(day=row.effective_from, percent=row.percent)
    return max(-exponent, 0)


def _scaled(percent: Decimal, scale: int) -> int:
    numerator, denominator = percent.as_integer_ratio()
    return numerator * scale // denominator
