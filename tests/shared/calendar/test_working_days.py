from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar.published import published_calendar, published_days
from shared.calendar.working_days import CalendarUnknown, DayKind, ExceptionalDay, WorkingCalendar, calendar_of

CALENDAR = published_calendar()
days = st.dates(date(2015, 1, 1), date(2038, 12, 31))
counts = st.integers(0, 60)


def off(day: date) -> ExceptionalDay:
    return ExceptionalDay(day, DayKind.DAY_OFF, "a day off by decree")


def working(day: date) -> ExceptionalDay:
    return ExceptionalDay(day, DayKind.WORKING, "a working day by decree")


@pytest.mark.parametrize(
    ("holiday", "moved_to"),
    [
        (date(2026, 3, 8), date(2026, 3, 9)),
        (date(2026, 3, 21), date(2026, 3, 24)),
        (date(2026, 3, 22), date(2026, 3, 25)),
        (date(2026, 5, 9), date(2026, 5, 11)),
        (date(2026, 10, 25), date(2026, 10, 26)),
    ],
)
def test_the_holidays_of_2026_that_meet_a_weekend_move(holiday: date, moved_to: date) -> None:
    assert not CALENDAR.is_working_day(holiday)
    assert not CALENDAR.is_working_day(moved_to)
    assert moved_to.weekday() < 5
    assert CALENDAR.is_working_day(CALENDAR.on_or_after(moved_to))


def test_the_working_days_of_march_2026() -> None:
    worked = [n for n in range(1, 32) if CALENDAR.is_working_day(date(2026, 3, n))]
    assert worked == [2, 3, 4, 5, 6, 10, 11, 12, 13, 16, 17, 18, 19, 20, 26, 27, 30, 31]


def test_30_august_is_no_holiday_from_2026() -> None:
    assert not CALENDAR.is_working_day(date(2024, 8, 30))
    assert not CALENDAR.is_working_day(date(2025, 9, 1))
    assert CALENDAR.is_working_day(date(2026, 8, 31))
    assert CALENDAR.is_working_day(date(2027, 8, 30))
    assert CALENDAR.is_working_day(date(2028, 8, 30))


def test_15_march_is_a_holiday_from_2027() -> None:
    assert CALENDAR.is_working_day(date(2024, 3, 15))
    assert CALENDAR.is_working_day(date(2026, 3, 16))
    assert not CALENDAR.is_working_day(date(2027, 3, 15))
    assert not CALENDAR.is_working_day(date(2028, 3, 15))


def test_7_january_and_the_first_day_of_kurban_ait_do_not_move() -> None:
    assert date(2023, 1, 7).weekday() == 5
    assert CALENDAR.is_working_day(date(2023, 1, 9))
    assert date(2024, 1, 7).weekday() == 6
    assert CALENDAR.is_working_day(date(2024, 1, 8))
    assert date(2024, 6, 16).weekday() == 6
    assert CALENDAR.is_working_day(date(2024, 6, 17))
    assert not CALENDAR.is_working_day(date(2026, 5, 27))


def test_days_that_the_government_swapped() -> None:
    assert CALENDAR.is_working_day(date(2024, 5, 4))
    assert not CALENDAR.is_working_day(date(2024, 5, 8))
    assert CALENDAR.is_working_day(date(2025, 1, 5))
    assert not CALENDAR.is_working_day(date(2025, 1, 3))


@pytest.mark.parametrize(
    ("event", "count", "last"),
    [
        (date(2026, 3, 6), 1, date(2026, 3, 10)),
        (date(2026, 3, 20), 1, date(2026, 3, 26)),
        (date(2026, 3, 19), 7, date(2026, 4, 2)),
        (date(2026, 3, 21), 0, date(2026, 3, 26)),
        (date(2024, 12, 31), 1, date(2025, 1, 5)),
        (date(2026, 12, 16), 3, date(2026, 12, 21)),
    ],
)
def test_a_term_counts_from_the_day_after_the_event(event: date, count: int, last: date) -> None:
    assert CALENDAR.add_working_days(event, count) == last


def test_a_term_in_calendar_days_moves_forward_to_a_working_day() -> None:
    assert CALENDAR.add_calendar_days(date(2026, 3, 18), 3) == date(2026, 3, 26)
    assert CALENDAR.add_calendar_days(date(2026, 3, 16), 3) == date(2026, 3, 19)


def test_a_decision_leaves_whole_working_days_for_the_hearing() -> None:
    told = CALENDAR.subtract_working_days(date(2026, 3, 27), 3)
    assert told == date(2026, 3, 18)
    assert CALENDAR.add_working_days(told, 3) == date(2026, 3, 26)


@given(days, counts, counts)
def test_two_terms_in_a_row_are_one_term(day: date, first: int, second: int) -> None:
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, first), second) == CALENDAR.add_working_days(
        start, first + second
    )


@given(days, st.integers(1, 60))
def test_a_term_of_n_days_holds_n_working_days_and_ends_on_one(day: date, count: int) -> None:
    last = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(last)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(CALENDAR.is_working_day(each) for each in between) == count
    assert CALENDAR.working_days_left(day, last) == count


@given(days, days, counts)
def test_a_later_event_never_ends_earlier(one: date, other: date, count: int) -> None:
    earlier, later = sorted([one, other])
    assert CALENDAR.add_working_days(earlier, count) <= CALENDAR.add_working_days(later, count)


@given(st.dates(date(2016, 1, 1), date(2038, 12, 31)), st.integers(1, 20))
def test_whole_days_before_a_day_are_as_many_after_the_event(day: date, count: int) -> None:
    told = CALENDAR.subtract_working_days(day, count)
    assert CALENDAR.add_working_days(told, count) < day
    assert CALENDAR.add_working_days(told + timedelta(days=1), count) >= day


@given(st.sets(days, max_size=8), st.sets(days, max_size=8), days)
def test_an_override_of_a_day_is_the_last_word(off_days: set[date], working_days: set[date], asked: date) -> None:
    calendar = published_calendar([*map(off, off_days), *map(working, working_days)])
    for day in off_days - working_days:
        assert not calendar.is_working_day(day)
    for day in working_days:
        assert calendar.is_working_day(day)
    if asked not in off_days | working_days:
        assert calendar.is_working_day(asked) == CALENDAR.is_working_day(asked)


def test_the_version_names_the_days_and_nothing_else() -> None:
    assert CALENDAR.version.startswith("kz-2015-2040-")
    assert published_calendar().version == CALENDAR.version
    renamed = [ExceptionalDay(each.day, each.kind, "another name") for each in published_days()]
    assert calendar_of(CALENDAR.first_day, CALENDAR.last_day, renamed).version == CALENDAR.version
    assert published_calendar([off(date(2026, 12, 18))]).version != CALENDAR.version
    assert published_calendar([off(date(2026, 12, 19))]).version == CALENDAR.version, "19 December 2026 is a Saturday"


def test_an_unknown_year_is_refused_and_never_guessed() -> None:
    calendar = WorkingCalendar(date(2026, 1, 1), date(2026, 12, 31), frozenset())
    with pytest.raises(CalendarUnknown, match="covers 2026-01-01 to 2026-12-31; 2027-01-01 is not in it"):
        calendar.add_working_days(date(2026, 12, 31), 1)
    with pytest.raises(CalendarUnknown):
        calendar.is_working_day(date(2025, 12, 31))


def test_a_term_is_not_negative() -> None:
    for add in (CALENDAR.add_working_days, CALENDAR.add_calendar_days, CALENDAR.subtract_working_days):
        with pytest.raises(ValueError, match="no negative number"):
            add(date(2026, 3, 6), -1)
