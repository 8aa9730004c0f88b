"""What every line is asked, whatever its category: days, place, good, rate, evidence, document."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from export_support.checking.facts import DocumentState, Places
from export_support.checking.grounds import Answer, Finding, answer_of
from export_support.checking.rules import check
from export_support.goods.catalogue import Level, Standing
from tests.export_support.builders import a_cost, a_document, a_good, a_rule, facts_of


def found(cost: dict[str, Any] | None = None, **facts: Any) -> dict[str, Finding]:
    line = a_cost(**cost or {})
    return {finding.ground.code: finding for finding in check(line, facts_of(line, **facts))}


CASES: list[tuple[dict[str, Any], dict[str, Any], str, Answer, str]] = [
    ({"document": a_document(on="2024-03-09")}, {}, "outside-look-back", Answer.NOT_ELIGIBLE, "/document/on"),
    ({"document": a_document(on="2025-03-11")}, {}, "cost-in-future", Answer.NOT_ELIGIBLE, "/document/on"),
    ({"paid_on": "2025-03-11"}, {}, "cost-in-future", Answer.NOT_ELIGIBLE, "/paid_on"),
    ({}, {"category": None}, "category-unknown", Answer.UNKNOWN, "/category"),
    ({"evidence": []}, {}, "evidence-missing", Answer.UNKNOWN, "/evidence"),
    ({"country": "XX"}, {}, "country-unknown", Answer.UNKNOWN, "/country"),
    ({}, {"rule": a_rule(allowed=False)}, "destination-denied", Answer.NOT_ELIGIBLE, "/country"),
    ({}, {"rule": None}, "destination-rule-unknown", Answer.UNKNOWN, "/country"),
    ({}, {"good": a_good(None, Standing.NOT_LISTED)}, "good-not-listed", Answer.NOT_ELIGIBLE, "/fea_cn"),
    ({}, {"good": a_good(None, Standing.UNKNOWN)}, "goods-list-unknown", Answer.UNKNOWN, "/fea_cn"),
    ({}, {"good": a_good(Level.LOW), "low_processing_paid": False}, "low-processing-excluded", Answer.NOT_ELIGIBLE,
     "/fea_cn"),
    ({}, {"rate": None}, "exchange-rate-unknown", Answer.UNKNOWN, "/paid_on"),
    ({"amount": "10000.01"}, {}, "above-document", Answer.NOT_ELIGIBLE, "/amount"),
    ({}, {"document": DocumentState(Decimal(100), Decimal("100.01"))}, "document-spent", Answer.NOT_ELIGIBLE,
     "/document"),
    ({}, {"document": DocumentState(Decimal(1), Decimal(1), differs=True)}, "document-differs", Answer.NOT_ELIGIBLE,
     "/document/total"),
    ({"transport_mode": "rail", "border_crossing": "unheard-of"}, {}, "place-unknown", Answer.UNKNOWN,
     "/border_crossing"),
]  # fmt: skip


@pytest.mark.parametrize(("cost", "facts", "code", "answer", "field"), CASES)
def test_a_ground_is_found_at_its_field(
    cost: dict[str, Any], facts: dict[str, Any], code: str, answer: Answer, field: str
) -> None:
    finding = found(cost, **facts)[code]
    assert (finding.ground.answer, finding.pointer) == (answer, field)
    assert "{" not in finding.ground.says.format(**finding.data)


def test_the_first_and_the_last_day_that_are_looked_back_to_count() -> None:
    for day in ("2024-03-10", "2025-03-10"):
        assert found({"document": a_document(on=day), "paid_on": "2025-03-10"}) == {}


def test_what_speaks_against_a_line_outweighs_what_is_not_known() -> None:
    line = a_cost(paid_on="2025-03-11", declaration=None)
    findings = check(line, facts_of(line))
    assert {finding.ground.answer for finding in findings} == {Answer.NOT_ELIGIBLE, Answer.UNKNOWN}
    assert answer_of(findings) is Answer.NOT_ELIGIBLE


def test_the_act_of_the_destination_rule_is_cited() -> None:
    denied = a_rule(allowed=False, act="Treaty on the Eurasian Economic Union, Annex 28", key="goods-delivery/*/RU")
    finding = found(rule=denied)["destination-denied"]
    assert finding.item == denied.act
    assert finding.data["rule"] == "goods-delivery/*/RU"


def test_low_processing_is_paid_or_not_as_the_parameter_says() -> None:
    assert found(good=a_good(Level.LOW)) == {}


def test_a_delivery_by_several_ways_may_pass_any_crossing() -> None:
    assert found({"transport_mode": "multimodal", "border_crossing": "altynkol"}) == {}


def test_a_category_whose_rate_goes_by_size_wants_the_size() -> None:
    line = a_cost("goods-advertising")
    assert [each.ground.code for each in check(line, facts_of(line, size=None))] == ["size-unstated"]
    line = a_cost("goods-delivery")
    assert check(line, facts_of(line, size=None)) == []


def test_with_no_lists_of_places_nothing_is_taken_for_right() -> None:
    codes = found(places=Places())
    assert codes.keys() == {"country-unknown", "place-unknown"}


def test_a_later_certificate_date_is_judged_by_the_day_of_judgement() -> None:
    line = a_cost("goods-enterprise-certification", valid_to="2025-03-10")
    assert check(line, facts_of(line)) == []
    late = facts_of(line, on=date(2025, 3, 11))
    assert [each.ground.code for each in check(line, late)] == ["certificate-lapsed"]
