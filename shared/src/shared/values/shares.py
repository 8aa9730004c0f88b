"""Numbers that are not money: levels of fulfilment, percentages, quantities of an indicator."""

from decimal import Decimal
from typing import Annotated

from shared.values.decimals import DecimalText

Fulfilment = Annotated[
    Decimal,
    DecimalText(
        kind="fulfilment",
        pattern=r"(0(\.[0-9]{1,6})?|1(\.0{1,6})?)",
        wanted='a level of fulfilment from 0 to 1 with at most six decimals as a JSON string, such as "0.70"',
        example="0.70",
        decimals=6,
        shown=2,
        whole_digits=1,
        highest=Decimal(1),
    ),
]
"""The achieved level, 0 to 1, up to six decimals (Law 86-VII, Art. 27(4)); written with at least two."""

Weight = Annotated[
    Decimal,
    DecimalText(
        kind="weight",
        pattern=r"(0(\.[0-9]{1,6})?|1(\.0{1,6})?)",
        wanted='a weight above 0 and up to 1 with at most six decimals as a JSON string, such as "0.50"',
        example="0.50",
        decimals=6,
        shown=2,
        whole_digits=1,
        highest=Decimal(1),
        above_zero=True,
    ),
]
"""The part of one indicator in the whole, above 0 and up to 1."""

Percent = Annotated[
    Decimal,
    DecimalText(
        kind="percent",
        pattern=r"[0-9]{1,3}(\.[0-9]{1,4})?",
        wanted='percent as a JSON string: up to three digits and four decimals, such as "15.25"',
        example="15.25",
        decimals=4,
        shown=2,
        whole_digits=3,
    ),
]
"""Percent, not negative: a base rate of 15.25 percent a year is `"15.25"`."""

Share = Annotated[
    Decimal,
    DecimalText(
        kind="share",
        pattern=r"(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)",
        wanted='a share of 0 to 100 percent as a JSON string with at most four decimals, such as "50.00"',
        example="50.00",
        decimals=4,
        shown=2,
        whole_digits=3,
        highest=Decimal(100),
    ),
]
"""A part of a whole in percent, 0 to 100."""

Quantity = Annotated[
    Decimal,
    DecimalText(
        kind="quantity",
        pattern=r"[0-9]{1,15}(\.[0-9]{1,6})?",
        wanted='a number as a JSON string: up to 15 digits and six decimals, such as "1250.5"',
        example="1250.5",
        decimals=6,
        shown=0,
    ),
]
"""A measured or agreed value of an indicator, in the indicator's own unit, not negative."""
