"""Money: tenge with exactly two decimals, a string in JSON, integers of tiyn (1 tenge = 100 tiyn) in calculations."""

import re
from decimal import Decimal
from typing import Annotated

from shared.values.decimals import DecimalText, plain

AMOUNT_PATTERN = r"[0-9]{1,15}(\.[0-9]{2})?"

_money = DecimalText(
    kind="money",
    pattern=AMOUNT_PATTERN,
    wanted='tenge as a JSON string: up to 15 digits, then a point and two more, such as "100000000.00"',
    example="100000000.00",
    decimals=2,
    shown=2,
)

Money = Annotated[Decimal, _money]
"""Tenge, not negative, two decimals; `"100"` is read as 100.00. A JSON number, a sign or an exponent is refused."""

PositiveMoney = Annotated[
    Decimal,
    DecimalText(
        kind="positive_money",
        pattern=AMOUNT_PATTERN,
        wanted='tenge above zero as a JSON string: up to 15 digits, then a point and two more, such as "100000000.00"',
        example="100000000.00",
        decimals=2,
        shown=2,
        above_zero=True,
    ),
]
"""Tenge, at least one tiyn."""


def money(text: str) -> Decimal:
    """Read an amount of tenge from text by the same pattern as the field; raises `ValueError`."""
    if not re.fullmatch(AMOUNT_PATTERN, text, re.ASCII):
        raise ValueError(_money.wanted)
    return Decimal(plain(Decimal(text), 2))


def to_tiyn(amount: Decimal) -> int:
    """Tenge to tiyn, exact: 100.25 is 10025; raises `ValueError` for a third decimal, NaN and infinities."""
    if not amount.is_finite():
        raise ValueError("An amount of tenge is a finite number.")
    numerator, denominator = amount.as_integer_ratio()
    tiyn, rest = divmod(numerator * 100, denominator)
    if rest:
        raise ValueError("An amount of tenge has at most two decimals.")
    return tiyn


def from_tiyn(tiyn: int) -> Decimal:
    """Tiyn to tenge with two decimals, exact, also below zero: -10025 is -100.25."""
    whole, rest = divmod(abs(tiyn), 100)
    return Decimal(f"{'-' if tiyn < 0 else ''}{whole}.{rest:02d}")
