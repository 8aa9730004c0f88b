"""The repayment calculation of Law 86-VII, Art. 27(4): pure, exact, without clock, database or network."""

from obligations.repayment.calculation import amount_due, calculate
from obligations.repayment.days import Suspension
from obligations.repayment.facts import Repayment, RepaymentCase, Tranche
from obligations.repayment.rates import RateRow, RateTimeline
from obligations.repayment.result import Calculation, Segment
from obligations.repayment.rules import AccrualFrom, RepaymentRules, Rounding

__all__ = [
    "AccrualFrom",
    "Calculation",
    "RateRow",
    "RateTimeline",
    "Repayment",
    "RepaymentCase",
    "RepaymentRules",
    "Rounding",
    "Segment",
    "Suspension",
    "Tranche",
    "amount_due",
    "calculate",
]
