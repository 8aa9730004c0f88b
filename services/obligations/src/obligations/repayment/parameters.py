"""The parameters that the Law leaves open, with their values and marks: the default rule set, declared in one place."""

from dataclasses import dataclass
from typing import Final

SOURCE: Final = "Law 86-VII, Art. 27(4); the rules that it refers to could not be had"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One choice that a rule set makes.

    `values` are what the calculation defines (empty for a number or a free choice), `default` is the choice of the
    default rule set, `reason` says what speaks for it. Each one is assumed and unverified until officers confirm it.
    """

    name: str
    default: str
    values: tuple[str, ...]
    meaning: str
    reason: str = ""
    mark: str = "assumed"
    verified: bool = False
    source: str = SOURCE


CALCULATION_PARAMETERS: Final = (
    Parameter(
        "interest_base",
        "shortfall",
        ("shortfall", "tranche"),
        "what bears interest: the part that returns, or the whole tranche",
    ),
    Parameter(
        "accrual_from",
        "disbursement",
        ("disbursement", "period_end", "demand"),
        "the day from which interest may run, if later than disbursement: the period's end, the demand's, a given one",
    ),
    Parameter(
        "rate_pick",
        "piecewise",
        ("piecewise", "disbursement", "claim_date", "anniversary"),
        "which day's base rate a day bears",
        "the Civil Code's analogue takes one day's rate, the EU's recovery rule resets it each year",
    ),
    Parameter(
        "day_count",
        "actual/365",
        ("actual/365", "actual/actual", "actual/360", "30E/360"),
        "how days become parts of a year",
        "legal software in use computes actual/365",
    ),
    Parameter("compounding", "none", ("none", "annual"), "whether interest of a year joins the base"),
    Parameter(
        "day_inclusion",
        "first_in_last_out",
        ("first_in_last_out", "first_out_last_in", "both_in"),
        "whether the first and the last day bear interest",
    ),
    Parameter("rounding.mode", "half_up", ("half_up", "half_even", "down"), "how interest is rounded"),
    Parameter("rounding.scope", "segment", ("segment", "total"), "what is rounded: each segment, or the total"),
    Parameter("rounding.unit", "0.01", ("0.01", "1"), "to what interest is rounded, in tenge"),
    Parameter(
        "segments",
        "per_tranche",
        ("per_tranche", "outstanding"),
        "whether segments are of each tranche or of the outstanding total",
    ),
    Parameter(
        "repayment_allocation",
        "interest_first",
        ("interest_first", "principal_first"),
        "what a repayment covers first",
    ),
)

CONDUCT_PARAMETERS: Final = (
    Parameter("tolerance", "0", (), "no breach where an obligation's level is at least 1 less this"),
    Parameter("grace_days", "0", (), "working days after a report's due day before it counts as missing"),
    Parameter(
        "materiality", "0.00", (), "a smaller total of principal and interest, paid or not, in tenge, is not demanded"
    ),
    Parameter(
        "aggregation",
        "weighted_mean",
        ("weighted_mean", "minimum", "minimum_by_direction"),
        "how the levels of a year's obligations make its fulfilment",
    ),
    Parameter("year_weights", "equal", ("equal",), "how a tranche is allotted to the reporting years it stands for"),
)

FORMULA: Final = Parameter(
    "formula",
    "proportional_shortfall_and_interest",
    ("proportional_shortfall_and_interest",),
    "what returns is the tranche times one less the fulfilment, with interest at the base rate",
)

DEFAULTS: Final = {parameter.name: parameter.default for parameter in (*CALCULATION_PARAMETERS, *CONDUCT_PARAMETERS)}
