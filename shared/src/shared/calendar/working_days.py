"""Working days: Monday to Friday save days off, plus the weekend days that the Government made working days."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from shared.refusals import RuleBroken

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What an exceptional day is, whatever its weekday."""

    DAY_OFF = "day-off"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A holiday, a day off in place of one, or a swapped working day; the source is the act or the package."""

    day: date
    kind: DayKind
    name: str
    source: str = ""


class CalendarUnknown(RuleBroken):
    """A term reaches a day for which no calendar is known: nothing is assumed about its holidays."""

    title = "No working calendar for this day"
    detail = "The working calendar {version} covers {first_day} to {last_day}; {day} is not in it."
    remedy = "Import the holidays of that year."


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days from `first_day` to `last_day`, both included; `version` names exactly these days.

    Store the version beside each due date that was computed: with another version the date may be another.
    """

    first_day: date
    last_day: date
    days_off: frozenset[date]
    working_weekend_days: frozenset[date] = frozenset()
    version: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", self._version())

    def _version(self) -> str:
        off = "".join(f"-{day}" for day in sorted(self.days_off))
        on = "".join(f"+{day}" for day in sorted(self.working_weekend_days))
        digest = hashlib.sha256(f"{self.first_day}/{self.last_day}{off}{on}".encode("ascii")).hexdigest()
        return f"kz-{self.first_day.year}-{self.last_day.year}-{digest[:12]}"

    def is_working_day(self, day: date) -> bool:
        """Whether this is a working day; raises `CalendarUnknown` for a day that is not covered."""
        if not self.first_day <= day <= self.last_day:
            raise CalendarUnknown(day=day, version=self.version, first_day=self.first_day, last_day=self.last_day)
        return day in self.working_weekend_days or (day.weekday() < SATURDAY and day not in self.days_off)

    def on_or_after(self, day: date) -> date:
        """This day, or the next working day after it: how a last day that is not a working day moves forward."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The last day of a term of `count` working days that an event of `day` sets going.

        The first one counted is the first working day after the event. A term of zero days ends on the day itself,
        moved forward where that is no working day.
        """
        if count < 0:
            raise ValueError("A term has no negative number of working days.")
        if count == 0:
            return self.on_or_after(day)
        while count:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def subtract_working_days(self, day: date, count: int) -> date:
        """The last day on which an event leaves at least `count` whole working days before `day`, neither counted.

        `add_working_days` of what is answered is a day before `day`: "at least 3 working days before the decision".
        """
        if count < 0:
            raise ValueError("A term has no negative number of working days.")
        while count:
            day -= ONE_DAY
            count -= self.is_working_day(day)
        return day - ONE_DAY

    def add_calendar_days(self, day: date, count: int) -> date:
        """The last day of a term of `count` calendar days from the day after the event, moved forward if need be."""
        if count < 0:
            raise ValueError("A term has no negative number of days.")
        return self.on_or_after(day + count * ONE_DAY)

    def working_days_left(self, today: date, last: date) -> int:
        """How many working days a term still has after `today` up to its last day, that one included; 0 when over."""
        return sum(self.is_working_day(today + n * ONE_DAY) for n in range(1, (last - today).days + 1))


def calendar_of(
    first_day: date, last_day: date, seeded: Iterable[ExceptionalDay], overrides: Iterable[ExceptionalDay] = ()
) -> WorkingCalendar:
    """A calendar of the seeded days, in which an override of a day replaces whatever was seeded for it."""
    kinds = {exceptional.day: exceptional.kind for exceptional in seeded}
    kinds.update({exceptional.day: exceptional.kind for exceptional in overrides})
    covered = {day: kind for day, kind in kinds.items() if first_day <= day <= last_day}
    return WorkingCalendar(
        first_day,
        last_day,
        frozenset(day for day, kind in covered.items() if kind is DayKind.DAY_OFF and day.weekday() < SATURDAY),
        frozenset(day for day, kind in covered.items() if kind is DayKind.WORKING and day.weekday() >= SATURDAY),
    )
