"""How figures are written in events: strings, so that no reader turns money into a float."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, PlainSerializer, WithJsonSchema


def _two_decimals(value: Decimal) -> Decimal:
    if not value.is_finite() or value != value.quantize(Decimal("0.01")):
        raise ValueError("an amount has at most two decimals")
    return value.quantize(Decimal("0.01"))


Amount = Annotated[
    Decimal,
    AfterValidator(_two_decimals),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,18}\.[0-9]{2}$", "examples": ["30000000.00"]}),
]
"""Tenge with two decimals, a string in JSON."""

Figure = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,20}(\.[0-9]{1,10})?$", "examples": ["0.70"]}),
]
"""A number that is not money: a level of fulfilment (0 to 1), a percentage, an indicator's value."""
