"""The working calendar of a database: the seeded days of the package, corrected by the overrides of decrees."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import RowMapping, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.calendar.published import FIRST_YEAR, LAST_YEAR, published_days
from shared.calendar.working_days import DayKind, ExceptionalDay, WorkingCalendar, calendar_of
from shared.reference.cells import CellError
from shared.reference.confirming import withdraw
from shared.reference.importing import ImportReport, import_list
from shared.reference.lists import HOLIDAY_OVERRIDES, HOLIDAYS
from shared.reference.lookup import known_then, list_is_loaded, rows_of
from shared.reference.refusals import EntryUnknown, ListFileRefused
from shared.reference.tables import reference_list_entry as entries


async def working_calendar(session: AsyncSession, known_at: datetime | None = None) -> WorkingCalendar:
    """The calendar as known at the instant, for the years of the seeded days; raises `EntryUnknown` without any."""
    names = (HOLIDAYS.name, HOLIDAY_OVERRIDES.name)
    statement = select(entries.c.list_name, entries.c.key, entries.c.attributes, entries.c.source)
    statement = statement.where(entries.c.list_name.in_(names), known_then(entries, known_at))
    days: dict[str, list[ExceptionalDay]] = {name: [] for name in names}
    for row in await rows_of(session, statement):
        kind, name = DayKind(row["attributes"]["kind"]), row["attributes"]["name"]
        days[row["list_name"]].append(ExceptionalDay(date.fromisoformat(row["key"]), kind, name, row["source"]))
    seeded = days[HOLIDAYS.name]
    if not seeded:
        raise EntryUnknown(list_name=HOLIDAYS.name, key="any day", on=known_at or "now")
    first, last = min(day.day.year for day in seeded), max(day.day.year for day in seeded)
    return calendar_of(date(first, 1, 1), date(last, 12, 31), seeded, days[HOLIDAY_OVERRIDES.name])


async def seed_calendar(
    session: AsyncSession,
    *,
    at: datetime,
    by: str | None = None,
    installation: bool = False,
    years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR),
) -> ImportReport:
    """Take the days of the `holidays` package into the list `holidays`; again after an upgrade of the package.

    A day of these years that the package no longer names is withdrawn, unless two people have verified it: then nothing
    is taken (`ListFileRefused`). Years may be added at either end, not left out between: every year in the list counts
    as covered. With `installation` the days are known since the first year began (assumed: the decrees' own days are
    not known here), where none was known before.
    """
    installation = installation and not await list_is_loaded(session, HOLIDAYS.name)
    days = published_days(*years)
    known_on = date(years[0], 1, 1) if installation else None
    file = calendar_file(days, known_on)
    gone = await _no_longer_named(session, {day.day.isoformat() for day in days}, years)
    report = await import_list(session, HOLIDAYS.name, file, at=at, by=by, installation=installation)
    report.require_accepted()
    for row in gone:
        await withdraw(session, row["id"], at=at)
    return report


async def _no_longer_named(session: AsyncSession, named: set[str], years: tuple[int, int]) -> list[RowMapping]:
    """The rows of these years that the package does not name; raises `ListFileRefused` where one is verified."""
    statement = select(entries.c.id, entries.c.key, entries.c.second_confirmed_by).where(
        entries.c.list_name == HOLIDAYS.name,
        entries.c.effective_from.between(date(years[0], 1, 1), date(years[1], 12, 31)),
        known_then(entries, None),
    )
    gone = [row for row in await rows_of(session, statement) if row["key"] not in named]
    confirmed = [row["key"] for row in gone if row["second_confirmed_by"] is not None]
    if confirmed:
        wanted = "a withdrawal by two people"
        wrong = [CellError(0, "day", f'"{day}"', wanted) for day in confirmed]
        raise ListFileRefused(wrong, list_name=HOLIDAYS.name)
    return gone


def calendar_file(days: Iterable[ExceptionalDay], known_on: date | None = None) -> bytes:
    """These days as a file for the list `holidays`: each holds on its own day only."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["day", "effective_from", "effective_to", "kind", "name", "mark", "source", "known_from"])
    for day in days:
        own = (day.day, day.day, day.day, day.kind.value, day.name, "practice", day.source)
        writer.writerow([*own, known_on or ""])
    return written.getvalue().encode()
