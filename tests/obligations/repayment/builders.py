"""Cases by the fact that matters."""

from datetime import date
from decimal import Decimal
from typing import Any

from obligations.repayment import (
    RateRow,
    RateTimeline,
    Repayment,
    RepaymentCase,
    RepaymentRules,
    Suspension,
    Tranche,
)

STORY = (("2024-12-02", "15.25"), ("2025-03-11", "16.50"), ("2025-10-13", "18.00"), ("2026-06-08", "17.00"))


def day(text: str) -> date:
    return date.fromisoformat(text)


def rates(*rows: tuple[str, str], known_to: str | None = None) -> RateTimeline:
    timeline = [RateRow(day(on), Decimal(percent)) for on, percent in rows]
    return RateTimeline.of(timeline, None if known_to is None else day(known_to))


def a_case(
    *tranches: tuple[str, str],
    as_of: str = "2026-06-30",
    k: str = "0",
    repayments: tuple[tuple[str, str], ...] = (),
    suspensions: tuple[tuple[str, str], ...] = (),
    known: RateTimeline | None = None,
    confirmed: frozenset[str] = frozenset(),
    **rules: Any,
) -> RepaymentCase:
    """A case of 36,500.00 at ten percent, ten tenge a day, unless told otherwise."""
    return RepaymentCase(
        fulfilment=Decimal(k),
        tranches=tuple(Tranche(Decimal(amount), day(on)) for amount, on in tranches or (("36500.00", "2025-02-03"),)),
        as_of=day(as_of),
        rates=known or rates(("2020-01-01", "10.00")),
        repayments=tuple(Repayment(Decimal(amount), day(on)) for amount, on in repayments),
        suspensions=tuple(Suspension(day(first), day(last)) for first, last in suspensions),
        rules=RepaymentRules.model_validate(rules),
        confirmed=confirmed,
    )


def the_story() -> RepaymentCase:
    return a_case(("100000000.00", "2025-02-03"), k="0.70", known=rates(*STORY))
