"""What a calculation rests on unverified, and what it refuses."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from obligations.repayment import RateTimeline, RepaymentCase, RepaymentRules, calculate
from obligations.repayment import refusals as no
from obligations.repayment.parameters import CALCULATION_PARAMETERS, CONDUCT_PARAMETERS
from shared.refusals import RuleBroken
from tests.obligations.repayment.builders import a_case, day, rates, the_story


def test_every_parameter_and_rate_is_unverified_until_somebody_confirms_it() -> None:
    unverified = calculate(the_story()).unverified
    assert {parameter.name for parameter in CALCULATION_PARAMETERS} <= set(unverified)
    assert unverified[0] == "formula"
    assert unverified[-1] == "rates/2026-06-08"
    assert "day_count" not in calculate(a_case(confirmed=frozenset({"day_count"}))).unverified


def test_the_default_rule_set_is_assumed_declared_and_what_the_rules_default_to() -> None:
    rules = RepaymentRules().model_dump(mode="json")
    flat = rules | {f"rounding.{name}": value for name, value in rules.pop("rounding").items()}
    assert flat == {parameter.name: parameter.default for parameter in CALCULATION_PARAMETERS}
    for parameter in (*CALCULATION_PARAMETERS, *CONDUCT_PARAMETERS):
        assert (parameter.mark, parameter.verified) == ("assumed", False)
        assert "27(4)" in parameter.source


@pytest.mark.parametrize(
    "rules",
    [
        {"day_count": "actual/364"},
        {"accrual_from": "20250101"},
        {"accrual_from": 5},
        {"rounding": {"unit": "0.1"}},
        {"x": 1},
    ],
)
def test_an_unknown_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RepaymentRules.model_validate(rules)


def two_rates() -> RateTimeline:
    return rates(("2025-01-01", "10.00"), ("2025-01-01", "10.00"))


UNDEFINED: list[tuple[type[RuleBroken], str, dict[str, Any]]] = [
    (no.CombinationUndefined, "/rules/segments", {"segments": "outstanding", "rate_pick": "disbursement"}),
    (no.CombinationUndefined, "/rules/segments", {"segments": "outstanding", "rate_pick": "anniversary"}),
    (no.CombinationUndefined, "/rules/segments", {"segments": "outstanding", "compounding": "annual"}),
    (no.CombinationUndefined, "/rules/day_count", {"day_count": "30E/360", "day_inclusion": "both_in"}),
    (no.CombinationUndefined, "/rules/day_count", {"day_count": "30E/360", "day_inclusion": "first_out_last_in"}),
    (
        no.CompoundingWithRepayments,
        "/rules/compounding",
        {"compounding": "annual", "repayments": (("1.00", "2025-05-05"),)},
    ),
    (no.AsOfBeforeTranche, "/as_of", {"as_of": "2025-02-02"}),
    (no.RepaymentOutsideTerm, "/repayments/0/on", {"repayments": (("1.00", "2025-02-02"),)}),
    (no.RepaymentOutsideTerm, "/repayments/0/on", {"repayments": (("1.00", "2026-07-01"),)}),
    (no.SuspensionReversed, "/suspensions/0", {"suspensions": (("2025-05-05", "2025-05-04"),)}),
    (no.FulfilmentTooPrecise, "/fulfilment", {"k": "0.1234567"}),
    (no.FulfilmentOutOfRange, "/fulfilment", {"k": "1.000001"}),
    (no.FulfilmentOutOfRange, "/fulfilment", {"k": "-0.1"}),
    (no.FulfilmentOutOfRange, "/fulfilment", {"k": "NaN"}),
    (no.AmountNotMoney, "/repayments/0/amount", {"repayments": (("0.00", "2025-05-05"),)}),
    (no.AmountNotMoney, "/repayments/0/amount", {"repayments": (("Infinity", "2025-05-05"),)}),
    (no.RateUnknown, "/rates", {"known": rates()}),
]


@pytest.mark.parametrize(("refusal", "field", "facts"), UNDEFINED)
def test_what_is_undefined_is_refused_naming_the_field_and_a_remedy(
    refusal: type[RuleBroken], field: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        calculate(a_case(**facts))
    assert refused.value.field == field
    assert refused.value.remedy


@pytest.mark.parametrize("amount", ["0.001", "-0.01", "NaN"])
def test_an_amount_that_is_no_sum_of_money_is_refused(amount: str) -> None:
    with pytest.raises(no.AmountNotMoney) as refused:
        calculate(a_case((amount, "2025-02-03")))
    assert refused.value.field == "/tranches/0/amount"


def test_a_case_without_tranches_is_refused() -> None:
    with pytest.raises(no.TrancheMissing):
        calculate(RepaymentCase(Decimal(0), (), day("2025-01-01"), rates()))


def test_two_rates_of_one_day_and_a_rate_below_zero_are_refused() -> None:
    with pytest.raises(no.TwoRatesOfOneDay):
        two_rates()
    for percent in ("-0.01", "NaN"):
        with pytest.raises(no.PercentNegative):
            rates(("2025-01-01", percent))
