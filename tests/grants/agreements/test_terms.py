"""Whether the terms of an agreement fit together."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.agreements.refusals import (
    IndicatorTwice,
    TargetUndefined,
    TermsInconsistent,
    TranchesDoNotSum,
    TranchesOutOfOrder,
    WeightsNotOne,
    YearClosedForAddendum,
    YearsInconsistent,
)
from grants.agreements.terms import Terms, require_consistent, require_past_years_kept
from shared.contracts.support import TargetMode, YearWeight
from tests.grants.facts import term, terms

OFFERED_ON = date(2025, 1, 6)
TENGE = Decimal("100.00")


def weights(*years: int) -> tuple[YearWeight, ...]:
    return tuple(YearWeight(year=year, weight=Decimal("0.5")) for year in years)


def growth(target: str, baseline: str | None, **facts: Any) -> Terms:
    stated = None if baseline is None else Decimal(baseline)
    return terms(obligations=[term(mode=TargetMode.GROWTH, target=Decimal(target), baseline=stated, **facts)])


@pytest.mark.parametrize(
    "fitting",
    [
        lambda: terms(),
        lambda: terms([Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]),
        lambda: growth("120", "100"),
        lambda: growth("80", "100", lower_is_better=True),
        lambda: terms(
            obligations=[term(years=(2025,)), term(years=(2026,), target=Decimal(2))], reporting_years=(2025, 2026)
        ),
        lambda: terms(
            obligations=[
                term(years=(2025,)),
                term(years=(2026,), weight=Decimal("0.5")),
                term("jobs", years=(2026,), weight=Decimal("0.5")),
            ],
            reporting_years=(2025, 2026),
            year_weights=weights(2025, 2026),
        ),
    ],
)
def test_terms_that_fit(fitting: Callable[[], Terms]) -> None:
    require_consistent(fitting(), TENGE, from_day=OFFERED_ON)


@pytest.mark.parametrize(
    ("contradicting", "refusal"),
    [
        (lambda: terms([Decimal("99.99")]), TranchesDoNotSum),
        (lambda: terms([Decimal("50.00"), Decimal("50.01")]), TranchesDoNotSum),
        (lambda: terms(obligations=[term(target=Decimal(0))]), TargetUndefined),
        (lambda: terms(obligations=[term(baseline=Decimal(1))]), TargetUndefined),
        (lambda: growth("100", None), TargetUndefined),
        (lambda: growth("100", "100"), TargetUndefined),
        (lambda: growth("90", "100"), TargetUndefined),
        (lambda: growth("120", "100", lower_is_better=True), TargetUndefined),
        (lambda: terms(obligations=[term(), term()]), IndicatorTwice),
        (
            lambda: terms(obligations=[term(years=(2025, 2026)), term(years=(2026,))], reporting_years=(2025, 2026)),
            IndicatorTwice,
        ),
        (lambda: terms(obligations=[term(weight=Decimal("0.1")), term("jobs", weight=Decimal("0.2"))]), WeightsNotOne),
        (lambda: terms(obligations=[term(), term("jobs")]), WeightsNotOne),
        (
            lambda: terms(
                obligations=[term(years=(2025, 2026)), term("jobs", years=(2026,))], reporting_years=(2025, 2026)
            ),
            WeightsNotOne,
        ),
        (lambda: terms(reporting_years=(2025, 2026)), YearsInconsistent),
        (lambda: terms(reporting_years=(2026,)), YearsInconsistent),
        (lambda: terms(reporting_years=(2025, 2025)), YearsInconsistent),
        (lambda: terms(obligations=[term(years=(2025, 2025))]), YearsInconsistent),
        (lambda: terms(year_weights=weights(2026)), YearsInconsistent),
        (lambda: terms(year_weights=weights(2025, 2025)), YearsInconsistent),
    ],
)
def test_terms_that_contradict_each_other(contradicting: Callable[[], Terms], refusal: type[TermsInconsistent]) -> None:
    with pytest.raises(refusal):
        require_consistent(contradicting(), TENGE, from_day=OFFERED_ON)


def test_a_tranche_is_not_planned_before_the_offer() -> None:
    with pytest.raises(TranchesOutOfOrder):
        require_consistent(terms(), TENGE, from_day=date(2025, 2, 2))


def test_an_addendum_leaves_the_obligations_of_past_years() -> None:
    before = [term(years=(2025, 2026))]
    with pytest.raises(YearClosedForAddendum):
        require_past_years_kept(before, [term(years=(2025, 2026), target=Decimal(2))], this_year=2026)
    changed_from_now_on = [term(years=(2025,)), term(years=(2026,), target=Decimal(2))]
    require_past_years_kept(before, changed_from_now_on, this_year=2026)
