"""What two people have verified gives way only to two: no file of one officer takes its place."""

from datetime import date, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.reference.calendars import seed_calendar
from shared.reference.confirming import approve_withdrawal, confirm, propose_withdrawal
from shared.reference.importing import ImportReport, import_list
from shared.reference.lookup import entry, find_entry, members_of_case, parameter, parameter_history, parameter_of_case
from shared.reference.refusals import ListFileRefused
from shared.reference.rows import Entry, Parameter
from shared.reference.rules import value_on, waits
from tests.shared.reference.conftest import LAST, LATER, NOON, goods, parameters, taken

ON = date(2025, 6, 1)
QUORUM = "quorum,2022-01-01,3,count,order"


async def verified(session: AsyncSession, row: Entry | Parameter) -> Entry | Parameter:
    await confirm(session, row.id, by="officer-1", at=NOON)
    return await confirm(session, row.id, by="officer-2", at=NOON)


async def corrected(session: AsyncSession, line: str, person: str | None) -> ImportReport:
    return await import_list(session, "parameters", parameters(line), at=LATER, by=person or "cli", person=person)


async def a_verified_quorum(session: AsyncSession) -> Parameter:
    await taken(session, "parameters", parameters(QUORUM))
    found = await verified(session, await parameter(session, "quorum", ON))
    assert isinstance(found, Parameter)
    return found


async def test_a_file_does_not_take_the_place_of_a_verified_value(session: AsyncSession) -> None:
    await a_verified_quorum(session)
    for person in ("importer", "officer-1", None):
        report = await corrected(session, QUORUM.replace(",3,", ",1,"), person)
        assert [error.column for error in report.errors] == ["effective_from"]
        assert "two people have confirmed" in report.errors[0].found
    assert (await parameter(session, "quorum", ON)).whole == 3


async def test_who_proposes_the_withdrawal_does_not_bring_the_correction_but_another_does(
    session: AsyncSession,
) -> None:
    row = await a_verified_quorum(session)
    await propose_withdrawal(session, row.id, "A slip.", by="officer-1", at=LATER, revision=row.revision)
    line = QUORUM.replace(",3,", ",4,")
    assert not (await corrected(session, line, "officer-1")).accepted
    assert not (await corrected(session, line, None)).accepted, "the command line is nobody whom a token names"
    assert (await corrected(session, line, "officer-2")).corrected == 1
    gone = next(each for each in await parameter_history(session, "quorum") if each.id == row.id)
    assert (gone.withdrawal_proposed_by, gone.withdrawn_by, gone.known_to) == ("officer-1", "officer-2", LATER)
    found = await parameter(session, "quorum", ON)
    assert (found.whole, found.verified) == (4, False)


async def test_an_unverified_row_is_corrected_as_before_and_withdraws_nothing(session: AsyncSession) -> None:
    await taken(session, "parameters", parameters(QUORUM))
    assert (await corrected(session, QUORUM.replace(",3,", ",4,"), "importer")).corrected == 1
    assert [each.withdrawn_by for each in await parameter_history(session, "quorum")] == [None, None]


async def test_a_value_that_comes_in_behind_a_verified_one_waits_until_it_is_verified_too(
    session: AsyncSession,
) -> None:
    await a_verified_quorum(session)
    for day in ("2025-01-01", "2030-01-01"):
        report = await corrected(session, f"quorum,{day},1,count,order", "importer")
        assert (report.added, report.waiting) == (1, 1)
    assert (await parameter(session, "quorum", ON)).whole == 3
    assert (await parameter(session, "quorum", date(2030, 6, 1))).whole == 3
    history = await parameter_history(session, "quorum")
    assert [waits(each, history) for each in history] == [False, True, True]
    assert value_on("quorum", history, ON).whole == 3
    await confirm(session, history[1].id, by="officer-1", at=LATER)
    assert (await parameter(session, "quorum", ON)).whole == 3, "one is not two"
    await confirm(session, history[1].id, by="officer-2", at=LAST)
    assert (await parameter(session, "quorum", ON)).whole == 1
    before = LAST - timedelta(seconds=1)
    assert (await parameter(session, "quorum", ON, before)).whole == 3, "what was answered stays the answer"
    assert value_on("quorum", await parameter_history(session, "quorum"), ON).whole == 1


async def test_a_value_that_was_there_before_the_verification_is_not_put_back_by_it(session: AsyncSession) -> None:
    await taken(session, "parameters", parameters(QUORUM, "quorum,2025-01-01,5,count,order"))
    await confirm(session, (await parameter(session, "quorum", date(2023, 1, 1))).id, by="officer-1", at=LATER)
    await confirm(session, (await parameter(session, "quorum", date(2023, 1, 1))).id, by="officer-2", at=LATER)
    assert (await parameter(session, "quorum", ON)).whole == 5


async def test_where_the_verified_value_is_withdrawn_what_waited_behind_it_holds(session: AsyncSession) -> None:
    row = await a_verified_quorum(session)
    await corrected(session, "quorum,2025-01-01,2,count,order", "importer")
    await propose_withdrawal(session, row.id, "A slip.", by="officer-1", at=LATER, revision=row.revision)
    await approve_withdrawal(session, row.id, by="officer-2", at=LAST, revision=row.revision + 1)
    assert (await parameter(session, "quorum", ON)).whole == 2


async def test_a_verified_entry_of_a_list_is_ended_by_two(session: AsyncSession) -> None:
    await taken(session, "priority-goods", goods("84,2022-01-01,,A,high,order"))
    row = await verified(session, await entry(session, "priority-goods", "84", ON))
    ended = goods("84,2022-01-01,2024-12-31,A,high,order", "8471,2025-01-01,,B,high,order")
    report = await import_list(session, "priority-goods", ended, at=LATER, by="officer-3", person="officer-3")
    assert [error.line for error in report.errors] == [2]
    assert await find_entry(session, "priority-goods", "8471", ON) is None, "taken whole or not at all"
    await propose_withdrawal(session, row.id, "It ended.", by="officer-1", at=LATER, revision=row.revision)
    await taken(session, "priority-goods", ended, at=LAST, by="officer-3", person="officer-3")
    assert await find_entry(session, "priority-goods", "84", ON) is None


async def test_a_new_calendar_of_the_package_withdraws_no_day_that_two_have_verified(session: AsyncSession) -> None:
    await taken(session, "holidays", goods("2026-09-14,2026-09-14,2026-09-14,day-off,made up,test", header=HOLIDAY))
    row = await verified(session, await entry(session, "holidays", "2026-09-14", date(2026, 9, 14)))
    with pytest.raises(ListFileRefused, match="2026-09-14"):
        await seed_calendar(session, at=LATER)
    assert await find_entry(session, "holidays", row.key, date(2026, 9, 14)) is not None  # type: ignore[union-attr]


HOLIDAY = "day,effective_from,effective_to,kind,name,source"


async def test_a_case_goes_by_what_was_known_when_it_began(session: AsyncSession) -> None:
    await taken(session, "parameters", parameters("experts,2022-01-01,2,count,order"))
    await taken(
        session, "grant-eligible-costs", goods("pump,2022-01-01,Pumps,order", header="cost,effective_from,name,source")
    )
    later = parameters("experts,2022-01-01,1,count,order", "share,2022-01-01,50,percent,order")
    await taken(session, "parameters", later, at=LATER)
    more = goods("yacht,2022-01-01,Yachts,order", header="cost,effective_from,name,source")
    await taken(session, "grant-eligible-costs", more, at=LATER)
    assert (await parameter_of_case(session, "experts", ON, NOON)).whole == 2
    assert (await parameter_of_case(session, "experts", ON, LATER)).whole == 1
    assert (await parameter_of_case(session, "experts", ON, None)).whole == 1
    assert (await parameter_of_case(session, "share", ON, NOON)).whole == 50, (
        "nothing was known then, so nothing changes"
    )
    assert [each.key for each in await members_of_case(session, "grant-eligible-costs", ON, NOON)] == ["pump"]
    assert len(await members_of_case(session, "grant-eligible-costs", ON, None)) == 2
    assert len(await members_of_case(session, "grant-eligible-costs", ON, NOON - timedelta(days=1))) == 2
