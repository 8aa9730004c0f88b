"""The local day of an instant, and days counted in months: legal days are days in Asia/Almaty."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Almaty")


class TimeZoneDataOutdated(RuntimeError):
    """The machine's time zone data does not know that Kazakhstan has one zone, UTC+5, since 1 March 2024."""


def local_day(at: datetime) -> date:
    """The legal day of an instant; an instant without its zone raises `ValueError`."""
    if at.utcoffset() is None:
        raise ValueError("An instant needs a zone.")
    return at.astimezone(LOCAL_ZONE).date()


def day_begins(day: date) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The instant at which a local day is over, in UTC: the first one of the next day, no longer of this one."""
    return day_begins(day + timedelta(days=1))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def require_current_time_zone_data(zone: tzinfo = LOCAL_ZONE) -> None:
    """Check at start-up that the zone went from UTC+6 to UTC+5 on 1 March 2024; raises `TimeZoneDataOutdated`."""
    before = datetime(2024, 2, 29, 17, 59, 59, tzinfo=UTC).astimezone(zone).utcoffset()
    after = datetime(2024, 2, 29, 18, 0, 0, tzinfo=UTC).astimezone(zone).utcoffset()
    if (before, after) != (timedelta(hours=6), timedelta(hours=5)):
        raise TimeZoneDataOutdated(
            f"The time zone data of this machine gives Asia/Almaty UTC{_hours(before)} on 29 February 2024 and "
            f"UTC{_hours(after)} from 1 March 2024; wanted UTC+6 and UTC+5. Every deadline would be an hour wrong: "
            "install tzdata 2024a or newer."
        )


def _hours(offset: timedelta | None) -> str:
    return " unknown" if offset is None else f"{offset / timedelta(hours=1):+g}"
