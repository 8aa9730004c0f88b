from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.values.dates import Day, Moment

days: TypeAdapter[date] = TypeAdapter(Day)
moments: TypeAdapter[datetime] = TypeAdapter(Moment)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert days.validate_python(days.dump_python(day, mode="json")) == day
    assert days.validate_python(day) == day


@pytest.mark.parametrize(
    "written",
    [
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "2025-2-3",
        "20250203",
        "2025-W06-1",
        "2025-02-03T00:00:00",
        "2025-02-03\n",
        " 2025-02-03",
        "٢٠٢٥-٠٢-٠٣",
        "２０２５-０２-０３",
        "03.02.2025",
        "1989-12-31",
        "2101-01-01",
        "0000-01-01",
        "9999-12-31",
        "",
        None,
        20250203,
        0,
        True,
        [],
        {},
        datetime(2025, 2, 3, tzinfo=UTC),
    ],
    ids=ascii,
)
def test_what_is_no_plausible_day_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match=r"Found .*; wanted a day that exists, from 1990 to 2100") as refusal:
        days.validate_python(written)
    assert refusal.value.errors()[0]["msg"].isascii()


def test_an_instant_is_kept_in_utc() -> None:
    moment = moments.validate_python("2024-02-29T23:30:00+06:00")
    assert moment == datetime(2024, 2, 29, 17, 30, tzinfo=UTC)
    assert moments.dump_python(moment, mode="json") == "2024-02-29T17:30:00Z"


@pytest.mark.parametrize(
    "written",
    [
        "2024-02-29T23:30:00",
        "2024-02-30T10:00:00Z",
        "2024-02-29 10:00:00Z",
        "2024-02-29T25:00:00Z",
        "2024-02-29T10:00:00+99:00",
        "2024-02-29T10:00:60Z",
        "2024-02-29T10:00:00Z\n",
        "1989-12-31T10:00:00Z",
        "2101-01-01T00:00:00Z",
        "now",
        None,
        1709200000,
        datetime(2024, 2, 29),  # noqa: DTZ001
    ],
    ids=ascii,
)
def test_an_instant_without_a_zone_or_out_of_range_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match=r"Found .*; wanted an instant with its zone"):
        moments.validate_python(written)
