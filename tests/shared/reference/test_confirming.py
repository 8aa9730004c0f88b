from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.identity import new_id
from shared.reference.confirming import confirm, confirm_import, withdraw
from shared.reference.lookup import entry, find_entry, parameter
from shared.reference.refusals import ReferenceRowNotFound, ReferenceRowSuperseded
from shared.reference.tables import reference_list_entry, reference_parameter
from shared.two_people import AlreadyVerified, SecondPersonWanted
from tests.shared.reference.conftest import LAST, LATER, NOON, goods, parameters, taken

ON = date(2025, 6, 1)
FEES = parameters("fee,2025-01-01,5,percent,order", "term,2025-01-01,7,working day,order")


async def test_a_row_is_verified_by_two_people_neither_of_them_who_brought_it(session: AsyncSession) -> None:
    await taken(session, "parameters", FEES, by="importer")
    row = await parameter(session, "fee", ON)
    with pytest.raises(SecondPersonWanted):
        await confirm(session, row.id, by="importer", at=LATER)
    once = await confirm(session, row.id, by="officer-1", at=LATER)
    assert (once.verified, once.first_confirmed_by, once.first_confirmed_at) == (False, "officer-1", LATER)
    with pytest.raises(SecondPersonWanted):
        await confirm(session, row.id, by="officer-1", at=LATER)
    twice = await confirm(session, row.id, by="officer-2", at=LAST)
    assert (twice.verified, twice.second_confirmed_by, twice.second_confirmed_at) == (True, "officer-2", LAST)
    with pytest.raises(AlreadyVerified):
        await confirm(session, row.id, by="officer-3", at=LAST)
    assert not (await parameter(session, "fee", ON, LATER)).verified, "as known before the second word"
    assert (await parameter(session, "fee", ON, LAST)).verified


async def test_an_entry_is_confirmed_as_a_parameter_is(session: AsyncSession) -> None:
    await taken(session, "priority-goods", goods("84,2022-01-01,,A,high,order"))
    row = await entry(session, "priority-goods", "84", ON)
    await confirm(session, row.id, by="officer-1", at=LATER)
    assert (await confirm(session, row.id, by="officer-2", at=LATER)).verified


async def test_a_whole_import_is_confirmed_by_two(session: AsyncSession) -> None:
    report = await taken(session, "parameters", FEES, by="importer")
    assert report.import_id is not None
    fee = await parameter(session, "fee", ON)
    await confirm(session, fee.id, by="officer-2", at=LATER)
    first = await confirm_import(session, report.import_id, by="officer-1", at=LATER)
    assert (first.first, first.verified, first.left) == (1, 1, 0)
    with pytest.raises(SecondPersonWanted):
        await confirm_import(session, report.import_id, by="officer-1", at=LATER)
    with pytest.raises(SecondPersonWanted):
        await confirm_import(session, report.import_id, by="importer", at=LATER)
    second = await confirm_import(session, report.import_id, by="officer-2", at=LATER)
    assert (second.first, second.verified, second.left) == (0, 1, 1)
    with pytest.raises(AlreadyVerified):
        await confirm_import(session, report.import_id, by="officer-3", at=LATER)
    with pytest.raises(ReferenceRowNotFound):
        await confirm_import(session, new_id(), by="officer-3", at=LATER)


async def test_a_correction_starts_unverified_and_the_old_row_takes_no_more_words(session: AsyncSession) -> None:
    report = await taken(session, "parameters", FEES)
    term = await parameter(session, "term", ON)
    await confirm(session, term.id, by="officer-1", at=NOON)
    changed = parameters("fee,2025-01-01,6,percent,order", "term,2025-01-01,8,working day,order")
    await taken(session, "parameters", changed, at=LATER)
    assert (await parameter(session, "term", ON)).first_confirmed_by is None
    with pytest.raises(ReferenceRowSuperseded):
        await confirm(session, term.id, by="officer-2", at=LATER)
    assert report.import_id is not None
    with pytest.raises(ReferenceRowSuperseded):
        await confirm_import(session, report.import_id, by="officer-3", at=LATER)


async def test_a_mistaken_row_is_withdrawn_and_can_come_back(session: AsyncSession) -> None:
    await taken(session, "priority-goods", goods("84,2022-01-01,,A,high,order"))
    row = await entry(session, "priority-goods", "84", ON)
    withdrawn = await withdraw(session, row.id, at=LATER)
    assert withdrawn.known_to == LATER
    assert await find_entry(session, "priority-goods", "84", ON) is None
    assert await find_entry(session, "priority-goods", "84", ON, NOON) is not None
    with pytest.raises(ReferenceRowSuperseded):
        await withdraw(session, row.id, at=LATER)
    with pytest.raises(ReferenceRowNotFound):
        await withdraw(session, new_id(), at=LATER)
    await taken(session, "priority-goods", goods("84,2022-01-01,,A,high,order"), at=LAST, installation=True)
    assert await find_entry(session, "priority-goods", "84", ON) is None, "an installation undoes no withdrawal"
    await taken(session, "priority-goods", goods("84,2022-01-01,,A,high,order"), at=LAST)
    assert (await entry(session, "priority-goods", "84", ON)).known_from == LAST


async def a_parameter_row(session: AsyncSession, **change: Any) -> dict[str, Any]:
    report = await taken(session, "parameters", parameters("other,2025-01-01,5,percent,order"))
    row = {
        "id": new_id(),
        "name": "fee",
        "effective_from": date(2025, 1, 1),
        "value": "5",
        "unit": "percent",
        "mark": "assumed",
        "source": "order",
        "known_from": NOON,
        "import_id": report.import_id,
    }
    return row | change


BROKEN: list[tuple[dict[str, Any], str]] = [
    (
        {
            "first_confirmed_by": "a", "first_confirmed_at": NOON,
            "second_confirmed_by": "a", "second_confirmed_at": NOON,
        },
        "ck_reference_parameter_two_people_confirm",
    ),
    ({"second_confirmed_by": "a", "second_confirmed_at": NOON}, "ck_reference_parameter_two_people_confirm"),
    ({"first_confirmed_by": "a"}, "ck_reference_parameter_confirmations_whole"),
    (
        {"imported_by": "a", "first_confirmed_by": "a", "first_confirmed_at": NOON},
        "ck_reference_parameter_others_confirm",
    ),
    (
        {
            "imported_by": "b", "first_confirmed_by": "a", "first_confirmed_at": NOON,
            "second_confirmed_by": "b", "second_confirmed_at": NOON,
        },
        "ck_reference_parameter_others_confirm",
    ),
    ({"mark": "certain"}, "ck_reference_parameter_mark_known"),
    ({"source": ""}, "ck_reference_parameter_source_given"),
    ({"value": ""}, "ck_reference_parameter_value_given"),
    ({"name": "Fee "}, "ck_reference_parameter_name_shape"),
    ({"known_from": LATER, "known_to": NOON}, "ck_reference_parameter_known_period"),
    ({"name": "other"}, "ex_reference_parameter_one_for_a_day|ix_reference_parameter_current"),
    ({"name": "other", "known_to": LATER}, "ex_reference_parameter_one_for_a_day"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "constraint"), BROKEN, ids=[name for _, name in BROKEN])
async def test_the_database_itself_holds_the_rules(
    session: AsyncSession, change: dict[str, Any], constraint: str
) -> None:
    row = await a_parameter_row(session, **change)
    connection = await session.connection()
    with pytest.raises(IntegrityError, match=constraint):
        await connection.execute(insert(reference_parameter).values(**row))


async def test_the_database_takes_no_two_entries_for_one_day(session: AsyncSession) -> None:
    report = await taken(session, "priority-goods", goods("84,2022-01-01,2022-12-31,A,high,order"))
    row = {
        "id": new_id(), "list_name": "priority-goods", "key": "84", "effective_from": date(2022, 12, 31),
        "attributes": {}, "mark": "law", "source": "order", "known_from": LATER, "import_id": report.import_id,
    }  # fmt: skip
    connection = await session.connection()
    with pytest.raises(IntegrityError, match="ex_reference_list_entry_one_for_a_day"):
        async with connection.begin_nested():
            await connection.execute(insert(reference_list_entry).values(**row))
    await connection.execute(insert(reference_list_entry).values(**row | {"effective_from": date(2023, 1, 1)}))


@pytest.mark.parametrize(
    "change",
    [
        {"value": "6"},
        {"effective_from": date(2025, 1, 2)},
        {"source": "another"},
        {"known_from": LATER},
        {"mark": "law"},
    ],
    ids=str,
)
async def test_a_row_is_never_changed_in_place(session: AsyncSession, change: dict[str, Any]) -> None:
    await taken(session, "parameters", FEES)
    connection = await session.connection()
    with pytest.raises(DBAPIError, match="is corrected by a new one"):
        await connection.execute(update(reference_parameter).values(**change))


@pytest.mark.parametrize("statement", ["delete from reference_parameter", "truncate reference_parameter"])
async def test_a_row_is_never_deleted(session: AsyncSession, statement: str) -> None:
    await taken(session, "parameters", FEES)
    connection = await session.connection()
    with pytest.raises(DBAPIError, match="is never deleted"):
        await connection.execute(text(statement))


async def test_a_given_word_is_not_taken_back(session: AsyncSession) -> None:
    await taken(session, "parameters", FEES)
    row = await parameter(session, "fee", ON)
    await confirm(session, row.id, by="officer-1", at=LATER)
    connection = await session.connection()
    for words in (
        {"first_confirmed_by": "officer-9"},
        {"first_confirmed_by": None, "first_confirmed_at": None},
    ):
        with pytest.raises(DBAPIError, match="is set once"):
            async with connection.begin_nested():
                await connection.execute(
                    update(reference_parameter).where(reference_parameter.c.id == row.id).values(**words)
                )
