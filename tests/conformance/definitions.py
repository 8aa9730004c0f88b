"""What the oracle takes from the definitions as they stand: defaults, what is undefined, anniversaries."""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

DAY = timedelta(days=1)
DEFAULTS = {
    "day_count": "actual/365",
    "rate_pick": "piecewise",
    "compounding": "none",
    "interest_base": "shortfall",
    "segments": "per_tranche",
    "day_inclusion": "first_in_last_out",
    "accrual_from": "disbursement",
    "repayment_allocation": "interest_first",
}
ROUNDING_DEFAULTS = {"mode": "half_up", "scope": "segment", "unit": "0.01"}

Case = dict[str, Any]
Answer = dict[str, Any]


class Refused(Exception):
    """The definitions leave this case open; the argument is the refusal's stable name."""


def rules_of(case: Case) -> dict[str, Any]:
    """The rules of a case with every member; rounding as a dictionary of its own."""
    given = case.get("rules", {})
    return {**DEFAULTS, **given, "rounding": {**ROUNDING_DEFAULTS, **given.get("rounding", {})}}


def undefined(case: Case) -> str | None:
    """The name of the refusal for a case that the definitions list as undefined."""
    rules = rules_of(case)
    as_of = day(case["as_of"])
    if rules["segments"] == "outstanding" and (
        rules["rate_pick"] in {"disbursement", "anniversary"} or rules["compounding"] == "annual"
    ):
        return "combination-undefined"
    if rules["day_count"] == "30E/360" and rules["day_inclusion"] != "first_in_last_out":
        return "combination-undefined"
    if rules["compounding"] == "annual" and case.get("repayments"):
        return "compounding-with-repayments"
    if not re.fullmatch(r"(0(\.[0-9]+)?|1(\.0+)?)", case["fulfilment"]):
        return "fulfilment-out-of-range"
    if len(case["fulfilment"].partition(".")[2]) > 6:
        return "fulfilment-too-precise"
    if not case["tranches"]:
        return "tranche-missing"
    if any(not is_money(tranche["amount"]) for tranche in case["tranches"]):
        return "amount-not-money"
    if any(not is_money(part["amount"]) or not Fraction(part["amount"]) for part in case.get("repayments", [])):
        return "amount-not-money"
    paid_on = [day(tranche["on"]) for tranche in case["tranches"]]
    if any(on > as_of for on in paid_on):
        return "as-of-before-tranche"
    if any(not min(paid_on) <= day(repayment["on"]) <= as_of for repayment in case.get("repayments", [])):
        return "repayment-outside-term"
    if rules["accrual_from"] == "period_end" and not case.get("period_end"):
        return "period-end-missing"
    if any(day(suspension["to"]) < day(suspension["from"]) for suspension in case.get("suspensions", [])):
        return "suspension-reversed"
    return None


def is_money(text: str) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text) is not None


def day(text: str) -> date:
    return date.fromisoformat(text)


def is_anniversary(of: date, on: date) -> bool:
    """Whether a later day is an anniversary of a day; one of 29 February is kept on the 28th in a common year."""
    if on.year <= of.year:
        return False
    if (of.month, of.day) == (2, 29) and (on + DAY).month == 3 and on.month == 2:
        return True
    return (on.month, on.day) == (of.month, of.day)


def last_anniversary(of: date, on: date) -> date:
    """The latest anniversary up to a day, or the day itself before the first."""
    while on > of and not is_anniversary(of, on):
        on -= DAY
    return on


def money(value: Fraction) -> str:
    tiyn = value * 100
    assert tiyn.denominator == 1
    return f"{tiyn.numerator // 100}.{tiyn.numerator % 100:02d}"
