"""The question and the answer of the calculator, as JSON has them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from obligations.repayment import RateRow, RateTimeline, Repayment, RepaymentCase, RepaymentRules, Suspension, Tranche
from shared.values.dates import Day
from shared.values.money import Money, PositiveMoney
from shared.values.shares import Fulfilment, Percent

MOST = 120
"""The most tranches, and the most suspensions."""

MOST_REPAYMENTS = 1000
MOST_RATES = 1000


MOST_SEGMENTS = 5000
"""The most lines of an answer: about a megabyte, and a fraction of a second of work."""


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TrancheAsked(_Question):
    """Money paid: tenge, on a day."""

    amount: Money
    on: Day


class RepaymentAsked(_Question):
    """Money that came back: tenge above zero, on a day."""

    amount: PositiveMoney
    on: Day


class SuspensionAsked(_Question):
    """Days without interest, both ends included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class RateAsked(_Question):
    """A base rate in percent a year, in force from a day."""

    effective_from: Day
    percent: Percent


class RepaymentQuestion(_Question):
    """What must come back under Law 86-VII, Art. 27(4)?

    Absent rules are the defaults, absent rates the register's, up to the day that it covers.
    """

    fulfilment: Fulfilment
    tranches: Annotated[list[TrancheAsked], Field(max_length=MOST)]
    repayments: Annotated[list[RepaymentAsked], Field(max_length=MOST_REPAYMENTS)] = []
    suspensions: Annotated[list[SuspensionAsked], Field(max_length=MOST)] = []
    as_of: Day
    rules: RepaymentRules = RepaymentRules()
    period_end: Day | None = Field(None, description="The last day of the reporting period, for rules that need it.")
    demanded_on: Day | None = Field(
        None, description="The day of the demand, for rules that need it; absent: none yet."
    )
    rates: Annotated[list[RateAsked], Field(max_length=MOST_RATES)] | None = None

    def given_rates(self) -> RateTimeline | None:
        """The rates that came with the question; they hold without end. None: ask the register."""
        if self.rates is None:
            return None
        return RateTimeline.of(RateRow(rate.effective_from, rate.percent, source="given") for rate in self.rates)

    def case(self, rates: RateTimeline) -> RepaymentCase:
        """The question as the calculation takes it."""
        return RepaymentCase(
            fulfilment=self.fulfilment,
            tranches=tuple(Tranche(asked.amount, asked.on) for asked in self.tranches),
            as_of=self.as_of,
            rates=rates,
            repayments=tuple(Repayment(asked.amount, asked.on) for asked in self.repayments),
            suspensions=tuple(Suspension(asked.first, asked.last) for asked in self.suspensions),
            rules=self.rules,
            period_end=self.period_end,
            demanded_on=self.demanded_on,
        )


class SumsAnswered(BaseModel):
    """Principal and interest, in tenge."""

    principal: Money
    interest: Money


class SumsOutstanding(SumsAnswered):
    """What is left, in tenge."""

    total: Money


class SegmentAnswered(BaseModel):
    """Days of one base, rate, year basis and compounding period; `to` is the last of them."""

    tranche: int | None
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    days: int
    base: Money
    percent: Percent
    basis: Literal[360, 365, 366]
    interest: Money
    rate_from: date


class TrancheAnswered(BaseModel):
    """A tranche, what of it returns, and what of that is repaid; in tenge."""

    tranche: int
    on: date
    amount: Money
    returns: Money
    paid: Money


class RepaymentAnswered(BaseModel):
    """What a repayment covered; `overpaid` was left over; in tenge."""

    on: date
    amount: Money
    interest: Money
    principal: Money
    overpaid: Money


class RateAnswered(BaseModel):
    """A rate that was used, with the decision behind it."""

    effective_from: date
    percent: Percent
    source: str
    verified: bool


class Citation(BaseModel):
    """An article that the figures rest on."""

    act: str
    article: str


class RepaymentAnswer(BaseModel):
    """All that has arisen, what of it is paid and left, and every segment that it is made of: to redo by hand.

    `unverified` names the parameters and rates that officers have not confirmed.
    """

    fulfilment: Fulfilment
    as_of: date
    principal: Money
    interest: Money
    total: Money
    paid: SumsAnswered
    outstanding: SumsOutstanding
    overpaid: Money
    tranches: list[TrancheAnswered]
    repayments: list[RepaymentAnswered]
    segments: list[SegmentAnswered]
    rates_used: list[RateAnswered]
    rules: RepaymentRules
    citations: list[Citation]
    unverified: list[str]
