"""The laws of the calculation that the worked examples list, held on Hypothesis' cases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from obligations.repayment import RateRow, RateTimeline, RepaymentRules, calculate
from obligations.repayment.accrual import Accrual
from obligations.repayment.standing import standings
from tests.conformance import engine
from tests.conformance.cases import cases
from tests.conformance.coverage import PARAMETERS

TOLERATED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
quick = settings(max_examples=150, deadline=None, suppress_health_check=TOLERATED)


def calculated(case: dict[str, Any]) -> dict[str, Any]:
    said = engine.answer(case)
    assume("refused" not in said)
    return said


def interest(case: dict[str, Any]) -> Decimal:
    return Decimal(calculated(case)["interest"])


def with_rules(case: dict[str, Any], **rules: Any) -> dict[str, Any]:
    return {**case, "rules": {**case["rules"], **rules}}


def unrounded(case: dict[str, Any]) -> dict[str, Any]:
    """The case as near to exact as money gets: one rounding, to the tiyn."""
    return with_rules(case, rounding={"mode": "down", "scope": "total", "unit": "0.01"})


def moved(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


@quick
@given(cases(), st.data())
def test_splitting_a_span_at_any_day_changes_nothing_before_rounding(case: dict[str, Any], data: st.DataObject) -> None:
    asked = with_rules({**case, "repayments": []}, segments="per_tranche", compounding="none")
    calculated(asked)
    accrual, tranches = Accrual(engine.case_of(asked)), standings(engine.case_of(asked))
    for tranche in tranches:
        assume(tranche.first < tranche.end)
        cut = data.draw(st.integers(tranche.first, tranche.end))
        whole = sum(run.base * run.factor for run in accrual.of_tranche(tranche, 0, tranche.end))
        before = sum(run.base * run.factor for run in accrual.of_tranche(tranche, 0, cut))
        after = sum(run.base * run.factor for run in accrual.of_tranche(tranche, cut, tranche.end))
        assert whole == before + after


@quick
@given(cases())
def test_a_rate_of_zero_bears_no_interest(case: dict[str, Any]) -> None:
    assert interest({**case, "rates": [{**rate, "percent": "0.00"} for rate in case["rates"]]}) == 0


@quick
@given(cases())
def test_no_days_bear_no_interest(case: dict[str, Any]) -> None:
    first = {**case["tranches"][0], "on": case["as_of"]}
    asked = with_rules({**case, "tranches": [first], "repayments": []}, day_inclusion="first_in_last_out")
    assert interest(asked) == 0


@quick
@given(cases())
def test_full_fulfilment_returns_nothing_and_bears_no_interest(case: dict[str, Any]) -> None:
    said = calculated({**case, "fulfilment": "1", "rates": []})
    assert (said["total"], said["segments"]) == ("0.00", [])


@quick
@given(cases())
def test_a_suspension_over_the_whole_span_leaves_no_interest_and_needs_no_rate(case: dict[str, Any]) -> None:
    always = {"from": "2010-01-01", "to": "2040-01-01"}
    assert interest({**case, "suspensions": [*case["suspensions"], always], "rates": []}) == 0


@quick
@given(cases())
def test_interest_does_not_fall_when_rates_rise(case: dict[str, Any]) -> None:
    asked = {**case, "repayments": []}
    higher = [{**rate, "percent": str(Decimal(rate["percent"]) + Decimal("1.25"))} for rate in case["rates"]]
    exact = unrounded(asked)
    assert interest({**exact, "rates": higher}) >= interest(exact)


@quick
@given(cases(), st.integers(1, 10_000))
def test_interest_does_not_fall_when_a_tranche_grows(case: dict[str, Any], more: int) -> None:
    asked = unrounded({**case, "repayments": []})
    first = asked["tranches"][0]
    grown = {**first, "amount": str(Decimal(first["amount"]) + more)}
    said, larger = calculated(asked), calculated({**asked, "tranches": [grown, *asked["tranches"][1:]]})
    assert Decimal(larger["interest"]) >= Decimal(said["interest"])
    assert Decimal(larger["principal"]) >= Decimal(said["principal"])


@quick
@given(cases(), st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_interest_and_principal_do_not_fall_when_the_shortfall_grows(case: dict[str, Any], one: int, two: int) -> None:
    low, high = (f"{k // 1_000_000}.{k % 1_000_000:06d}" for k in sorted((one, two)))
    asked = unrounded({**case, "repayments": []})
    worse, better = calculated({**asked, "fulfilment": low}), calculated({**asked, "fulfilment": high})
    assert Decimal(worse["interest"]) >= Decimal(better["interest"])
    assert Decimal(worse["principal"]) >= Decimal(better["principal"])


@quick
@given(cases(), st.integers(1, 400))
def test_interest_does_not_fall_with_days_unless_the_rate_is_that_of_the_claim_date(
    case: dict[str, Any], days: int
) -> None:
    assume(case["rules"]["rate_pick"] != "claim_date")
    asked = unrounded({**case, "repayments": [], "known_to": None})
    assert interest({**asked, "as_of": moved(asked["as_of"], days)}) >= interest(asked)


@quick
@given(cases(), st.integers(1, 900))
def test_a_rate_row_equal_to_the_row_before_it_changes_nothing(case: dict[str, Any], later: int) -> None:
    rates = sorted(case["rates"], key=lambda rate: str(rate["effective_from"]))
    on = moved(rates[0]["effective_from"], later)
    assume(on not in {rate["effective_from"] for rate in rates})
    in_force = [rate for rate in rates if rate["effective_from"] < on][-1]
    repeated = [*case["rates"], {"effective_from": on, "percent": in_force["percent"]}]
    assert engine.answer({**case, "rates": repeated}) == engine.answer(case)


@quick
@given(cases())
def test_a_payment_on_the_day_of_disbursement_leaves_nothing_accrued_on_what_it_paid(case: dict[str, Any]) -> None:
    first = case["tranches"][0]
    base = {**with_rules(case, day_inclusion="first_in_last_out"), "tranches": [first], "repayments": []}
    due = Decimal(calculated(base)["principal"])
    assume(due > 0)
    said = calculated({**base, "repayments": [{"amount": str(due), "on": first["on"]}]})
    assert said["interest"] == "0.00"
    assert said["outstanding"]["total"] == "0.00"


@quick
@given(cases(), st.integers(0, 900), st.sampled_from(("1.00", "13.37", "25.00")))
def test_a_question_asked_as_known_before_a_correction_returns_the_old_figures(
    case: dict[str, Any], at: int, corrected: str
) -> None:
    case["known_to"] = None
    asked = engine.case_of(case)
    said = engine.answer(case)
    assume("refused" not in said)
    known = [(0, row) for row in asked.rates.rows]
    number = at % len(known)
    known.append((1, RateRow(known[number][1].effective_from, Decimal(corrected))))
    assert calculate(engine.case_of(case)) == calculate(_as_known(case, known, moment=0))
    corrected_rates = [
        {**rate, "percent": corrected} if rate["effective_from"] == str(known[number][1].effective_from) else rate
        for rate in case["rates"]
    ]
    after = calculate(_as_known(case, known, moment=1)).as_json()
    assert after["interest"] == engine.answer({**case, "rates": corrected_rates})["interest"]


def _as_known(case: dict[str, Any], known: list[tuple[int, RateRow]], moment: int) -> Any:
    """The case with the rates that were known at a moment: of two rows of one day the later known."""
    current = {row.effective_from: row for since, row in sorted(known, key=lambda k: k[0]) if since <= moment}
    asked = engine.case_of(case)
    return replace(asked, rates=RateTimeline.of(current.values()))


@quick
@given(cases())
def test_what_was_repaid_is_all_accounted_for(case: dict[str, Any]) -> None:
    said = calculated(case)
    covered = Decimal(said["paid"]["principal"]) + Decimal(said["paid"]["interest"]) + Decimal(said["overpaid"])
    assert covered == sum((Decimal(r["amount"]) for r in case["repayments"]), Decimal(0))
    for name in ("principal", "interest"):
        assert Decimal(said[name]) - Decimal(said["paid"][name]) == Decimal(said["outstanding"][name]) >= 0


@quick
@given(cases())
def test_lines_rounded_by_segment_add_up_to_the_interest(case: dict[str, Any]) -> None:
    rounding = {**case["rules"]["rounding"], "scope": "segment"}
    said = calculated(with_rules(case, rounding=rounding))
    assert sum((Decimal(line["interest"]) for line in said["segments"]), Decimal(0)) == Decimal(said["interest"])


@quick
@given(cases())
def test_a_line_can_be_redone_by_hand(case: dict[str, Any]) -> None:
    assume(case["rules"]["compounding"] == "none")
    for line in calculated(case)["segments"]:
        exact = Fraction(line["base"]) * line["percent"] / 100 * Fraction(line["days"], line["basis"])
        unit = Fraction(case["rules"]["rounding"]["unit"]) if _by_segment(case) else Fraction(1, 100)
        assert abs(Fraction(line["interest"]) - exact) < unit


def _by_segment(case: dict[str, Any]) -> bool:
    return bool(case["rules"]["rounding"]["scope"] == "segment")


def test_the_properties_hold_over_every_rule() -> None:
    assert set(PARAMETERS) == set(RepaymentRules.model_fields) - {"rounding"} | {"mode", "scope", "unit"}
