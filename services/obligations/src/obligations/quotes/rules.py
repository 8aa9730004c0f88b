"""Payoff and what-if, from the facts alone: pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from obligations.claims.facts import ClaimFacts
from obligations.claims.rules import case_of
from obligations.repayment import Calculation, RateTimeline, calculate

LEVELS = tuple(Decimal(tenths).scaleb(-1).quantize(Decimal("0.01")) for tenths in range(11))
"""0, 10, … 100 % as levels of fulfilment."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would be due at one level of fulfilment, in tenge."""

    fulfilment: Decimal
    principal: Decimal
    interest: Decimal
    total: Decimal
    outstanding: Decimal


def quote(facts: ClaimFacts, as_of: date, rates: RateTimeline) -> Calculation:
    """What is due on a day (Law 86-VII, Art. 27(4)); raises the refusals of the calculation.

    A repayment of a later day than the one asked about is not left out silently: it refuses the question.
    """
    return calculate(case_of(facts, as_of, rates))


def what_if(facts: ClaimFacts, on: date, rates: RateTimeline) -> tuple[WhatIf, ...]:
    """What would be due on a day at each of the eleven levels; raises the refusals of the calculation."""
    return tuple(_at(facts, on, rates, level) for level in LEVELS)


def _at(facts: ClaimFacts, on: date, rates: RateTimeline, level: Decimal) -> WhatIf:
    due = calculate(case_of(facts, on, rates, fulfilment=level))
    return WhatIf(level, due.principal, due.interest, due.total, due.outstanding.total)
