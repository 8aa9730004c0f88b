"""The fifteen categories: each has a line that is eligible, one refused and one unknown for a reason only it has."""

from typing import Any

import pytest

from export_support.checking.grounds import GROUNDS, Answer, answer_of
from export_support.checking.rules import CHECKS, check
from export_support.lines.categories import Category
from export_support.lines.costs import category_of
from tests.export_support.builders import OWN, a_cost, facts_of

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("goods-delivery", {"border_crossing": "altynkol"}, "crossing-of-another-mode"),
    ("goods-advertising", {"medium": "own-channel"}, "medium-of-own-channel"),
    ("goods-exhibition", {"participation": "visitor"}, "visited-only"),
    ("goods-catalogue-translation", {"into": "ru"}, "translated-into-home-language"),
    ("goods-premises-rent", {"purpose": "dwelling"}, "premises-for-dwelling"),
    ("goods-trademark", {"outcome": "refused"}, "trademark-refused"),
    ("goods-enterprise-certification", {"valid_to": "2025-03-09"}, "certificate-lapsed"),
    ("goods-conformity", {"covers": "850422"}, "certificate-of-other-good"),
    ("goods-franchising", {"role": "franchisee"}, "franchise-bought"),
    ("ict-advertising", {"foreign_audience": "0"}, "audience-at-home"),
    ("ict-exhibition", {"shown_by": "another"}, "shown-by-another"),
    ("ict-catalogue-translation", {"manner": "by-machine"}, "machine-translation"),
    ("ict-rent", {"subject": "servers"}, "servers-rented"),
    ("ict-certification", {"certified": "person"}, "person-certified"),
    ("ict-demonstration", {"related_customer": True}, "related-customer"),
]
UNKNOWN: list[tuple[str, dict[str, Any], str]] = [
    ("goods-delivery", {"declaration": None}, "declaration-missing"),
    ("goods-advertising", {"placement": None}, "placement-unproven"),
    ("goods-exhibition", {"ends_on": "2025-03-11"}, "exhibition-not-over"),
    ("goods-catalogue-translation", {"pages": None}, "catalogue-volume-unstated"),
    ("goods-premises-rent", {"lease": None}, "lease-unregistered"),
    ("goods-trademark", {"outcome": "pending"}, "trademark-pending"),
    ("goods-enterprise-certification", {"certificate": None}, "certification-not-finished"),
    ("goods-conformity", {"accreditation": None}, "laboratory-unaccredited"),
    ("goods-franchising", {"registration": None}, "franchise-unregistered"),
    ("ict-advertising", {"foreign_audience": None}, "audience-unmeasured"),
    ("ict-exhibition", {"programme": None}, "programme-missing"),
    ("ict-catalogue-translation", {"translator": None}, "translator-unnamed"),
    ("ict-rent", {"until": None}, "rent-term-open"),
    ("ict-certification", {"scheme": None}, "scheme-unnamed"),
    ("ict-demonstration", {"customer_act": None}, "customer-unconfirmed"),
]


def test_there_are_fifteen_categories_and_each_is_tested_both_ways() -> None:
    every = {category.value for category in Category}
    assert len(every) == 15
    assert every == set(OWN) == {case[0] for case in REFUSED} == {case[0] for case in UNKNOWN}
    assert set(CHECKS) == set(Category)


@pytest.mark.parametrize("category", OWN)
def test_a_line_of_which_all_is_known_is_eligible(category: str) -> None:
    cost = a_cost(category)
    assert category_of(cost) is Category(category)
    assert check(cost, facts_of(cost)) == []


@pytest.mark.parametrize(("category", "facts", "code"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_line_is_refused_for_a_reason_of_its_category(category: str, facts: dict[str, Any], code: str) -> None:
    cost = a_cost(category, **facts)
    findings = check(cost, facts_of(cost))
    assert [finding.ground.code for finding in findings] == [code]
    assert answer_of(findings) is Answer.NOT_ELIGIBLE


@pytest.mark.parametrize(("category", "facts", "code"), UNKNOWN, ids=[case[2] for case in UNKNOWN])
def test_a_line_cannot_be_judged_for_a_reason_of_its_category(category: str, facts: dict[str, Any], code: str) -> None:
    cost = a_cost(category, **facts)
    findings = check(cost, facts_of(cost))
    assert [finding.ground.code for finding in findings] == [code]
    assert answer_of(findings) is Answer.UNKNOWN


def test_every_ground_says_what_to_do_and_where_it_is_written() -> None:
    for ground in GROUNDS.values():
        assert ground.says.endswith(".")
        assert ground.remedy.endswith(".")
        assert ground.item
