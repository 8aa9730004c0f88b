from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.values.shares import Fulfilment, Percent, Quantity, Share, Weight

levels: TypeAdapter[Decimal] = TypeAdapter(Fulfilment)


@pytest.mark.parametrize(
    ("written", "answered"),
    [("0", "0.00"), ("1", "1.00"), ("0.70", "0.70"), ("0.7", "0.70"), ("0.333333", "0.333333"), ("1.000000", "1.00")],
)
def test_a_level_of_fulfilment_is_exact(written: str, answered: str) -> None:
    assert levels.dump_python(levels.validate_python(written), mode="json") == answered


@pytest.mark.parametrize(
    "written",
    ["1.1", "1.000001", "2", "-0.1", "0.1234567", ".5", "0,7", "70%", "٠.٧", "0.7\n", "1e-1", "00.7", "", None, 0.7, 1],
    ids=ascii,
)
def test_a_level_beyond_zero_to_one_or_six_decimals_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match="wanted a level of fulfilment from 0 to 1 with at most six decimals"):
        levels.validate_python(written)


@given(st.integers(0, 10**6))
def test_every_level_of_six_decimals_is_taken_and_kept(millionths: int) -> None:
    level = Decimal(millionths) / 10**6
    assert levels.validate_python(levels.dump_python(level, mode="json")) == level


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Percent, "15.25", "1000"),
        (Percent, "999.9999", "15.12345"),
        (Share, "100", "100.01"),
        (Share, "0", "101"),
        (Weight, "0.5", "0.00"),
        (Weight, "1", "1.5"),
        (Quantity, "1250.5", "1250.1234567"),
        (Quantity, "0", "-1"),
    ],
)
def test_each_number_has_its_own_bounds(kind: Any, good: str, bad: str) -> None:
    field: TypeAdapter[Decimal] = TypeAdapter(kind)
    assert field.validate_python(good) == Decimal(good)
    with pytest.raises(ValidationError, match=r"Found .*; wanted "):
        field.validate_python(bad)


def test_a_quantity_is_written_without_needless_zeros() -> None:
    quantities: TypeAdapter[Decimal] = TypeAdapter(Quantity)
    assert quantities.dump_python(Decimal("1250.500000"), mode="json") == "1250.5"
    assert quantities.dump_python(Decimal("1250.000000"), mode="json") == "1250"
