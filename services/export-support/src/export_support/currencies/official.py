"""The official rate of a currency on a day: tenge per 1, 10, 100 or 1000 units, never taken from another day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from shared.reference.lists import UNITS, Cell, ListDefinition, choice
from shared.reference.rows import Entry
from shared.values.codes import Code
from shared.values.wrong import found, wrong

TENGE = "KZT"
CURRENCY = Code("currency", "[A-Z]{3}", "a currency code of three capital letters", "USD")


def _rate(value: object) -> str:
    text = UNITS["number"](value)
    if not Decimal(text):
        raise wrong("rate", found(value), "a number above zero")
    return text


RATES = ListDefinition(
    "exchange-rates",
    Cell("currency", CURRENCY.read),
    (Cell("rate", _rate), Cell("units", choice("1", "10", "100", "1000"))),
    bounded=True,
)
"""The National Bank's official rates: each row says until which day it holds, so that an unknown day stays unknown."""


@dataclass(frozen=True, slots=True)
class OfficialRate:
    """`rate` tenge for `units` of the currency on the day; the tenge itself has no row."""

    currency: str
    on: date
    rate: Decimal
    units: int
    row: UUID | None = None
    source: str | None = None
    verified: bool = False

    @classmethod
    def of(cls, on: date, entry: Entry) -> "OfficialRate":
        """The rate of an entry."""
        told = entry.attributes
        rate, units = Decimal(told["rate"]), int(told["units"])
        return cls(entry.key, on, rate, units, entry.id, entry.source, entry.verified)

    @classmethod
    def of_tenge(cls, on: date) -> "OfficialRate":
        """One tenge is one tenge."""
        return cls(TENGE, on, Decimal(1), 1)

    def tiyn(self, amount: Decimal) -> Fraction:
        """The amount in tiyn, exact, not rounded."""
        return Fraction(amount) * Fraction(self.rate) * 100 / self.units
