"""The fulfilment K of an agreement in a reporting year, made of the levels of its obligations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from obligations.fulfilment.levels import ALL
from obligations.fulfilment.refusals import NothingToWeigh, WeightNotPositive
from shared.contracts.support import Direction

MILLION = 1_000_000


class Aggregation(StrEnum):
    """How the levels of a year's obligations make its fulfilment; assumed, a parameter of the rule set."""

    WEIGHTED_MEAN = "weighted_mean"
    MINIMUM = "minimum"
    MINIMUM_BY_DIRECTION = "minimum_by_direction"


@dataclass(frozen=True, slots=True)
class ObligationLevel:
    """An obligation in a year: its level, or `None` where it is not yet evaluated, or excused, and counts as 1."""

    direction: Direction
    weight: Decimal
    level: Fraction | None


def fulfilment_of_year(obligations: Sequence[ObligationLevel], aggregation: Aggregation) -> Decimal:
    """K, from 0 to 1: exact until it is rounded half up to six decimals, once.

    Weights are relative: each counts as its share of their sum. `minimum_by_direction` is the least of the weighted
    means in each direction. Raises `NothingToWeigh` and `WeightNotPositive`.
    """
    if not obligations:
        raise NothingToWeigh
    for obligation in obligations:
        if obligation.weight <= 0:
            raise WeightNotPositive(weight=obligation.weight)
    match aggregation:
        case Aggregation.WEIGHTED_MEAN:
            exact = _mean(obligations)
        case Aggregation.MINIMUM:
            exact = min(_counted(o) for o in obligations)
        case Aggregation.MINIMUM_BY_DIRECTION:
            directions = {o.direction for o in obligations}
            exact = min(_mean([o for o in obligations if o.direction is direction]) for direction in directions)
    return _six_decimals(exact)


def _counted(obligation: ObligationLevel) -> Fraction:
    return ALL if obligation.level is None else obligation.level


def _mean(obligations: Iterable[ObligationLevel]) -> Fraction:
    weighed = weight = Fraction(0)
    for obligation in obligations:
        weight += Fraction(obligation.weight)
        weighed += Fraction(obligation.weight) * _counted(obligation)
    return weighed / weight


def _six_decimals(exact: Fraction) -> Decimal:
    millionths = (2 * MILLION * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return Decimal(f"{millionths // MILLION}.{millionths % MILLION:06d}")
