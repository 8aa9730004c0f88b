"""The terms of an agreement, and whether they fit together: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from grants.agreements.refusals import (
    AdvanceTooHigh,
    IndicatorTwice,
    TargetUndefined,
    TooManyTranches,
    TranchesDoNotSum,
    TranchesOutOfOrder,
    WeightsNotOne,
    YearBeyondCalendar,
    YearClosedForAddendum,
    YearsInconsistent,
)
from shared.contracts.support import ObligationTerm, PlannedTranche, TargetMode, YearWeight

AGREED = ("indicator", "direction", "mode", "lower_is_better", "target", "baseline", "unit", "weight")
"""What is agreed of an obligation in a year, whichever term says so."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What state and recipient agree on (Law 86-VII, Art. 27(1), (3)).

    `rule_set` names the calculation parameters of a repayment; `year_weights` absent means equal weights.
    """

    obligations: tuple[ObligationTerm, ...]
    tranches: tuple[PlannedTranche, ...]
    reporting_years: tuple[int, ...]
    rule_set: str
    year_weights: tuple[YearWeight, ...] | None = None


def require_consistent(terms: Terms, amount: Decimal, *, from_day: date) -> None:
    """Raise a `TermsInconsistent` unless the terms are those of a grant of `amount` tenge offered on `from_day`."""
    require_sum(terms.tranches, amount)
    require_order(terms.tranches, from_day)
    require_defined(terms.obligations)
    require_years(terms.obligations, terms.reporting_years, terms.year_weights)
    require_weights(terms.obligations)


def require_sum(tranches: Sequence[PlannedTranche], amount: Decimal) -> None:
    """The planned tranches make up the whole amount, to the tiyn."""
    total = sum((tranche.amount for tranche in tranches), Decimal("0.00"))
    if total != amount:
        raise TranchesDoNotSum(sum=f"{total:.2f}", amount=f"{amount:.2f}")


def require_number(tranches: Sequence[PlannedTranche], most: Decimal | None, source: str) -> None:
    """There are no more tranches than the rules allow; None sets no limit."""
    if most is not None and len(tranches) > most:
        raise TooManyTranches(count=len(tranches), most=most, source=source)


def require_advance(tranches: Sequence[PlannedTranche], amount: Decimal, percent: Decimal | None, source: str) -> None:
    """The first tranche, paid in advance, is at most this share of the grant; None sets no limit."""
    first = tranches[0]
    if percent is not None and first.amount * 100 > amount * percent:
        raise AdvanceTooHigh(advance=f"{first.amount:.2f}", percent=f"{percent:f}", source=source)


def require_order(tranches: Sequence[PlannedTranche], from_day: date) -> None:
    """The tranches are planned in the order of their numbers, none before the offer."""
    earliest = from_day
    for tranche in tranches:
        if tranche.planned_on < earliest:
            raise TranchesOutOfOrder(
                number=tranche.number, planned_on=tranche.planned_on.isoformat(), earliest=earliest.isoformat()
            )
        earliest = tranche.planned_on


def require_defined(obligations: Sequence[ObligationTerm]) -> None:
    """The fulfilment of each term can be calculated, and no indicator stands twice in a reporting year."""
    seen: set[tuple[str, int]] = set()
    for term in obligations:
        stated = {(term.indicator, year) for year in term.reporting_years}
        if twice := sorted(stated & seen):
            raise IndicatorTwice(indicator=term.indicator, year=twice[0][1])
        seen |= stated
        if not is_defined(term):
            raise TargetUndefined(indicator=term.indicator)


def identified(obligations: Sequence[ObligationTerm], before: Sequence[ObligationTerm] = ()) -> list[ObligationTerm]:
    """The terms with one id an indicator, whatever its targets in different years: the one `before`, where it had one.

    An obligation is named by its term and year, so it stays the same whichever term of its indicator speaks of it.
    """
    ids: dict[str, UUID] = {}
    for term in (*before, *obligations):
        ids.setdefault(term.indicator, term.term_id)
    return [term.model_copy(update={"term_id": ids[term.indicator]}) for term in obligations]


def is_defined(term: ObligationTerm) -> bool:
    """Whether the term's formula has a value: a target above zero; growth from a baseline towards the target."""
    if term.mode is TargetMode.LEVEL:
        return term.target > 0 and term.baseline is None
    if term.baseline is None:
        return False
    return term.target < term.baseline if term.lower_is_better else term.target > term.baseline


def require_years(
    obligations: Sequence[ObligationTerm], years: Sequence[int], weights: Sequence[YearWeight] | None
) -> None:
    """The reporting years are distinct, each has an obligation and, where there are weights, one weight."""
    agreed = {year for term in obligations for year in term.reporting_years}
    weighted = set(years) if weights is None else {weight.year for weight in weights}
    repeated = len(set(years)) != len(years) or any(
        len(set(term.reporting_years)) != len(term.reporting_years) for term in obligations
    )
    if repeated or agreed != set(years) or weighted != set(years) or len(weights or years) != len(years):
        raise YearsInconsistent(years=", ".join(map(str, years)))


def require_weights(obligations: Sequence[ObligationTerm]) -> None:
    """The weights of the indicators of each reporting year make up 1, exactly."""
    for year in sorted({year for term in obligations for year in term.reporting_years}):
        total = sum((term.weight for term in obligations if year in term.reporting_years), Decimal(0))
        if total != 1:
            raise WeightsNotOne(year=year, sum=f"{total.normalize():f}")


def require_years_known(years: Sequence[int], last_day: date) -> None:
    """Raise `YearBeyondCalendar` where the calendar ends before the year in which a report is due."""
    for year in years:
        if last_day < date(year + 1, 12, 31):
            raise YearBeyondCalendar(year=year, last_day=last_day.isoformat())


def require_past_years_kept(
    before: Sequence[ObligationTerm], after: Sequence[ObligationTerm], *, this_year: int
) -> None:
    """Raise `YearClosedForAddendum` where an addendum touches what was agreed for a year that is over."""
    for year in sorted({year for term in (*before, *after) for year in term.reporting_years if year < this_year}):
        if _of_year(before, year) != _of_year(after, year):
            raise YearClosedForAddendum(year=year)


def _of_year(obligations: Sequence[ObligationTerm], year: int) -> set[tuple[object, ...]]:
    return {tuple(getattr(term, name) for name in AGREED) for term in obligations if year in term.reporting_years}
