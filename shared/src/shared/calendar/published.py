"""What the `holidays` package knows of Kazakhstan, as the seed of the calendar; dated overrides correct it."""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

from holidays import country_holidays

from shared.calendar.working_days import DayKind, ExceptionalDay, WorkingCalendar, calendar_of

FIRST_YEAR = 2015
LAST_YEAR = 2040


def published_days(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> list[ExceptionalDay]:
    """Every holiday, observed day off and swapped day of these years, in order.

    A future first day of Kurban Ait is an estimate and says so in its name; swaps not decreed yet are not in it.
    """
    source = f"holidays {version('holidays')}"
    known = country_holidays("KZ", years=range(first_year, last_year + 1), language="en_US")
    days = [ExceptionalDay(day, DayKind.DAY_OFF, name, source) for day, name in known.items()]
    days += [
        ExceptionalDay(day, DayKind.WORKING, "Working day in place of a swapped day off", source)
        for day in known.weekend_workdays
        if first_year <= day.year <= last_year
    ]
    return sorted(days, key=lambda exceptional: exceptional.day)


def published_calendar(
    overrides: Iterable[ExceptionalDay] = (), first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR
) -> WorkingCalendar:
    """The calendar of these years as the package knows them, with the overrides; needs no database."""
    return calendar_of(
        date(first_year, 1, 1), date(last_year, 12, 31), published_days(first_year, last_year), overrides
    )
