"""The repayment calculation on cases small enough to do by hand."""

from decimal import Decimal, localcontext
from typing import Any

import pytest

from obligations.repayment import Calculation, RepaymentRules, amount_due, calculate
from obligations.repayment import refusals as no
from tests.obligations.repayment.builders import STORY, a_case, day, rates, the_story


def lines(answer: Calculation) -> list[tuple[str, str, int, str]]:
    return [(str(s.first), str(s.last), s.days, str(s.interest)) for s in answer.segments]


def test_the_claim_of_the_story_comes_out_to_the_tiyn() -> None:
    answer = calculate(the_story())
    assert (str(answer.principal), str(answer.interest)) == ("30000000.00", "7209041.10")
    assert [(s.days, str(s.rate.percent), str(s.interest)) for s in answer.segments] == [
        (36, "15.25", "451232.88"),
        (216, "16.50", "2929315.07"),
        (238, "18.00", "3521095.89"),
        (22, "17.00", "307397.26"),
    ]


def test_the_answer_is_serialisable_with_money_and_percentages_as_strings() -> None:
    said = calculate(the_story()).as_json()
    assert said["total"] == "37209041.10"
    assert said["paid"] == {"principal": "0.00", "interest": "0.00"}
    assert said["outstanding"] == {"principal": "30000000.00", "interest": "7209041.10", "total": "37209041.10"}
    assert said["fulfilment"] == "0.70"
    assert said["citations"] == [{"act": "Law 86-VII", "article": "27(4)"}]
    assert isinstance(said["segments"], list)
    assert said["segments"][0] == {
        "tranche": 1,
        "from": "2025-02-03",
        "to": "2025-03-10",
        "days": 36,
        "base": "30000000.00",
        "percent": "15.25",
        "basis": 365,
        "interest": "451232.88",
        "rate_from": "2024-12-02",
    }
    assert RepaymentRules.model_validate(said["rules"]) == RepaymentRules()


def test_the_sum_due_is_that_of_the_sheet_without_the_sheet() -> None:
    case = a_case(repayments=(("100.00", "2025-05-05"),))
    assert amount_due(case) == calculate(case).outstanding


def test_a_calculation_succeeds_to_the_last_known_day_and_names_the_first_unknown_one() -> None:
    known = rates(*STORY, known_to="2026-10-26")
    assert calculate(a_case(as_of="2026-10-27", known=known)).interest > 0
    with pytest.raises(no.RateUnknown) as refused:
        calculate(a_case(as_of="2026-10-28", known=known))
    assert refused.value.data["day"] == day("2026-10-27")


def test_the_rate_of_the_claim_date_must_be_known_on_that_day_itself() -> None:
    known = rates(*STORY, known_to="2026-10-26")
    assert calculate(a_case(as_of="2026-10-26", known=known, rate_pick="claim_date")).interest > 0
    with pytest.raises(no.RateUnknown):
        calculate(a_case(as_of="2026-10-27", known=known, rate_pick="claim_date"))


def test_only_rates_that_are_used_must_be_known() -> None:
    nothing = rates()
    assert calculate(a_case(k="1", known=nothing)).total == 0
    assert calculate(a_case(as_of="2025-02-03", known=nothing)).interest == 0
    paid = (("36500.00", "2025-02-03"),)
    assert calculate(a_case(repayments=paid, known=nothing)).outstanding.total == 0
    with pytest.raises(no.RateUnknown):
        calculate(a_case(as_of="2025-02-04", known=nothing))


@pytest.mark.parametrize(
    ("inclusion", "line"),
    [
        ("first_in_last_out", ("2025-02-03", "2025-02-12", 10, "100.00")),
        ("first_out_last_in", ("2025-02-04", "2025-02-13", 10, "100.00")),
        ("both_in", ("2025-02-03", "2025-02-13", 11, "110.00")),
    ],
)
def test_the_first_and_the_last_day_bear_interest_by_the_rule(inclusion: str, line: tuple[str, str, int, str]) -> None:
    assert lines(calculate(a_case(as_of="2025-02-13", day_inclusion=inclusion))) == [line]


@pytest.mark.parametrize(
    ("inclusion", "interest"),
    [("first_in_last_out", "50.00"), ("first_out_last_in", "50.00"), ("both_in", "60.00")],
)
def test_a_payment_takes_effect_at_the_start_of_its_day_or_at_its_end(inclusion: str, interest: str) -> None:
    case = a_case(as_of="2025-03-03", repayments=(("40000.00", "2025-02-08"),), day_inclusion=inclusion)
    answer = calculate(case)
    assert (str(answer.interest), str(answer.outstanding.total)) == (interest, "0.00")
    assert answer.overpaid == Decimal(40000) - 36500 - answer.interest


def test_interest_starts_on_a_given_day_if_it_is_later() -> None:
    late = a_case(as_of="2025-02-13", accrual_from="2025-02-10")
    early = a_case(as_of="2025-02-13", accrual_from="2025-01-10")
    assert lines(calculate(late)) == [("2025-02-10", "2025-02-12", 3, "30.00")]
    assert lines(calculate(early)) == [("2025-02-03", "2025-02-12", 10, "100.00")]
    assert lines(calculate(a_case(as_of="2025-02-13", accrual_from="2025-09-01"))) == []


def test_interest_is_paid_first_then_the_oldest_principal_and_the_rest_stays_overpaid() -> None:
    tranches = (("365.00", "2025-02-05"), ("36500.00", "2025-02-03"))
    answer = calculate(a_case(*tranches, as_of="2025-02-13", repayments=(("36600.50", "2025-02-08"),)))
    paid = answer.repayments[0]
    assert (str(paid.interest), str(paid.principal), str(paid.overpaid)) == ("50.30", "36550.20", "0.00")
    assert [str(t.paid) for t in answer.tranches] == ["50.20", "36500.00"]


def test_principal_may_be_paid_first_and_interest_from_what_is_left() -> None:
    case = a_case(as_of="2025-02-13", repayments=(("36520.00", "2025-02-08"),), repayment_allocation="principal_first")
    answer = calculate(case)
    assert (str(answer.paid.principal), str(answer.paid.interest)) == ("36500.00", "20.00")
    assert str(answer.outstanding.interest) == "30.00"


def test_a_payment_does_not_reach_a_later_tranche_and_what_is_left_over_stays_so() -> None:
    tranches = (("100.00", "2025-02-03"), ("100.00", "2025-02-09"))
    answer = calculate(a_case(*tranches, as_of="2025-02-13", repayments=(("150.00", "2025-02-03"),)))
    assert (str(answer.overpaid), str(answer.outstanding.principal)) == ("50.00", "100.00")


def test_interest_on_the_whole_tranche_ends_when_the_part_that_returns_is_paid() -> None:
    rules: dict[str, Any] = {"interest_base": "tranche", "repayment_allocation": "principal_first"}
    some = calculate(a_case(k="0.5", as_of="2025-02-13", repayments=(("14600.00", "2025-02-08"),), **rules))
    assert lines(some) == [("2025-02-03", "2025-02-07", 5, "50.00"), ("2025-02-08", "2025-02-12", 5, "30.00")]
    whole = calculate(a_case(k="0.5", as_of="2025-02-13", repayments=(("18250.00", "2025-02-08"),), **rules))
    assert lines(whole) == [("2025-02-03", "2025-02-07", 5, "50.00")]


def test_a_tranche_of_which_nothing_returns_after_rounding_bears_nothing() -> None:
    answer = calculate(a_case(("0.01", "2025-02-03"), k="0.7", interest_base="tranche"))
    assert answer.total == 0
    assert answer.segments == ()


def test_suspensions_unite_and_bear_nothing_on_both_their_ends() -> None:
    spans = (("2025-02-05", "2025-02-06"), ("2025-02-06", "2025-02-08"), ("2024-01-01", "2025-01-01"))
    answer = calculate(a_case(as_of="2025-02-13", suspensions=spans))
    assert lines(answer) == [("2025-02-03", "2025-02-04", 2, "20.00"), ("2025-02-09", "2025-02-12", 4, "40.00")]


def test_interest_of_a_year_joins_the_base_on_its_anniversary_in_a_suspension_too() -> None:
    span = (("2026-01-24", "2026-02-12"),)
    answer = calculate(a_case(as_of="2026-02-23", suspensions=span, compounding="annual"))
    assert [(s.days, str(s.base)) for s in answer.segments] == [(355, "36500.00"), (10, "40050.00")]


def test_what_is_disbursed_on_29_february_has_its_anniversary_on_the_28th_of_a_common_year() -> None:
    answer = calculate(a_case(("36500.00", "2024-02-29"), as_of="2028-03-02", compounding="annual"))
    firsts = [str(s.first) for s in answer.segments]
    assert firsts == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_the_rate_is_taken_anew_on_each_anniversary_and_changes_between_are_ignored() -> None:
    known = rates(("2025-01-01", "10.00"), ("2025-06-01", "99.00"), ("2026-01-01", "20.00"))
    answer = calculate(a_case(as_of="2026-02-13", known=known, rate_pick="anniversary"))
    assert [(str(s.first), str(s.rate.percent)) for s in answer.segments] == [
        ("2025-02-03", "10.00"),
        ("2026-02-03", "20.00"),
    ]


def test_under_actual_actual_only_days_of_a_leap_year_count_over_366() -> None:
    answer = calculate(a_case(("100.00", "2022-12-01"), as_of="2025-02-01", day_count="actual/actual"))
    assert [(s.days, s.basis) for s in answer.segments] == [(396, 365), (366, 366), (31, 365)]


@pytest.mark.parametrize(
    ("first", "as_of", "days"),
    [("2025-01-30", "2025-01-31", 0), ("2025-01-31", "2025-02-28", 28), ("2025-02-28", "2025-03-31", 32)],
)
def test_under_30e_360_every_month_has_thirty_days(first: str, as_of: str, days: int) -> None:
    answer = calculate(a_case(("100.00", first), as_of=as_of, day_count="30E/360"))
    assert [s.days for s in answer.segments] == [days]


def test_rates_of_one_percentage_make_one_segment_and_each_row_is_named_as_used() -> None:
    known = rates(("2025-01-01", "10.00"), ("2025-02-05", "10.0"), ("2025-02-08", "11.00"), ("2025-03-01", "12.00"))
    answer = calculate(a_case(as_of="2025-02-13", known=known))
    assert [s.days for s in answer.segments] == [5, 5]
    assert [str(row.effective_from) for row in answer.rates_used] == ["2025-01-01", "2025-02-05", "2025-02-08"]


def test_one_rounding_of_the_total_may_differ_from_the_sum_of_rounded_segments() -> None:
    tranches = (("250.00", "2021-01-01"), ("750.00", "2021-01-04"))
    known = rates(("2020-01-01", "9.99"))
    rules: dict[str, Any] = {"day_count": "actual/actual", "segments": "outstanding"}
    by_segment = calculate(a_case(*tranches, as_of="2021-01-22", known=known, **rules))
    rules["rounding"] = {"scope": "total"}
    once = calculate(a_case(*tranches, as_of="2021-01-22", known=known, **rules))
    assert (str(by_segment.interest), str(once.interest)) == ("5.14", "5.13")
    assert [s.tranche for s in once.segments] == [None, None]


@pytest.mark.parametrize(("mode", "interest"), [("half_up", "0.03"), ("half_even", "0.02"), ("down", "0.02")])
@pytest.mark.parametrize("scope", ["segment", "total"])
def test_an_exact_half_is_rounded_by_the_mode(mode: str, scope: str, interest: str) -> None:
    case = a_case(("91.25", "2025-02-03"), as_of="2025-02-04", rounding={"mode": mode, "scope": scope})
    assert str(calculate(case).interest) == interest


def test_a_small_decimal_context_does_not_touch_the_figures() -> None:
    with localcontext() as context:
        context.prec = 3
        assert calculate(the_story()).as_json()["total"] == "37209041.10"
