"""What a calculation answers: the figures, each segment behind them, and all that they rest on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from obligations.repayment.amounts import decimals, tenge
from obligations.repayment.rates import RateRow
from obligations.repayment.rules import RepaymentRules

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of one base, rate, year basis and compounding period; `last` is the last of them.

    `tranche` counts from 1 in the order given, `None` stands for the outstanding total. `base` and `interest` are in
    tenge; under 30E/360 `days` are those that the convention counts. `rate` is the row in force on the day whose rate
    the first day bears.
    """

    tranche: int | None
    first: date
    last: date
    days: int
    base: Decimal
    basis: int
    interest: Decimal
    rate: RateRow

    def as_json(self) -> Json:
        """The line of the sheet: money, percentage and days as strings."""
        return {
            "tranche": self.tranche,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "days": self.days,
            "base": str(self.base),
            "percent": decimals(self.rate.percent),
            "basis": self.basis,
            "interest": str(self.interest),
            "rate_from": self.rate.effective_from.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class TrancheReturn:
    """A tranche, the part of it that returns, and how much of that has been repaid; in tenge."""

    tranche: int
    on: date
    amount: Decimal
    returns: Decimal
    paid: Decimal

    def as_json(self) -> Json:
        """The tranche with money as strings."""
        return {
            "tranche": self.tranche,
            "on": self.on.isoformat(),
            "amount": str(self.amount),
            "returns": str(self.returns),
            "paid": str(self.paid),
        }


@dataclass(frozen=True, slots=True)
class RepaymentAllocated:
    """A repayment and what it covered; `overpaid` was left over and stays so; in tenge."""

    on: date
    amount: Decimal
    interest: Decimal
    principal: Decimal
    overpaid: Decimal

    def as_json(self) -> Json:
        """The repayment with money as strings."""
        return {
            "on": self.on.isoformat(),
            "amount": str(self.amount),
            "interest": str(self.interest),
            "principal": str(self.principal),
            "overpaid": str(self.overpaid),
        }


@dataclass(frozen=True, slots=True)
class Sums:
    """Principal, interest, and both together; in tenge."""

    principal: Decimal
    interest: Decimal
    total: Decimal

    @classmethod
    def of(cls, principal: int, interest: int) -> "Sums":
        """The sums of principal and interest in tiyn."""
        return cls(tenge(principal), tenge(interest), tenge(principal + interest))

    def as_json(self) -> Json:
        """The three as strings."""
        return {"principal": str(self.principal), "interest": str(self.interest), "total": str(self.total)}


@dataclass(frozen=True, slots=True)
class Calculation:
    """What must come back as of a day, in tenge: `arisen` is all, `outstanding` what is left of it.

    `unverified` names the parameters and rates that nobody has confirmed: a demand must not rest on them silently.
    """

    fulfilment: Decimal
    as_of: date
    arisen: Sums
    paid: Sums
    outstanding: Sums
    overpaid: Decimal
    tranches: tuple[TrancheReturn, ...]
    repayments: tuple[RepaymentAllocated, ...]
    segments: tuple[Segment, ...]
    rates_used: tuple[RateRow, ...]
    rules: RepaymentRules
    citations: tuple[tuple[str, str], ...]
    unverified: tuple[str, ...]

    @property
    def principal(self) -> Decimal:
        """All principal that returns, repaid or not."""
        return self.arisen.principal

    @property
    def interest(self) -> Decimal:
        """All interest that has arisen, repaid or not."""
        return self.arisen.interest

    @property
    def total(self) -> Decimal:
        """Principal and interest together."""
        return self.arisen.total

    def as_json(self) -> Json:
        """The answer of the calculator: money `"0.00"`, percentages `"15.25"`, fulfilment `"0.70"`, days in ISO."""
        return {
            "fulfilment": decimals(self.fulfilment),
            "as_of": self.as_of.isoformat(),
            **self.arisen.as_json(),
            "paid": {"principal": str(self.paid.principal), "interest": str(self.paid.interest)},
            "outstanding": self.outstanding.as_json(),
            "overpaid": str(self.overpaid),
            "tranches": [tranche.as_json() for tranche in self.tranches],
            "repayments": [repayment.as_json() for repayment in self.repayments],
            "segments": [segment.as_json() for segment in self.segments],
            "rates_used": [
                {
                    "effective_from": row.effective_from.isoformat(),
                    "percent": decimals(row.percent),
                    "source": row.source,
                    "verified": row.verified,
                }
                for row in self.rates_used
            ],
            "rules": self.rules.model_dump(mode="json"),
            "citations": [{"act": act, "article": article} for act, article in self.citations],
            "unverified": list(self.unverified),
        }
