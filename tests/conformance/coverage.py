"""What there is to cover: every value of every parameter, every pair of values, every refusal, every kind of tie."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from tests.conformance.definitions import rules_of

Value = tuple[str, str]
Pair = tuple[Value, Value]

PARAMETERS: dict[str, tuple[str, ...]] = {
    "day_count": ("actual/365", "actual/actual", "actual/360", "30E/360"),
    "rate_pick": ("piecewise", "disbursement", "claim_date", "anniversary"),
    "compounding": ("none", "annual"),
    "interest_base": ("shortfall", "tranche"),
    "segments": ("per_tranche", "outstanding"),
    "day_inclusion": ("first_in_last_out", "first_out_last_in", "both_in"),
    "accrual_from": ("disbursement", "period_end", "demand", "a day"),
    "repayment_allocation": ("interest_first", "principal_first"),
    "mode": ("half_up", "half_even", "down"),
    "scope": ("segment", "total"),
    "unit": ("0.01", "1"),
}
FACTS: dict[str, tuple[str, ...]] = {
    "tranches": ("one", "several"),
    "repayments": ("none", "some"),
    "suspensions": ("none", "some"),
}
DEFECTS = (
    "rate-unknown",
    "two-rates-of-one-day",
    "as-of-before-tranche",
    "repayment-outside-term",
    "suspension-reversed",
    "fulfilment-too-precise",
    "fulfilment-out-of-range",
    "period-end-missing",
)
REFUSALS = (*DEFECTS, "combination-undefined", "compounding-with-repayments")

MALFORMED = ("tranche-missing", "amount-not-money", "percent-negative")

UNDEFINED_PAIRS = frozenset(
    {
        (("rate_pick", "disbursement"), ("segments", "outstanding")),
        (("rate_pick", "anniversary"), ("segments", "outstanding")),
        (("compounding", "annual"), ("segments", "outstanding")),
        (("day_count", "30E/360"), ("day_inclusion", "first_out_last_in")),
        (("day_count", "30E/360"), ("day_inclusion", "both_in")),
        (("compounding", "annual"), ("repayments", "some")),
    }
)
"""The pairs that can only be refused."""

ROUNDINGS = tuple(product(PARAMETERS["mode"], PARAMETERS["scope"], PARAMETERS["unit"]))


def values_of(case: dict[str, Any]) -> list[Value]:
    """A case as its parameters' values, the facts that matter among them, in one fixed order."""
    rules = rules_of(case)
    flat = {**rules, **rules["rounding"]}
    named = rules["accrual_from"] in PARAMETERS["accrual_from"]
    flat["accrual_from"] = rules["accrual_from"] if named else "a day"
    flat["tranches"] = "one" if len(case["tranches"]) == 1 else "several"
    for fact in ("repayments", "suspensions"):
        flat[fact] = "some" if case.get(fact) else "none"
    return [(name, flat[name]) for name in (*PARAMETERS, *FACTS)]


def all_values() -> list[Value]:
    return [(name, value) for name, values in {**PARAMETERS, **FACTS}.items() for value in values]


def all_pairs() -> Iterator[Pair]:
    return (pair for pair in combinations(all_values(), 2) if pair[0][0] != pair[1][0])
