from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.calendar.published import published_calendar
from shared.reference.calendars import seed_calendar, working_calendar
from shared.reference.importing import import_list
from shared.reference.lookup import entry, entry_by_longest_prefix, find_entry, members, parameter, rows_of
from shared.reference.refusals import EntryUnknown
from shared.reference.sampling import SAMPLES, import_samples, sample
from shared.reference.tables import reference_list_entry, reference_parameter
from shared.values.identifiers import is_bin
from tests.shared.reference.conftest import LAST, LATER, NOON, goods, taken

OVERRIDE = "day,effective_from,effective_to,kind,name,source"


async def test_without_seeded_days_there_is_no_calendar(session: AsyncSession) -> None:
    with pytest.raises(EntryUnknown, match="holidays"):
        await working_calendar(session)


async def test_the_seeded_calendar_is_the_packages(session: AsyncSession) -> None:
    await seed_calendar(session, at=NOON, installation=True)
    calendar = await working_calendar(session)
    assert calendar == published_calendar()
    assert calendar.version == published_calendar().version
    again = await seed_calendar(session, at=LATER)
    assert (again.added, again.corrected) == (0, 0)


async def test_a_decree_makes_a_new_version_and_the_old_one_is_still_known(session: AsyncSession) -> None:
    await seed_calendar(session, at=NOON, years=(2026, 2027))
    before = await working_calendar(session)
    decree = goods(
        "2026-12-18,2026-12-18,2026-12-18,day-off,In place of Saturday the 26th,decree",
        "2026-12-26,2026-12-26,2026-12-26,working,In place of Friday the 18th,decree",
        "2026-12-16,2026-12-16,2026-12-16,working,No holiday after all,decree",
        header=OVERRIDE,
    )
    await taken(session, "holiday-overrides", decree, at=LATER)
    after = await working_calendar(session)
    assert [before.is_working_day(date(2026, 12, n)) for n in (16, 18, 26)] == [False, True, False]
    assert [after.is_working_day(date(2026, 12, n)) for n in (16, 18, 26)] == [True, False, True]
    assert after.version != before.version
    assert await working_calendar(session, LATER - timedelta(seconds=1)) == before


async def test_a_day_that_the_package_no_longer_names_is_withdrawn(session: AsyncSession) -> None:
    await seed_calendar(session, at=NOON, years=(2026, 2026))
    stale = goods("2026-05-28,2026-05-28,2026-05-28,day-off,Eid al-Adha (estimated),old package", header=OVERRIDE)
    await taken(session, "holidays", stale)
    assert not (await working_calendar(session)).is_working_day(date(2026, 5, 28))
    await seed_calendar(session, at=LATER, years=(2026, 2026))
    assert (await working_calendar(session)).is_working_day(date(2026, 5, 28))
    assert not (await working_calendar(session, NOON)).is_working_day(date(2026, 5, 28))


@pytest.mark.parametrize("name", SAMPLES)
async def test_each_sample_is_without_errors_and_says_what_it_is(session: AsyncSession, name: str) -> None:
    report = await import_list(session, SAMPLES[name], sample(name), at=NOON, installation=True)
    assert report.errors == []
    assert report.added == report.rows > 0
    for table in (reference_list_entry, reference_parameter):
        for row in await rows_of(session, select(table)):
            assert row["mark"] != "unmarked"
            assert row["second_confirmed_by"] is None


async def test_the_samples_are_enough_for_a_first_run(session: AsyncSession) -> None:
    reports = await import_samples(session, at=LAST)
    assert all(report.added for report in reports)
    assert all(report.import_id is None for report in await import_samples(session, at=LAST))
    assert (await parameter(session, "mci", date(2026, 6, 30))).whole == 4325
    assert (await parameter(session, "grants.ceiling", date(2024, 11, 1))).limit is None
    assert (await parameter(session, "grants.term.correction", date(2024, 11, 1))).whole == 7
    goods_of_2024 = await entry_by_longest_prefix(session, "priority-goods", "8413702100", date(2024, 11, 1))
    assert goods_of_2024 is not None
    assert goods_of_2024.attributes["processing"] == "high"
    calendar = await working_calendar(session)
    assert calendar.is_working_day(date(2026, 8, 31))
    assert not calendar.is_working_day(date(2026, 10, 26))
    producers = await members(session, "producers", date(2025, 11, 3))
    assert len(producers) == 8
    assert all(is_bin(each.key) and each.attributes["name"].startswith("Sample producer") for each in producers)
    assert len(await members(session, "producers", date(2026, 4, 1))) == 7, "one was removed on 31 March 2026"


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2024-11-01", "not-in-force"),
        ("2025-05-30", "not-in-force"),
        ("2025-05-31", "unknown"),
        ("2025-07-19", "unknown"),
        ("2025-07-20", "in-force"),
        ("2026-11-01", "in-force"),
    ],
)
async def test_the_fourth_condition_is_dated(session: AsyncSession, on: str, status: str) -> None:
    await taken(session, "support-conditions", sample("support-conditions"))
    fourth = await entry(session, "support-conditions", "25(5)(4)", date.fromisoformat(on))
    assert fourth.attributes["status"] == status
    assert fourth.mark == "assumed"
    assert await find_entry(session, "support-conditions", "25(5)(1)", date.fromisoformat(on)) is not None
