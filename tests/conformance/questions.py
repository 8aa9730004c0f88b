"""A question written in one line, for cases written by hand."""

from typing import Any

Question = dict[str, Any]
Written = tuple[str, Question]

RATES = (("2023-01-01", "16.75"), ("2024-03-01", "14.75"), ("2025-01-15", "15.25"), ("2025-03-11", "16.50"))
DOWN = {"mode": "down", "scope": "segment", "unit": "0.01"}
TOTAL = {"mode": "half_up", "scope": "total", "unit": "0.01"}
MILLION = ("1000000.00", "2024-02-05")


def ask(
    *tranches: tuple[str, str],
    k: str = "0",
    as_of: str = "2025-06-30",
    paid: tuple[tuple[str, str], ...] = (),
    off: tuple[tuple[str, str], ...] = (),
    rates: tuple[tuple[str, str], ...] = RATES,
    **rules: Any,
) -> Question:
    """A question as the calculator takes it."""
    return {
        "fulfilment": k,
        "tranches": [{"amount": amount, "on": on} for amount, on in tranches or (MILLION,)],
        "repayments": [{"amount": amount, "on": on} for amount, on in paid],
        "suspensions": [{"from": first, "to": last} for first, last in off],
        "as_of": as_of,
        "rules": rules,
        "rates": [{"effective_from": on, "percent": percent} for on, percent in rates],
    }


LATE = (("500000.00", "2024-02-05"), ("300000.00", "2024-09-02"))
LEAP = ("1000000.00", "2024-02-29")
