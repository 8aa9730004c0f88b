from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.reference.lookup import (
    entry,
    entry_by_longest_prefix,
    entry_history,
    find_entry,
    list_is_loaded,
    members,
    parameter,
    parameter_history,
    parameters_on,
    reference_row,
)
from shared.reference.refusals import EntryUnknown, ParameterUnknown, ReferenceRowNotFound
from tests.shared.reference.conftest import LATER, NOON, goods, parameters, taken

MCI = parameters(
    "mci,2024-01-01,3692,KZT,press",
    "mci,2025-01-01,3932,KZT,press",
    "mci,2026-01-01,4325,KZT,press",
    "ceiling,2025-01-01,none,KZT,an order",
    "term,2025-01-01,7,working day,an order",
)


@pytest.mark.parametrize(
    ("on", "value"), [("2024-01-01", 3692), ("2024-12-31", 3692), ("2025-01-01", 3932), ("2030-06-01", 4325)]
)
async def test_a_parameter_is_the_one_in_force_on_the_day(session: AsyncSession, on: str, value: int) -> None:
    await taken(session, "parameters", MCI)
    found = await parameter(session, "mci", date.fromisoformat(on))
    assert (found.number, found.unit, found.source, found.verified) == (Decimal(value), "KZT", "press", False)
    assert await reference_row(session, found.id) == found


async def test_a_parameter_that_is_not_known_is_refused_and_never_guessed(session: AsyncSession) -> None:
    await taken(session, "parameters", MCI)
    with pytest.raises(ParameterUnknown, match="No value of mci is known for 2023-12-31"):
        await parameter(session, "mci", date(2023, 12, 31))
    with pytest.raises(ParameterUnknown, match="No value of fee is known"):
        await parameter(session, "fee", date(2026, 1, 1))


async def test_a_value_is_read_by_its_kind(session: AsyncSession) -> None:
    await taken(session, "parameters", MCI)
    found = await parameters_on(session, ["ceiling", "term", "mci", "fee"], date(2025, 5, 1))
    assert set(found) == {"ceiling", "term", "mci"}
    assert found["ceiling"].limit is None
    assert found["mci"].limit == Decimal(3932)
    assert found["term"].whole == 7
    with pytest.raises(ValueError, match="no number"):
        _ = found["ceiling"].number


async def test_a_corrected_value_still_answers_as_it_was_known(session: AsyncSession) -> None:
    await taken(session, "parameters", MCI)
    first = await parameter(session, "mci", date(2026, 6, 1))
    report = await taken(session, "parameters", parameters("mci,2026-01-01,4400,KZT,an act"), at=LATER)
    assert (report.added, report.corrected, report.unchanged) == (0, 1, 0)

    now = await parameter(session, "mci", date(2026, 6, 1))
    assert (now.value, now.known_from) == ("4400", LATER)
    just_before = await parameter(session, "mci", date(2026, 6, 1), LATER - timedelta(microseconds=1))
    assert (just_before.id, just_before.value) == (first.id, "4325")
    assert (await parameter(session, "mci", date(2026, 6, 1), LATER)).id == now.id
    with pytest.raises(ParameterUnknown):
        await parameter(session, "mci", date(2026, 6, 1), NOON - timedelta(microseconds=1))
    assert [each.value for each in await parameter_history(session, "mci")] == ["3692", "3932", "4325", "4400"]


GOODS = goods(
    "84,2022-01-01,,Machines,medium,order",
    "8471,2022-01-01,2024-12-31,Computers,medium,order",
    "847130,2023-01-01,,Portable computers,high,order",
    "8471,2025-07-01,,Computers again,high,order",
)


@pytest.mark.parametrize(
    ("code", "on", "key"),
    [
        ("8471300000", "2024-06-01", "847130"),
        ("8471300000", "2022-06-01", "8471"),
        ("8471490000", "2024-12-31", "8471"),
        ("8471490000", "2025-01-01", "84"),
        ("8471490000", "2025-07-01", "8471"),
        ("84", "2025-07-01", "84"),
        ("8413", "2025-07-01", "84"),
        ("8513", "2025-07-01", None),
        ("8471300000", "2021-12-31", None),
    ],
)
async def test_goods_are_matched_by_the_longest_heading_in_force(
    session: AsyncSession, code: str, on: str, key: str | None
) -> None:
    await taken(session, "priority-goods", GOODS)
    found = await entry_by_longest_prefix(session, "priority-goods", code, date.fromisoformat(on))
    assert (found and found.key) == key


async def test_an_entry_holds_on_its_first_and_last_day(session: AsyncSession) -> None:
    await taken(session, "priority-goods", GOODS)
    holds = [
        await find_entry(session, "priority-goods", "8471", date.fromisoformat(day)) is not None
        for day in ("2021-12-31", "2022-01-01", "2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01")
    ]
    assert holds == [False, True, True, False, False, True]
    with pytest.raises(EntryUnknown, match="priority-goods has no entry 8471 on 2025-01-01"):
        await entry(session, "priority-goods", "8471", date(2025, 1, 1))
    found = await entry(session, "priority-goods", "847130", date(2025, 1, 1))
    assert found.attributes == {"name": "Portable computers", "processing": "high"}
    assert len(await entry_history(session, "priority-goods", "8471")) == 2


async def test_the_members_of_a_day_come_by_key_and_in_pages(session: AsyncSession) -> None:
    await taken(session, "priority-goods", GOODS)
    everybody = await members(session, "priority-goods", date(2025, 8, 1))
    assert [each.key for each in everybody] == ["84", "8471", "847130"]
    assert [e.key for e in await members(session, "priority-goods", date(2025, 8, 1), after="84", limit=1)] == ["8471"]
    assert await members(session, "producers", date(2025, 8, 1)) == []


async def test_a_list_that_was_never_loaded_is_told_from_one_that_lacks_the_key(session: AsyncSession) -> None:
    assert not await list_is_loaded(session, "priority-goods")
    await taken(session, "priority-goods", GOODS)
    assert await list_is_loaded(session, "priority-goods")
    assert not await list_is_loaded(session, "priority-goods", NOON - timedelta(seconds=1))


async def test_a_row_that_is_not_there_is_not_found(session: AsyncSession) -> None:
    report = await taken(session, "parameters", MCI)
    assert report.import_id is not None
    with pytest.raises(ReferenceRowNotFound):
        await reference_row(session, report.import_id)
