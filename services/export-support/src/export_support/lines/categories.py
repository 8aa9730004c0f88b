"""The fifteen cost categories, and the dated list of what each one asks for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.reference.lists import NAME, SLUG, UNITS, WORDS, Cell, ListDefinition, choice
from shared.reference.rows import NO_LIMIT, Entry


class Category(StrEnum):
    """What the money was spent on: nine categories for goods, six for ICT services."""

    DELIVERY = "goods-delivery"
    ADVERTISING = "goods-advertising"
    EXHIBITION = "goods-exhibition"
    CATALOGUE = "goods-catalogue-translation"
    PREMISES = "goods-premises-rent"
    TRADEMARK = "goods-trademark"
    ENTERPRISE = "goods-enterprise-certification"
    CONFORMITY = "goods-conformity"
    FRANCHISING = "goods-franchising"
    ICT_ADVERTISING = "ict-advertising"
    ICT_EXHIBITION = "ict-exhibition"
    ICT_CATALOGUE = "ict-catalogue-translation"
    ICT_RENT = "ict-rent"
    ICT_CERTIFICATION = "ict-certification"
    ICT_DEMONSTRATION = "ict-demonstration"


class RateBy(StrEnum):
    """By what the rate of a category goes."""

    LEVEL = "level"
    SIZE = "size"


def _slugs(value: object) -> str:
    return " ".join(SLUG(word) for word in WORDS(value).split())


CATEGORIES = ListDefinition(
    "export-categories",
    Cell("category", choice(*(category.value for category in Category))),
    (
        NAME,
        Cell("rate_by", choice(*(by.value for by in RateBy))),
        Cell("cap", UNITS["KZT"]),
        Cell("evidence", _slugs),
        Cell("item", WORDS),
    ),
)
"""What each category asks for on a day: key of its rate, cap a request, documents, item of the rules."""


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """A category as it is on a day. `cap` in tenge for all its lines of one request, None for none."""

    category: Category
    rate_by: RateBy
    cap: Decimal | None
    evidence: tuple[str, ...]
    item: str
    row: UUID
    verified: bool

    @classmethod
    def of(cls, entry: Entry) -> "CategoryRule":
        """The rule of an entry."""
        told = entry.attributes
        return cls(
            category=Category(entry.key),
            rate_by=RateBy(told["rate_by"]),
            cap=None if told["cap"] == NO_LIMIT else Decimal(told["cap"]),
            evidence=tuple(told["evidence"].split()),
            item=told["item"],
            row=entry.id,
            verified=entry.verified,
        )
