"""Decimal numbers as JSON strings: plain ASCII digits and one point, exact, never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.values.wrong import found, wrong


class JsonNumber(Decimal):
    """A number with a fraction or an exponent as it stood in JSON: what a strict parser gives, no field of ours takes.

    `Decimal` itself stands for what our own code computed or a database answered.
    """


def plain(value: Decimal, decimals: int) -> str:
    """The number with at least `decimals` decimals, no exponent and no needless zero: 0.700000 is `0.70`."""
    if not value:
        value = Decimal(0)
    whole, _, fraction = format(value, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(decimals, '0')}" if decimals or fraction.rstrip("0") else whole


@dataclass(frozen=True, slots=True)
class DecimalText:
    """A field type: a decimal number that is a string in JSON.

    From outside only a string of `pattern` is accepted; our own code may also give a `Decimal` with no more digits
    than that, which is what a database answers. `highest` is inclusive. A number is written with at least `shown`
    decimals. Whoever parses JSON must leave numbers as int and float: a `Decimal` counts as our own.
    """

    kind: str
    pattern: str
    wanted: str
    example: str
    decimals: int
    shown: int
    whole_digits: int = 18
    highest: Decimal | None = None
    above_zero: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with `read`, write with `write`."""
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self.write, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A string with the pattern and an example; what is answered may have more digits than what is asked."""
        pattern = self.pattern
        if handler.mode == "serialization":
            least = f"{{{self.shown},{self.decimals}}}" if self.shown < self.decimals else f"{{{self.decimals}}}"
            fraction = rf"\.[0-9]{least}" if self.shown else rf"(\.[0-9]{{1,{self.decimals}}})?"
            pattern = f"[0-9]{{1,{self.whole_digits}}}{fraction}"
        return {"type": "string", "pattern": f"^{pattern}$", "examples": [self.example]}

    def read(self, value: object) -> Decimal:
        """The number, with `shown` decimals or more; raises the field's error."""
        if isinstance(value, JsonNumber):
            raise wrong(self.kind, found(value), self.wanted)
        if isinstance(value, Decimal):
            number = value
            if not self._ours(number):
                raise wrong(self.kind, "a decimal number that does not fit", self.wanted)
        elif isinstance(value, str) and re.fullmatch(self.pattern, value, re.ASCII):
            number = Decimal(value)
        else:
            raise wrong(self.kind, found(value), self.wanted)
        if self.highest is not None and number > self.highest:
            raise wrong(self.kind, found(value) if isinstance(value, str) else "a larger number", self.wanted)
        if self.above_zero and not number:
            raise wrong(self.kind, "zero", self.wanted)
        return Decimal(plain(number, self.shown))

    def _ours(self, number: Decimal) -> bool:
        if not number.is_finite() or number.is_signed():
            return False
        whole, _, fraction = format(number, "f").partition(".") if number.adjusted() < 100 else ("0" * 100, "", "")
        return len(whole) <= self.whole_digits and len(fraction.rstrip("0")) <= self.decimals

    def write(self, value: Decimal) -> str:
        """The number as it stands in JSON."""
        return plain(value, self.shown)


_whole = re.compile("0|[1-9][0-9]{0,17}")


def _plain_digits(value: object) -> object:
    """Text of plain digits, or our own number; `1_0`, `01`, `+5` and the digits of other scripts are none."""
    if isinstance(value, str) and not _whole.fullmatch(value):
        raise PydanticCustomError("int_parsing", "A whole number is wanted.")
    return value


WholeNumber = Annotated[int, BeforeValidator(_plain_digits)]
"""A whole number in a query, in plain ASCII digits without sign or leading zero."""
