"""What every cost line says: the document, the amount in its currency, the day of payment, the evidence."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.values.codes import Code
from shared.values.dates import Day
from shared.values.decimals import DecimalText
from shared.values.documents import DocumentReference
from shared.values.text import Name, Reference

MOST_EVIDENCE = 20

Amount = Annotated[
    Decimal,
    DecimalText(
        kind="amount",
        pattern=r"[0-9]{1,15}(\.[0-9]{2})?",
        wanted='an amount above zero as a JSON string: up to 15 digits, then a point and two more, such as "1250.00"',
        example="1250.00",
        decimals=2,
        shown=2,
        above_zero=True,
    ),
]
"""An amount in the currency of its line, at least a hundredth of its unit."""

Currency = Annotated[
    str, Code(kind="currency", pattern="[A-Z]{3}", wanted="a currency code of three capital letters", example="USD")
]
Country = Annotated[
    str, Code(kind="country", pattern="[A-Z]{2}", wanted="a country code of two capital letters", example="CN")
]
"""A country by ISO 3166-1."""
Language = Annotated[
    str, Code(kind="language", pattern="[a-z]{2}", wanted="a language code of two small letters", example="de")
]
"""A language by ISO 639-1."""
GoodsCode = Annotated[
    str,
    Code(
        kind="goods_code",
        pattern="[0-9]{6}([0-9]{2}){0,2}",
        wanted="an FEA CN code of 6, 8 or 10 digits",
        example="8413702100",
    ),
]
"""A good: the list of goods judges it by its first six digits."""


class Part(BaseModel):
    """A part of what an applicant writes: nothing beside what is known is taken, nothing is changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CostDocument(Part):
    """The invoice or contract of a cost. `total` in the line's currency: its lines may be asked for one by one."""

    supplier: Name
    number: Reference
    on: Day
    total: Amount


class Cost(Part):
    """What all categories have. The day of the cost is the document's; the rate is that of the day of payment."""

    document: CostDocument
    amount: Amount
    currency: Currency
    paid_on: Day
    country: Country
    evidence: Annotated[list[DocumentReference], Field(max_length=MOST_EVIDENCE)] = []

    @property
    def goods_code(self) -> str | None:
        """The good that the cost is about, where it is about one."""
        return None
