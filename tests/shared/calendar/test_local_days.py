from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar.local_days import (
    LOCAL_ZONE,
    TimeZoneDataOutdated,
    day_begins,
    day_ends,
    local_day,
    months_after,
    require_current_time_zone_data,
)

MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-02-03T18:59:59.999999+00:00", date(2025, 2, 3)),
        ("2025-02-03T19:00:00+00:00", date(2025, 2, 4)),
        ("2024-01-31T17:59:59.999999+00:00", date(2024, 1, 31)),
        ("2024-01-31T18:00:00+00:00", date(2024, 2, 1)),
        ("2024-02-29T17:30:00+00:00", date(2024, 2, 29)),
        ("2024-02-29T18:30:00+00:00", date(2024, 2, 29)),
        ("2024-02-29T19:00:00+00:00", date(2024, 3, 1)),
        ("2025-02-04T00:30:00+06:00", date(2025, 2, 3)),
    ],
)
def test_an_instant_belongs_to_the_day_in_almaty(instant: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(instant)) == day


def test_the_hour_before_midnight_of_29_february_2024_happened_twice_on_one_day() -> None:
    assert day_ends(date(2024, 2, 29)) - day_begins(date(2024, 2, 29)) == timedelta(hours=25)


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        local_day(datetime(2025, 2, 3))  # noqa: DTZ001


@given(st.dates(date(1990, 1, 1), date(2100, 12, 30)))
def test_a_day_begins_where_the_one_before_ends(day: date) -> None:
    assert local_day(day_begins(day)) == day
    assert local_day(day_begins(day) - MICROSECOND) == day - timedelta(days=1)
    assert local_day(day_ends(day) - MICROSECOND) == day
    assert local_day(day_ends(day)) == day + timedelta(days=1)
    assert day_begins(day).tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(-12, 14))  # noqa: DTZ001
def test_the_zone_in_which_an_instant_is_written_does_not_matter(instant: datetime, hours: int) -> None:
    assert local_day(instant) == local_day(instant.astimezone(timezone(timedelta(hours=hours))))


def test_this_machine_knows_the_zone_of_2024() -> None:
    require_current_time_zone_data()
    require_current_time_zone_data(LOCAL_ZONE)


@pytest.mark.parametrize("old", ["Asia/Bishkek", "Asia/Aqtau", "UTC"])
def test_time_zone_data_that_does_not_know_the_change_stops_the_start(old: str) -> None:
    with pytest.raises(TimeZoneDataOutdated, match=r"wanted UTC\+6 and UTC\+5"):
        require_current_time_zone_data(ZoneInfo(old))


def test_months_end_on_the_last_day_where_the_month_is_short() -> None:
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_after(date(2026, 7, 7), 3) == date(2026, 10, 7)
