"""How far counter-obligations are fulfilled: of one obligation, of a year, and what a year stands for."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.fulfilment import (
    Aggregation,
    Measured,
    ObligationLevel,
    ReportingYear,
    allot,
    allot_tranche,
    fulfilment_of_year,
    is_breach,
    level_of,
)
from obligations.fulfilment.refusals import (
    AchievedBelowZero,
    AmountNegative,
    BaselineMissing,
    NothingToWeigh,
    TargetNotBeyondBaseline,
    TargetOfZero,
    TrancheAfterLastYear,
    WeightNotPositive,
)
from shared.contracts.support import Direction, TargetMode

PRODUCTIVITY, EXPORT = Direction.LABOUR_PRODUCTIVITY, Direction.EXPORT


def a_level(target: str, achieved: str, *, lower: bool = False) -> Measured:
    return Measured(TargetMode.LEVEL, Decimal(target), Decimal(achieved), lower_is_better=lower)


def a_growth(baseline: str | None, target: str, achieved: str, *, lower: bool = False) -> Measured:
    known = None if baseline is None else Decimal(baseline)
    return Measured(TargetMode.GROWTH, Decimal(target), Decimal(achieved), known, lower_is_better=lower)


@pytest.mark.parametrize(
    ("measured", "level"),
    [
        (a_level("100", "70"), Fraction(7, 10)),
        (a_level("3", "1"), Fraction(1, 3)),
        (a_level("100", "130"), Fraction(1)),
        (a_level("100", "-5"), Fraction(0)),
        (a_level("10", "40", lower=True), Fraction(1, 4)),
        (a_level("10", "0", lower=True), Fraction(1)),
        (a_level("10", "7", lower=True), Fraction(1)),
        (a_growth("50", "150", "120"), Fraction(7, 10)),
        (a_growth("50", "150", "20"), Fraction(0)),
        (a_growth("-5", "0", "-1"), Fraction(4, 5)),
        (a_growth("80", "60", "75", lower=True), Fraction(1, 4)),
        (a_growth("80", "0", "20", lower=True), Fraction(3, 4)),
        (a_growth("80", "60", "90", lower=True), Fraction(0)),
    ],
)
def test_a_level_is_the_share_of_the_target_between_nothing_and_all(measured: Measured, level: Fraction) -> None:
    assert level_of(measured) == level


@pytest.mark.parametrize(
    ("measured", "refusal"),
    [
        (a_level("0", "5"), TargetOfZero),
        (a_level("0", "0", lower=True), TargetOfZero),
        (a_level("-1", "5"), TargetOfZero),
        (a_level("10", "-5", lower=True), AchievedBelowZero),
        (a_growth(None, "5", "5"), BaselineMissing),
        (a_growth("5", "5", "5"), TargetNotBeyondBaseline),
        (a_growth("6", "5", "5"), TargetNotBeyondBaseline),
        (a_growth("5", "6", "5", lower=True), TargetNotBeyondBaseline),
        (a_growth("5", "5", "5", lower=True), TargetNotBeyondBaseline),
    ],
)
def test_what_has_no_level_is_refused(measured: Measured, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        level_of(measured)


def test_a_breach_is_a_level_below_one_less_the_tolerance_compared_exactly() -> None:
    assert not is_breach(Fraction(1), Decimal(0))
    assert is_breach(Fraction(9_999_999, 10_000_000), Decimal(0))
    assert not is_breach(Fraction(95, 100), Decimal("0.05"))
    assert is_breach(Fraction(949_999, 1_000_000), Decimal("0.05"))


def a_year(*levels: tuple[Direction, str, Fraction | None]) -> list[ObligationLevel]:
    return [ObligationLevel(direction, Decimal(weight), level) for direction, weight, level in levels]


def test_the_year_of_the_story_is_fulfilled_to_seven_tenths() -> None:
    year = a_year((PRODUCTIVITY, "0.5", Fraction(8, 10)), (EXPORT, "0.5", Fraction(6, 10)))
    assert fulfilment_of_year(year, Aggregation.WEIGHTED_MEAN) == Decimal("0.700000")


@pytest.mark.parametrize(
    ("aggregation", "k"),
    [("weighted_mean", "0.520000"), ("minimum", "0.200000"), ("minimum_by_direction", "0.400000")],
)
def test_the_levels_of_a_year_make_its_fulfilment_by_the_rule(aggregation: str, k: str) -> None:
    year = a_year(
        (PRODUCTIVITY, "0.4", Fraction(2, 10)),
        (PRODUCTIVITY, "0.4", Fraction(6, 10)),
        (EXPORT, "0.2", Fraction(1)),
    )
    assert fulfilment_of_year(year, Aggregation(aggregation)) == Decimal(k)


def test_an_obligation_excused_or_not_yet_evaluated_counts_as_fulfilled() -> None:
    assert fulfilment_of_year(a_year((EXPORT, "1", None)), Aggregation.MINIMUM) == 1


def test_weights_count_as_shares_of_their_sum() -> None:
    year = a_year((EXPORT, "3", Fraction(1)), (PRODUCTIVITY, "1", Fraction(0)))
    assert fulfilment_of_year(year, Aggregation.WEIGHTED_MEAN) == Decimal("0.75")


def test_the_fulfilment_of_a_year_is_rounded_once_half_up_to_six_decimals() -> None:
    for level, k in [
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(5, 10_000_000), "0.000001"),
        (Fraction(4_999, 10_000_000_000), "0.000000"),
        (Fraction(9_999_995, 10_000_000), "1.000000"),
    ]:
        assert str(fulfilment_of_year(a_year((EXPORT, "1", level)), Aggregation.WEIGHTED_MEAN)) == k


def test_a_year_without_obligations_or_with_an_idle_weight_is_refused() -> None:
    with pytest.raises(NothingToWeigh):
        fulfilment_of_year([], Aggregation.MINIMUM)
    with pytest.raises(WeightNotPositive):
        fulfilment_of_year(a_year((EXPORT, "1", None), (EXPORT, "0", None)), Aggregation.WEIGHTED_MEAN)


weights = st.lists(st.integers(0, 1_000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=6).filter(any)
levels = st.fractions(0, 1, max_denominator=1_000)
parts = st.builds(
    ObligationLevel,
    st.sampled_from(list(Direction)),
    st.integers(1, 100).map(Decimal),
    st.one_of(st.none(), levels),
)


@given(st.lists(parts, min_size=1, max_size=6))
def test_the_stricter_the_rule_the_lower_the_fulfilment(year: list[ObligationLevel]) -> None:
    minimum, by_direction, mean = (
        fulfilment_of_year(year, rule)
        for rule in (Aggregation.MINIMUM, Aggregation.MINIMUM_BY_DIRECTION, Aggregation.WEIGHTED_MEAN)
    )
    assert 0 <= minimum <= by_direction <= mean <= 1


@given(st.integers(0, 10**17), weights)
def test_the_parts_of_a_sum_are_whole_tiyn_near_their_share_and_make_up_the_whole(tiyn: int, by: list[Decimal]) -> None:
    amount = Decimal(tiyn).scaleb(-2)
    divided = allot(amount, by)
    assert sum(divided) == amount
    for part, weight in zip(divided, by, strict=True):
        share = Fraction(amount) * Fraction(weight) / sum(map(Fraction, by))
        assert abs(Fraction(part) - share) < Fraction(1, 100)
        assert part == part.quantize(Decimal("0.01"))
        assert weight or part == 0


def test_the_largest_remainder_takes_the_odd_tiyn_and_of_equal_ones_the_first() -> None:
    assert allot(Decimal("100.00"), [Decimal(1)] * 3) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))
    assert allot(Decimal("0.05"), [Decimal(1), Decimal(3)]) == (Decimal("0.01"), Decimal("0.04"))
    assert allot(Decimal("0.02"), [Decimal(1)] * 3) == (Decimal("0.01"), Decimal("0.01"), Decimal("0.00"))


def test_a_year_that_ended_before_a_tranche_was_paid_stands_for_nothing_of_it() -> None:
    years = [ReportingYear(date(year, 12, 31)) for year in (2024, 2025, 2026)]
    assert allot_tranche(Decimal("9.00"), date(2024, 12, 31), years) == (Decimal(3), Decimal(3), Decimal(3))
    assert allot_tranche(Decimal("9.00"), date(2025, 1, 1), years) == (Decimal(0), Decimal("4.5"), Decimal("4.5"))


def test_what_cannot_be_allotted_is_refused() -> None:
    with pytest.raises(NothingToWeigh):
        allot(Decimal(1), [])
    with pytest.raises(NothingToWeigh):
        allot(Decimal(1), [Decimal(0)])
    with pytest.raises(AmountNegative):
        allot(Decimal("-0.01"), [Decimal(1)])
    with pytest.raises(NothingToWeigh):
        allot_tranche(Decimal(1), date(2025, 1, 1), [])
    with pytest.raises(TrancheAfterLastYear):
        allot_tranche(Decimal(1), date(2026, 1, 1), [ReportingYear(date(2025, 12, 31))])
