"""The facts that a calculation rests on, each with the day that it is about."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from obligations.repayment.days import Suspension
from obligations.repayment.rates import RateTimeline
from obligations.repayment.rules import DEFAULT_RULES, RepaymentRules


@dataclass(frozen=True, slots=True)
class Tranche:
    """Money paid to the recipient: `amount` in tenge, to the tiyn, on a local day.

    For one reporting year of several it is the part of the tranche that the year stands for.
    """

    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Repayment:
    """Money that came back: `amount` in tenge, above zero, on a local day."""

    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class RepaymentCase:
    """One question: what must come back as of a day.

    `fulfilment` is K of the agreement and reporting year, 0 to 1 with at most six decimals. `confirmed` names the
    parameters that a verified rule set confirms; all others come out as unverified. `period_end` is the last day of the
    reporting year, `demanded_on` the day of the demand, None while nothing is demanded: rules may accrue from them.
    """

    fulfilment: Decimal
    tranches: tuple[Tranche, ...]
    as_of: date
    rates: RateTimeline
    repayments: tuple[Repayment, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    rules: RepaymentRules = DEFAULT_RULES
    confirmed: frozenset[str] = frozenset()
    period_end: date | None = None
    demanded_on: date | None = None
