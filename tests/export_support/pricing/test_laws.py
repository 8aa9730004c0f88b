"""The laws of the estimate: nothing above cost, cap or ceiling; the order of lines changes nothing; sums are exact."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from export_support.pricing.rules import Ceiling, Priced, estimate, percent_of, shared_out

TIYN = st.integers(0, 10**13)
RATES = st.decimals("0", "100", places=2)
LINES = st.lists(
    st.builds(
        Priced,
        id=st.uuids(version=4).map(str),
        category=st.sampled_from(["goods-delivery", "goods-advertising", "ict-rent"]),
        cost=st.builds(Fraction, TIYN, st.sampled_from([1, 3, 7, 100, 1000])),
        rate=RATES,
        bonus=st.none() | st.decimals("1", "2", places=2),
        rate_most=st.none() | RATES,
        line_cap=st.none() | TIYN,
        category_cap=st.none() | TIYN,
    ),
    max_size=12,
    unique_by=lambda line: line.id,
)
CEILINGS = st.builds(Ceiling, taxes=st.none() | TIYN, limit=st.none() | TIYN, already=TIYN)


@given(LINES, CEILINGS)
@settings(max_examples=300)
def test_no_line_is_above_its_cost_and_no_sum_above_a_cap_or_the_ceiling(lines: list[Priced], ceiling: Ceiling) -> None:
    found = estimate(lines, ceiling)
    for line in lines:
        amount = found.amounts[line.id]
        assert 0 <= amount.reimbursed <= amount.of_category <= amount.capped <= amount.rated <= amount.cost <= line.cost
        assert line.line_cap is None or amount.reimbursed <= line.line_cap
    for category in {line.category for line in lines}:
        caps = [line.category_cap for line in lines if line.category == category and line.category_cap is not None]
        sum_ = sum(found.amounts[line.id].reimbursed for line in lines if line.category == category)
        assert sum_ == found.by_category[category]
        assert all(sum_ <= cap for cap in caps)
    assert found.reimbursed == sum(amount.reimbursed for amount in found.amounts.values())
    assert ceiling.left is None or found.reimbursed <= ceiling.left
    if ceiling.left is not None:
        assert found.reimbursed == min(found.before_ceiling, ceiling.left)


@given(LINES, CEILINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(lines: list[Priced], ceiling: Ceiling, random: "st.DrawFn") -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimate(shuffled, ceiling) == estimate(lines, ceiling)


@given(st.lists(st.integers(0, 10**9), max_size=20), st.integers(0, 10**9))
def test_what_is_shared_out_sums_to_the_limit_and_gives_nobody_more(parts: list[int], limit: int) -> None:
    shared = shared_out(parts, limit)
    assert sum(shared) == min(sum(parts), limit)
    assert all(0 <= given <= asked for given, asked in zip(shared, parts, strict=True))


@given(st.decimals("0", "80", places=2), st.decimals("1", "2", places=2))
def test_a_bonus_never_lessens_and_never_passes_what_both_may_give(rate: Decimal, bonus: Decimal) -> None:
    line = Priced("a", "goods-delivery", Fraction(1), rate, bonus, Decimal(80))
    assert Fraction(rate) <= percent_of(line) <= 80


def test_the_lesser_of_taxes_and_limit_less_what_was_given_is_left() -> None:
    assert Ceiling(taxes=500, limit=300, already=100).left == 200
    assert Ceiling(taxes=200, limit=300, already=250).left == 0
    assert Ceiling(taxes=None, limit=300).left == 300
    assert Ceiling(taxes=None, limit=None).left is None


def test_a_delivery_by_hand() -> None:
    """10,000.00 dollars at 521.6, 50 percent raised by 1.05: 521,600,000 tiyn, 52.5 percent, 273,840,000 tiyn."""
    line = Priced("a", "goods-delivery", Fraction(521_600_000), Decimal(50), Decimal("1.05"), Decimal(80))
    found = estimate([line], Ceiling(None, None)).amounts["a"]
    assert (found.cost, found.percent, found.reimbursed) == (521_600_000, Fraction("52.5"), 273_840_000)


def test_what_the_ceiling_leaves_is_shared_by_the_largest_remainder() -> None:
    lines = [Priced(name, "ict-rent", Fraction(100), Decimal(100)) for name in "abc"]
    found = estimate(lines, Ceiling(taxes=200, limit=None))
    assert [found.amounts[name].reimbursed for name in "abc"] == [67, 67, 66]
