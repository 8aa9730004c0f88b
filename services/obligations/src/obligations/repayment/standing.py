"""How a tranche stands while a calculation runs: what returns of it, what has been repaid, what bears interest."""

from dataclasses import dataclass
from datetime import date, timedelta

from obligations.repayment.admission import WHOLE, millionths
from obligations.repayment.amounts import rounded
from obligations.repayment.days import bearing_span
from obligations.repayment.facts import RepaymentCase
from obligations.repayment.refusals import PeriodEndMissing
from obligations.repayment.rules import AccrualFrom, InterestBase, RoundingMode
from shared.values.money import to_tiyn

NEVER = date.max - timedelta(days=1)
"""A day that no claim reaches."""


@dataclass(slots=True)
class Standing:
    """A tranche in tiyn, `number` from 1 as given; interest may run from the day `first` to the one before `end`."""

    number: int
    on: date
    amount: int
    returns: int
    first: int
    end: int
    whole_bears: bool
    repaid: int = 0

    @property
    def owed(self) -> int:
        """What is left of the part that returns."""
        return self.returns - self.repaid

    @property
    def base(self) -> int:
        """What bears interest; nothing once the part that returns is repaid, or where there is none."""
        if self.repaid == self.returns:
            return 0
        return (self.amount if self.whole_bears else self.returns) - self.repaid


def standings(case: RepaymentCase) -> list[Standing]:
    """The tranches of an admitted case, none of it repaid yet."""
    short = WHOLE - millionths(case.fulfilment)
    rules = case.rules
    accrues = _accrues_from(case)
    result = []
    for number, tranche in enumerate(case.tranches, start=1):
        amount = to_tiyn(tranche.amount)
        first, end = bearing_span(max(tranche.on, accrues), case.as_of, rules.day_inclusion)
        result.append(
            Standing(
                number=number,
                on=tranche.on,
                amount=amount,
                returns=rounded(amount * short, WHOLE, RoundingMode.HALF_UP),
                first=first,
                end=end,
                whole_bears=rules.interest_base is InterestBase.TRANCHE,
            ),
        )
    return result


def _accrues_from(case: RepaymentCase) -> date:
    """The day before which no tranche bears interest; while nothing is demanded, interest from the demand is none yet.

    Raises `PeriodEndMissing`.
    """
    match case.rules.accrual_from:
        case AccrualFrom.DISBURSEMENT:
            return date.min
        case AccrualFrom.PERIOD_END:
            if case.period_end is None:
                raise PeriodEndMissing
            return case.period_end
        case AccrualFrom.DEMAND:
            return case.demanded_on or NEVER
        case day:
            return day
