"""The level of one obligation, as an exact fraction between 0 and 1, and whether it is a breach."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from obligations.fulfilment.refusals import (
    AchievedBelowZero,
    BaselineMissing,
    TargetNotBeyondBaseline,
    TargetOfZero,
)
from shared.contracts.support import TargetMode

NONE, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its target and what was achieved, all in the indicator's unit; a baseline for growth."""

    mode: TargetMode
    target: Decimal
    achieved: Decimal
    baseline: Decimal | None = None
    lower_is_better: bool = False


def level_of(measured: Measured) -> Fraction:
    """K_i: the share of the target that was achieved, not below 0 nor above 1, exact.

    Law 86-VII, Art. 27(4) speaks of "the achieved level of fulfilment"; the two formulas are assumed. Raises
    `TargetOfZero`, `BaselineMissing`, `TargetNotBeyondBaseline`, `AchievedBelowZero`.
    """
    share = _growth(measured) if measured.mode is TargetMode.GROWTH else _level(measured)
    return min(max(share, NONE), ALL)


def is_breach(level: Fraction, tolerance: Decimal) -> bool:
    """Whether an obligation's level falls short of 1 by more than its tolerance."""
    return level < 1 - Fraction(tolerance)


def _level(measured: Measured) -> Fraction:
    target, achieved = Fraction(measured.target), Fraction(measured.achieved)
    if target <= 0:
        raise TargetOfZero(target=measured.target)
    if not measured.lower_is_better:
        return achieved / target
    if achieved < 0:
        raise AchievedBelowZero(achieved=measured.achieved)
    return target / achieved if achieved else ALL


def _growth(measured: Measured) -> Fraction:
    if measured.baseline is None:
        raise BaselineMissing(target=measured.target)
    target, baseline = Fraction(measured.target), Fraction(measured.baseline)
    if target == baseline or (target < baseline) is not measured.lower_is_better:
        raise TargetNotBeyondBaseline(
            target=measured.target,
            baseline=measured.baseline,
            better="lower" if measured.lower_is_better else "higher",
        )
    return (Fraction(measured.achieved) - baseline) / (target - baseline)
