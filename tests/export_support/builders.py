"""Eligible cost lines of every category, and what is known about them: each builder takes only what matters."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from export_support.checking.facts import DocumentState, Facts, Places, Size
from export_support.currencies.official import OfficialRate
from export_support.destinations.rules import Rule
from export_support.goods.catalogue import Good, Level, Standing
from export_support.lines.categories import Category, CategoryRule, RateBy
from export_support.lines.costs import AnyCost, category_of, read_cost

TODAY = date(2025, 3, 10)
ROW = UUID(int=7)

EVIDENCE = ("contract", "invoice", "payment-order")
OWN: dict[str, dict[str, Any]] = {
    "goods-delivery": {
        "fea_cn": "8413702100", "transport_mode": "road", "border_crossing": "nur-zholy", "shipped_on": "2025-02-01",
        "declaration": "55102/010225/0001234",
    },
    "goods-advertising": {"medium": "press", "placement": "A-17"},
    "goods-exhibition": {
        "exhibition": "Canton Fair", "participation": "exhibitor", "begins_on": "2025-02-03", "ends_on": "2025-02-07",
    },
    "goods-catalogue-translation": {"into": "de", "pages": "48"},
    "goods-premises-rent": {"purpose": "showroom", "lease": "L-2025-9"},
    "goods-trademark": {"application": "TM-88", "outcome": "registered"},
    "goods-enterprise-certification": {"standard": "ISO 9001", "certificate": "C-1", "valid_to": "2027-12-31"},
    "goods-conformity": {"fea_cn": "8413702100", "covers": "841370", "accreditation": "L.1234"},
    "goods-franchising": {"role": "franchisor", "registration": "F-5"},
    "ict-advertising": {"platform": "Search ads", "foreign_audience": "85.50"},
    "ict-exhibition": {"exhibition": "GITEX", "shown_by": "applicant", "programme": "Hall 4, stand 12"},
    "ict-catalogue-translation": {"manner": "by-people", "translator": "Language bureau"},
    "ict-rent": {"subject": "workplaces", "until": "2025-12-31"},
    "ict-certification": {"certified": "service", "scheme": "ISO/IEC 27001"},
    "ict-demonstration": {"related_customer": False, "customer_act": "ACT-3"},
}  # fmt: skip


def a_paper(kind: str) -> dict[str, Any]:
    """A document of a kind."""
    return {"type": kind, "name": f"{kind}.pdf", "sha256": "a" * 64, "size": 1000}


def a_document(**facts: Any) -> dict[str, Any]:
    """An invoice over 10,000.00."""
    return {
        "supplier": "Silk Road Logistics",
        "number": "INV-2025/001",
        "on": "2025-02-03",
        "total": "10000.00",
        **facts,
    }


def a_line(category: str = "goods-delivery", **facts: Any) -> dict[str, Any]:
    """A line that is eligible: 10,000.00 dollars spent in China."""
    return {
        "category": category, "document": a_document(), "amount": "10000.00", "currency": "USD",
        "paid_on": "2025-02-10", "country": "CN", "evidence": [a_paper(kind) for kind in EVIDENCE],
        **OWN[category], **facts,
    }  # fmt: skip


def a_cost(category: str = "goods-delivery", **facts: Any) -> AnyCost:
    """The same as the rules read it."""
    return read_cost(a_line(category, **facts))


def a_good(level: Level | None = Level.HIGH, standing: Standing = Standing.LISTED) -> Good:
    """What the list says of a centrifugal pump."""
    return Good("8413702100", date(2025, 2, 3), standing, level, "machine building", "Pumps", ROW, "a test", True)


def a_rule(**facts: Any) -> Rule:
    """A destination that is allowed."""
    told: dict[str, Any] = {
        "key": "*/*/*", "allowed": True, "rate": None, "cap": None, "act": "the act", "row": ROW, "verified": True,
    }  # fmt: skip
    return Rule(**told | facts)


def facts_of(cost: AnyCost, **facts: Any) -> Facts:
    """All is known about the line, and nothing speaks against it."""
    category = category_of(cost)
    by = RateBy.LEVEL if category in {Category.DELIVERY, Category.CONFORMITY} else RateBy.SIZE
    told: dict[str, Any] = {
        "on": TODAY, "earliest": date(2024, 3, 10), "size": Size.SMALL,
        "category": CategoryRule(category, by, None, EVIDENCE, "the item", ROW, True),
        "good": None if cost.goods_code is None else a_good(), "rule": a_rule(),
        "rate": OfficialRate("USD", cost.paid_on, Decimal("521.6"), 1, ROW),
        "document": DocumentState(left=cost.document.total, asked=cost.amount),
        "places": Places(
            modes=frozenset({"road", "rail", "sea", "multimodal"}),
            crossings={"nur-zholy": "road", "altynkol": "rail"},
            zones=frozenset({"khorgos-eastern-gate"}),
            countries=frozenset({"CN", "UZ", "KZ"}),
        ),
    }  # fmt: skip
    return Facts(**told | facts)
