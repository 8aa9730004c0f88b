"""The rules of a calculation as a rule set states them; what is absent is the default rule set's."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from obligations.repayment.parameters import DEFAULTS
from shared.values.dates import Day


class DayCount(StrEnum):
    """How days become parts of a year."""

    ACTUAL_365 = "actual/365"
    ACTUAL_ACTUAL = "actual/actual"
    ACTUAL_360 = "actual/360"
    THIRTY_360 = "30E/360"


class RatePick(StrEnum):
    """Which day's base rate a day bears."""

    PIECEWISE = "piecewise"
    DISBURSEMENT = "disbursement"
    CLAIM_DATE = "claim_date"
    ANNIVERSARY = "anniversary"


class Compounding(StrEnum):
    """Whether interest joins the base."""

    NONE = "none"
    ANNUAL = "annual"


class InterestBase(StrEnum):
    """What bears interest: the part of a tranche that returns, or the whole of it."""

    SHORTFALL = "shortfall"
    TRANCHE = "tranche"


class SegmentScope(StrEnum):
    """Whether segments are of each tranche or of the outstanding total."""

    PER_TRANCHE = "per_tranche"
    OUTSTANDING = "outstanding"


class DayInclusion(StrEnum):
    """Whether the first and the last day bear interest."""

    FIRST_IN_LAST_OUT = "first_in_last_out"
    FIRST_OUT_LAST_IN = "first_out_last_in"
    BOTH_IN = "both_in"


class AccrualFrom(StrEnum):
    """From which day interest may run, or from the tranche's own if that is later; a rule may name a day as well."""

    DISBURSEMENT = "disbursement"
    PERIOD_END = "period_end"
    DEMAND = "demand"


class Allocation(StrEnum):
    """What a repayment covers first."""

    INTEREST_FIRST = "interest_first"
    PRINCIPAL_FIRST = "principal_first"


class RoundingMode(StrEnum):
    """How interest is rounded."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


class RoundingScope(StrEnum):
    """What is rounded: the interest of each segment, or the total."""

    SEGMENT = "segment"
    TOTAL = "total"


class RoundingUnit(StrEnum):
    """To what interest is rounded, in tenge."""

    TIYN = "0.01"
    TENGE = "1"

    @property
    def tiyn(self) -> int:
        """The unit in tiyn."""
        return 1 if self is RoundingUnit.TIYN else 100


class Rounding(BaseModel):
    """How interest, and interest only, becomes money."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: RoundingMode = RoundingMode(DEFAULTS["rounding.mode"])
    scope: RoundingScope = RoundingScope(DEFAULTS["rounding.scope"])
    unit: RoundingUnit = RoundingUnit(DEFAULTS["rounding.unit"])


class RepaymentRules(BaseModel):
    """All choices of a calculation. Each one is assumed: Law 86-VII, Art. 27(4) leaves them to rules not at hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day_count: DayCount = DayCount(DEFAULTS["day_count"])
    rate_pick: RatePick = RatePick(DEFAULTS["rate_pick"])
    compounding: Compounding = Compounding(DEFAULTS["compounding"])
    interest_base: InterestBase = InterestBase(DEFAULTS["interest_base"])
    segments: SegmentScope = SegmentScope(DEFAULTS["segments"])
    day_inclusion: DayInclusion = DayInclusion(DEFAULTS["day_inclusion"])
    accrual_from: AccrualFrom | Day = AccrualFrom(DEFAULTS["accrual_from"])
    repayment_allocation: Allocation = Allocation(DEFAULTS["repayment_allocation"])
    rounding: Rounding = Rounding()


DEFAULT_RULES = RepaymentRules()
"""The calculation rules of the default rule set, unverified."""
