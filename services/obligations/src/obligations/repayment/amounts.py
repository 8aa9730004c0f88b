"""Money as whole tiyn, exact rationals between, and the three ways of rounding one to the other."""

from decimal import Decimal, getcontext
from fractions import Fraction

from obligations.repayment.rules import RoundingMode

Exact = int | Fraction

DIGITS = 15
"""Of whole tenge, in any sum that is answered, as `shared.values.money` has it."""

MOST = 10 ** (DIGITS + 2) - 1
"""The largest sum, in tiyn."""

CERTAIN = 10**28
"""Below it a number of tiyn has no more digits than the usual decimal context keeps."""


def tenge(tiyn: int) -> Decimal:
    """Tiyn as tenge with two decimals, exactly, whatever the precision of the decimal context."""
    if tiyn < CERTAIN and getcontext().prec >= 28:
        return Decimal(tiyn).scaleb(-2)
    return Decimal(f"{tiyn // 100}.{tiyn % 100:02d}")


def rounded(value: Exact, divisor: int, mode: RoundingMode, unit: int = 1) -> int:
    """`value / divisor`, not negative, rounded to a multiple of `unit`; a tie is met exactly, never nearly."""
    divisor *= value.denominator * unit
    quotient, rest = divmod(value.numerator, divisor)
    if mode is RoundingMode.DOWN:
        return quotient * unit
    beyond_half = 2 * rest - divisor
    if beyond_half > 0 or (beyond_half == 0 and (mode is RoundingMode.HALF_UP or quotient % 2 == 1)):
        quotient += 1
    return quotient * unit


def decimals(value: Decimal, least: int = 2) -> str:
    """A number without exponent and idle zeros, with at least `least` decimals: `0.70`, `15.25`, `9.125`."""
    whole, _, fraction = format(value, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(least, '0')}"
