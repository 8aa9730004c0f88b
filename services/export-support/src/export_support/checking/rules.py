"""The checker: what every line is asked, then what its category is asked. Pure: values in, findings out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from export_support.checking import of_goods, of_ict
from export_support.checking.facts import Facts
from export_support.checking.grounds import ABROAD, Finding, no, unknown
from export_support.goods.catalogue import Level, Standing
from export_support.lines.categories import Category, RateBy
from export_support.lines.costs import AnyCost, category_of

CATEGORY_UNKNOWN = unknown(
    "category-unknown", "What the category {category} asks for on {on} is not known.", "Import the category's row."
)
OUTSIDE_LOOK_BACK = no(
    "outside-look-back",
    "The cost of {on} lies before {earliest}, the first day that is looked back to.",
    "Ask only for costs of the time that is looked back to.",
)
IN_THE_FUTURE = no(
    "cost-in-future", "{on} lies after the day of the request, {today}.", "Ask for a cost when it has been paid."
)
ABOVE_DOCUMENT = no(
    "above-document",
    "The line asks for {amount}, the document is about {total}.",
    "Ask for no more than the document's total.",
)
EVIDENCE_MISSING = unknown(
    "evidence-missing", "The document {kind} is not attached.", "Attach it: the category asks for it."
)
COUNTRY_UNKNOWN = unknown("country-unknown", "The country {country} is not on the list.", "Check the country's code.")
DENIED = no(
    "destination-denied",
    "Costs of {category} for {country} are not reimbursed (rule {rule}).",
    "Ask for costs for another destination.",
    ABROAD,
)
RULE_UNKNOWN = unknown(
    "destination-rule-unknown",
    "The destination rules say nothing about {category} for {country} on {on}.",
    "Wait until the institute has entered a rule.",
    ABROAD,
)
NOT_LISTED = no(
    "good-not-listed",
    "{code} is not on the list of goods of {on}.",
    "Check the code; goods outside the list are not reimbursed.",
    "Law 86-VII, Art. 10(3)",
)
LIST_UNKNOWN = unknown(
    "goods-list-unknown",
    "No list of goods is known for {on}.",
    "Wait until the institute has entered the list of that day.",
    "Law 86-VII, Art. 10(3)",
)
LOW_PROCESSING = no(
    "low-processing-excluded",
    "{code} is a good of low processing, which this call does not pay for.",
    "Ask for goods of medium or high processing.",
    "Law 86-VII, Art. 26(1)",
)
RATE_UNKNOWN = unknown(
    "exchange-rate-unknown",
    "No official rate of {currency} is known for {on}, the day of payment.",
    "Check the day of payment, or wait until the rate is entered.",
)
SIZE_UNSTATED = unknown(
    "size-unstated", "The size of the business is not said; the rate goes by it.", "Say the size in the request."
)
DOCUMENT_DIFFERS = no(
    "document-differs",
    "The same document stands elsewhere with another total or currency.",
    "State the document's total and currency as they stand on it.",
)
DOCUMENT_SPENT = no(
    "document-spent",
    "{asked} is asked of the document {number}, of which {left} is left.",
    "A document is reimbursed once: ask for no more than what is left of it.",
)

Check = Callable[[Any, Facts], Iterator[Finding]]

CHECKS: Mapping[Category, Check] = {
    Category.DELIVERY: of_goods.of_delivery,
    Category.ADVERTISING: of_goods.of_advertising,
    Category.EXHIBITION: of_goods.of_exhibition,
    Category.CATALOGUE: of_goods.of_catalogue,
    Category.PREMISES: of_goods.of_premises,
    Category.TRADEMARK: of_goods.of_trademark,
    Category.ENTERPRISE: of_goods.of_enterprise,
    Category.CONFORMITY: of_goods.of_conformity,
    Category.FRANCHISING: of_goods.of_franchising,
    Category.ICT_ADVERTISING: of_ict.of_advertising,
    Category.ICT_EXHIBITION: of_ict.of_exhibition,
    Category.ICT_CATALOGUE: of_ict.of_catalogue,
    Category.ICT_RENT: of_ict.of_rent,
    Category.ICT_CERTIFICATION: of_ict.of_certification,
    Category.ICT_DEMONSTRATION: of_ict.of_demonstration,
}


def check(cost: AnyCost, facts: Facts) -> list[Finding]:
    """Everything that is to be said against a line, or for which it cannot be judged; nothing where it is eligible."""
    return [
        *_of_days(cost, facts),
        *_of_category(cost, facts),
        *_of_place(cost, facts),
        *_of_good(facts),
        *_of_money(cost, facts),
        *CHECKS[category_of(cost)](cost, facts),
    ]


def _of_days(cost: AnyCost, facts: Facts) -> Iterator[Finding]:
    if cost.document.on < facts.earliest:
        data = {"on": cost.document.on, "earliest": facts.earliest}
        yield Finding(OUTSIDE_LOOK_BACK, "/document/on", data)
    for field, day in (("/document/on", cost.document.on), ("/paid_on", cost.paid_on)):
        if day > facts.on:
            yield Finding(IN_THE_FUTURE, field, {"on": day, "today": facts.on})


def _of_category(cost: AnyCost, facts: Facts) -> Iterator[Finding]:
    rule = facts.category
    if rule is None:
        yield Finding(CATEGORY_UNKNOWN, "/category", {"category": cost.category, "on": cost.document.on})
        return
    attached = {each.type for each in cost.evidence}
    for kind in rule.evidence:
        if kind not in attached:
            yield Finding(EVIDENCE_MISSING, "/evidence", {"kind": kind}, rule.item)
    if rule.rate_by is RateBy.SIZE and facts.size is None:
        yield Finding(SIZE_UNSTATED, "/category", act=rule.item)


def _of_place(cost: AnyCost, facts: Facts) -> Iterator[Finding]:
    data = {"category": cost.category, "country": cost.country, "on": cost.document.on}
    if cost.country not in facts.places.countries:
        yield Finding(COUNTRY_UNKNOWN, "/country", {"country": cost.country})
    if facts.rule is None:
        yield Finding(RULE_UNKNOWN, "/country", data)
    elif not facts.rule.allowed:
        yield Finding(DENIED, "/country", {**data, "rule": facts.rule.key}, facts.rule.act)


def _of_good(facts: Facts) -> Iterator[Finding]:
    good = facts.good
    if good is None:
        return
    data = {"code": good.code, "on": good.on}
    if good.standing is Standing.UNKNOWN:
        yield Finding(LIST_UNKNOWN, "/fea_cn", data)
    elif good.standing is Standing.NOT_LISTED:
        yield Finding(NOT_LISTED, "/fea_cn", data)
    elif good.level is Level.LOW and not facts.low_processing_paid:
        yield Finding(LOW_PROCESSING, "/fea_cn", data)


def _of_money(cost: AnyCost, facts: Facts) -> Iterator[Finding]:
    document = facts.document
    if facts.rate is None:
        yield Finding(RATE_UNKNOWN, "/paid_on", {"currency": cost.currency, "on": cost.paid_on})
    if cost.amount > cost.document.total:
        data = {"amount": f"{cost.amount:.2f}", "total": f"{cost.document.total:.2f}"}
        yield Finding(ABOVE_DOCUMENT, "/amount", data)
    if document.differs:
        yield Finding(DOCUMENT_DIFFERS, "/document/total")
    elif document.asked > document.left:
        data = {"number": cost.document.number, "asked": f"{document.asked:.2f}", "left": f"{document.left:.2f}"}
        yield Finding(DOCUMENT_SPENT, "/document", data)
