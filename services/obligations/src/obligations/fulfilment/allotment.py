"""Which part of a tranche each reporting year stands for: to the tiyn, and never more than was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from obligations.fulfilment.refusals import AmountNegative, NothingToWeigh, TrancheAfterLastYear
from shared.values.allotment import by_largest_remainder
from shared.values.money import from_tiyn, to_tiyn


@dataclass(frozen=True, slots=True)
class ReportingYear:
    """A reporting year by its last day; years of equal weight stand for equal parts."""

    ends_on: date
    weight: Decimal = Decimal(1)


def allot(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Divide an amount in tenge by weights, to the tiyn by the largest remainder; the parts sum to the amount.

    Of equal remainders the first is served first. Raises `AmountNegative` and `NothingToWeigh`,
    and `ValueError` for an amount that is no sum of money.
    """
    if amount < 0:
        raise AmountNegative(amount=amount)
    tiyn = to_tiyn(amount)
    if sum(weights) <= 0 or any(weight < 0 for weight in weights):
        raise NothingToWeigh
    parts = by_largest_remainder(tiyn, [Fraction(weight) for weight in weights])
    return tuple(from_tiyn(part) for part in parts)


def allot_tranche(amount: Decimal, on: date, years: Sequence[ReportingYear]) -> tuple[Decimal, ...]:
    """The part of a tranche that each year stands for: nothing in a year that had ended before the tranche was paid.

    One part a year, in the order given; a year without weight stands for nothing. Raises `TrancheAfterLastYear` besides
    what `allot` raises.
    """
    last = max((year.ends_on for year in years if year.weight > 0), default=None)
    if last is None:
        raise NothingToWeigh
    if last < on:
        raise TrancheAfterLastYear(on=on, last=last)
    return allot(amount, [year.weight if on <= year.ends_on else Decimal(0) for year in years])
