"""How a tranche stands while a calculation runs: what returns of it, what has been repaid, what bears interest."""

from dataclasses import dataclass
from datetime import date

from obligations.repayment.admission import WHOLE, millionths
from obligations.repayment.amounts import rounded
from obligations.repayment.days import bearing_span
from obligations.repayment.facts import RepaymentCase
from obligations.repayment.rules import InterestBase, RoundingMode
from shared.values.money import to_tiyn


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
    result = []
    for number, tranche in enumerate(case.tranches, start=1):
        amount = to_tiyn(tranche.amount)
        start = tranche.on if rules.accrual_from == "disbursement" else max(tranche.on, rules.accrual_from)
        first, end = bearing_span(start, case.as_of, rules.day_inclusion)
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
