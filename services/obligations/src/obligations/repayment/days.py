"""Days as ordinals: anniversaries, year bases, and the spans that suspensions leave."""

from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from obligations.repayment.rules import DayCount, DayInclusion

END_OF_TIME = date.max.toordinal() + 1

Span = tuple[int, int]
"""First day and the day after the last, as ordinals."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days in which no interest runs, both ends included."""

    first: date
    last: date


def anniversary(day: date, years: int) -> int:
    """The ordinal of a day's anniversary; 29 February is kept on the 28th in a common year."""
    year = day.year + years
    if year > date.max.year:
        return END_OF_TIME
    if day.month == 2 and day.day == 29 and not isleap(year):
        return date(year, 2, 28).toordinal()
    return day.replace(year=year).toordinal()


def years_between(day: date, ordinal: int) -> int:
    """How many anniversaries of a day have come by another, that day included."""
    years = date.fromordinal(ordinal).year - day.year
    return years if anniversary(day, years) <= ordinal else years - 1


def bearing_span(start: date, as_of: date, inclusion: DayInclusion) -> Span:
    """The days that bear interest from `start`, suspensions aside; empty where the first is not before the second."""
    first, end = start.toordinal(), as_of.toordinal()
    if inclusion is not DayInclusion.FIRST_IN_LAST_OUT:
        end += 1
    if inclusion is DayInclusion.FIRST_OUT_LAST_IN:
        first += 1
    return first, end


def united(suspensions: Iterable[Suspension]) -> list[Span]:
    """Suspensions as spans in order that neither meet nor touch."""
    spans: list[Span] = []
    for first, end in sorted((s.first.toordinal(), s.last.toordinal() + 1) for s in suspensions):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((first, end))
    return spans


def free_spans(first: int, end: int, suspended: list[Span]) -> Iterator[Span]:
    """What the united suspensions leave of a span."""
    for off, on in suspended[max(bisect_right(suspended, (first,)) - 1, 0) :]:
        if off >= end:
            break
        if first < off:
            yield first, off
        first = max(first, on)
    if first < end:
        yield first, end


def counted_days(first: int, end: int, day_count: DayCount) -> int:
    """The days that a span counts: as the calendar has them, or months of thirty days under 30E/360."""
    if day_count is not DayCount.THIRTY_360:
        return end - first
    a, b = date.fromordinal(first), date.fromordinal(end)
    return 360 * (b.year - a.year) + 30 * (b.month - a.month) + min(b.day, 30) - min(a.day, 30)


def basis_pieces(first: int, end: int, day_count: DayCount) -> Iterator[tuple[int, int, int]]:
    """A span cut where the days of the year change; each piece with its year basis."""
    if day_count is not DayCount.ACTUAL_ACTUAL:
        yield first, end, 365 if day_count is DayCount.ACTUAL_365 else 360
        return
    while first < end:
        year = date.fromordinal(first).year
        leap = isleap(year)
        while isleap(year) is leap:
            year += 1
        cut = min(end, date(year, 1, 1).toordinal() if year <= date.max.year else END_OF_TIME)
        yield first, cut, 366 if leap else 365
        first = cut
