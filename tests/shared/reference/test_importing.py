import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.calendar.local_days import day_begins
from shared.database.engine import Database
from shared.reference.cells import MAX_BYTES, MAX_ERRORS, MAX_ROWS
from shared.reference.importing import import_list, share_reference
from shared.reference.lookup import entry, members, parameter
from shared.reference.refusals import KnownLater, ListFileRefused, ListUnknown
from shared.reference.tables import reference_import, reference_list_entry, reference_parameter
from tests.shared.reference.conftest import LATER, NOON, goods, parameters, taken
from tests.shared.values.numbers import a_bin, with_a_wrong_digit


async def rows(session: AsyncSession) -> list[int]:
    connection = await session.connection()
    tables = (reference_import, reference_list_entry, reference_parameter)
    return [(await connection.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]


async def errors_of(session: AsyncSession, list_name: str, content: bytes, **more: Any) -> list[tuple[int, str, str]]:
    report = await import_list(session, list_name, content, **{"at": NOON, **more})
    assert await rows(session) == [0, 0, 0], "a refused file leaves nothing"
    assert report.import_id is None
    assert not report.accepted
    for error in report.errors:
        assert error.found
        assert error.wanted
        assert str(error).isascii()
    return [(error.line, error.column, error.found) for error in report.errors]


async def test_every_wrong_cell_is_named_and_nothing_is_taken(session: AsyncSession) -> None:
    content = goods(
        "8471,2022-01-01,,Computers,medium,order",
        "847,2022-02-30,,  ,middling,",
        "٨٤٧١,2022-01-01,2021-12-31,Good,high,order",
        "8413,2022-01-01,too,many,cells,for,this",
        "",
        "8418,2022-01-01,2021-12-31,Good,high,order",
    )
    found = await errors_of(session, "priority-goods", content)
    assert [each[:2] for each in found] == [
        (3, "fea_cn"),
        (3, "effective_from"),
        (3, "name"),
        (3, "processing"),
        (3, "source"),
        (4, "fea_cn"),
        (4, "effective_to"),
        (5, ""),
        (7, "effective_to"),
    ]
    assert found[0][2] == '"847"'
    assert found[3][2] == '"middling"'


async def test_a_quoted_cell_over_lines_keeps_the_line_numbers_right(session: AsyncSession) -> None:
    content = goods('84,2022-01-01,,"two\nlines",high,order', "841,2022-01-01,,Pumps,high,order")
    assert [each[:2] for each in await errors_of(session, "priority-goods", content)] == [(2, "name"), (4, "fea_cn")]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"", 1, ""),
        (b"\xff\xfe\x00", 1, ""),
        (b"fea_cn,effective_from\n\xe4", 2, ""),
        (goods("84,2022-01-01,,A\x00B,high,order"), 2, ""),
        (goods('84,2022-01-01,,"open,high,order'), 2, ""),
        (goods('84,2022-01-01,,"a"b,high,order'), 2, ""),
        (goods("84", header="fea_cn"), 1, "effective_from"),
        (goods(header="fea_cn,effective_from,name,processing,source,colour"), 1, "colour"),
        (goods(header="fea_cn,fea_cn,effective_from,name,processing,source"), 1, "fea_cn"),
        (
            goods(header="fea_cn;effective_from;name;processing;source"),
            1,
            "fea_cn;effective_from;name;processing",
        ),
        (b"x" * (MAX_BYTES + 1), 0, ""),
        (goods("84,2022-01-01,," + "x" * 200_000 + ",high,order"), 2, ""),
        (goods("84,2022-01-01,," + "x" * 2_000 + ",high,order"), 2, "name"),
        (goods(*["x"] * (MAX_ERRORS + 5)), 2, ""),
    ],
    ids=range(14),
)
async def test_a_broken_file_is_refused_with_the_place(
    session: AsyncSession, content: bytes, line: int, column: str
) -> None:
    found = await errors_of(session, "priority-goods", content)
    assert len(found) <= MAX_ERRORS
    assert found[0][0] == line
    assert found[0][1].startswith(column[:40])


async def test_a_file_has_a_highest_number_of_rows(session: AsyncSession) -> None:
    lines = [f"p{n},2022-01-01,1,count,order" for n in range(MAX_ROWS + 2)]
    assert await errors_of(session, "parameters", parameters(*lines)) == [(MAX_ROWS + 2, "", "more rows")]


async def test_two_rows_of_one_key_may_not_hold_on_one_day(session: AsyncSession) -> None:
    content = goods(
        "8471,2025-01-01,,B,high,order",
        "8471,2022-01-01,,A,high,order",
        "8413,2022-01-01,,A,high,order",
        "8413,2022-01-01,,A,high,order",
    )
    found = await errors_of(session, "priority-goods", content)
    assert found == [
        (5, "effective_from", '"2022-01-01" as in line 4'),
        (2, "effective_from", '"2025-01-01" while line 3 still holds'),
    ]


async def test_a_row_may_not_overlap_what_is_known(session: AsyncSession) -> None:
    await taken(session, "priority-goods", goods("8471,2022-01-01,,A,high,order"))
    before = await rows(session)
    for line in ("8471,2025-01-01,,B,high,order", "8471,2020-01-01,2022-01-01,B,high,order"):
        report = await import_list(session, "priority-goods", goods(line), at=LATER)
        assert "while the known row of 2022-01-01 still holds" in report.errors[0].found
    assert await rows(session) == before
    both = goods("8471,2022-01-01,2024-12-31,A,high,order", "8471,2025-01-01,,B,high,order")
    report = await taken(session, "priority-goods", both, at=LATER)
    assert (report.added, report.corrected) == (1, 1)
    assert (await entry(session, "priority-goods", "8471", date(2025, 1, 1))).attributes["name"] == "B"
    assert (await entry(session, "priority-goods", "8471", date(2025, 1, 1), NOON)).attributes["name"] == "A"


async def test_the_same_file_again_changes_nothing(session: AsyncSession) -> None:
    content = goods("84,2022-01-01,,A,high,order", "8471,2022-01-01,2023-01-01,B,high,order")
    first = await taken(session, "priority-goods", content, by="officer-1")
    before = await rows(session)
    again = await taken(session, "priority-goods", content, at=LATER, by="officer-2")
    assert (first.rows, first.added, again.added, again.corrected, again.unchanged) == (2, 2, 0, 0, 2)
    assert again.import_id is None
    assert await rows(session) == before
    spaced = content.replace(b",A,", b", A ,") + b"\r\n\r\n"
    assert (await taken(session, "priority-goods", b"\xef\xbb\xbf" + spaced)).unchanged == 2


async def test_every_row_arrives_unverified_whatever_the_file_says(session: AsyncSession) -> None:
    header = "fea_cn,effective_from,name,processing,source,verified,mark"
    await taken(session, "priority-goods", goods("84,2022-01-01,A,high,order,true,law", header=header), by="officer-1")
    found = await entry(session, "priority-goods", "84", date(2022, 1, 1))
    assert (found.verified, found.mark, found.imported_by, found.first_confirmed_by) == (
        False,
        "law",
        "officer-1",
        None,
    )


async def test_a_formula_is_text_like_any_other(session: AsyncSession) -> None:
    formula = "=cmd|'/c calc'!A0"
    await taken(session, "priority-goods", goods(f"84,2022-01-01,,{formula},high,+order"))
    found = await entry(session, "priority-goods", "84", date(2022, 1, 1))
    assert (found.attributes["name"], found.source) == (formula, "+order")


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("١٢٣", "KZT"),
        ("1_000", "KZT"),
        ("-5", "KZT"),
        ("1e5", "KZT"),
        ("NaN", "KZT"),
        ("1.234", "KZT"),
        ("1,000.00", "KZT"),
        ("7.5", "working day"),
        ("none", "working day"),
        ("+7", "working day"),
        ("50%", "percent"),
        ("2025-02-29", "day"),
        ("Two Words", "choice"),
        ("x", "bushel"),
        ("", "text"),
    ],
)
async def test_a_parameter_is_written_as_its_unit_asks(session: AsyncSession, value: str, unit: str) -> None:
    found = await errors_of(session, "parameters", parameters(f'p,2025-01-01,"{value}",{unit},order'))
    assert found[0][0] == 2
    assert found[0][1] in ("value", "unit")


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("100.50", "KZT"),
        ("none", "KZT"),
        ("7", "working day"),
        ("12.5", "percent"),
        ("2025-02-28", "day"),
        ("a b", "choices"),
    ],
)
async def test_a_parameter_that_fits_its_unit_is_taken(session: AsyncSession, value: str, unit: str) -> None:
    await taken(session, "parameters", parameters(f"p,2025-01-01,{value},{unit},order"))
    assert (await parameter(session, "p", date(2025, 1, 1))).value == value


async def test_a_producers_number_is_checked_and_never_repeated(session: AsyncSession) -> None:
    number = with_a_wrong_digit(a_bin(3))
    header = "number,effective_from,name,source"
    content = goods(f"{number},2025-09-01,Sample,register", f"{number}7,2025-09-01,Sample,register", header=header)
    report = await import_list(session, "producers", content, at=NOON)
    assert [error.line for error in report.errors] == [2, 3]
    assert number not in str(report)


async def test_an_installation_may_tell_since_when_a_row_was_known(session: AsyncSession) -> None:
    header = "name,effective_from,value,unit,source,known_from"
    content = goods("p,2025-01-01,1,count,order,2024-12-20", "q,2025-02-01,1,count,order,", header=header)
    assert await errors_of(session, "parameters", content) == [(2, "known_from", '"2024-12-20"')]
    await taken(session, "parameters", content, installation=True)
    assert (await parameter(session, "p", date(2025, 1, 1))).known_from == day_begins(date(2024, 12, 20))
    assert (await parameter(session, "q", date(2025, 2, 1))).known_from == day_begins(date(2025, 2, 1))
    corrected = content.replace(b",1,", b",2,")
    report = await taken(session, "parameters", corrected, installation=True, at=LATER)
    assert (report.corrected, report.unchanged) == (0, 2), "an installation corrects nothing"
    assert (await parameter(session, "p", date(2025, 1, 1))).value == "1"
    corrected = corrected.replace(b"2024-12-20", b"")
    await taken(session, "parameters", corrected, at=LATER)
    assert (await parameter(session, "p", date(2025, 1, 1))).known_from == LATER, "history is not rewritten"


async def test_what_is_in_force_only_later_is_not_known_later_than_its_import(session: AsyncSession) -> None:
    await taken(session, "parameters", parameters("p,2030-01-01,1,count,order"), installation=True)
    assert (await parameter(session, "p", date(2030, 1, 1))).known_from == NOON


async def test_a_clock_that_went_back_corrects_nothing(session: AsyncSession) -> None:
    await taken(session, "parameters", parameters("p,2025-01-01,1,count,order"))
    with pytest.raises(KnownLater):
        earlier = NOON - timedelta(seconds=1)
        await import_list(session, "parameters", parameters("p,2025-01-01,2,count,order"), at=earlier)


async def test_two_corrections_in_one_instant_leave_the_last_one(session: AsyncSession) -> None:
    for value in (1, 2, 3):
        await taken(session, "parameters", parameters(f"p,2025-01-01,{value},count,order"))
    assert (await parameter(session, "p", date(2025, 1, 1), NOON)).whole == 3


async def test_an_unknown_list_is_refused_by_name(session: AsyncSession) -> None:
    with pytest.raises(ListUnknown, match="There is no list colours; known are grant-applicant-criteria"):
        await import_list(session, "colours", b"", at=NOON)


async def test_a_report_with_errors_becomes_a_refusal(session: AsyncSession) -> None:
    report = await import_list(session, "priority-goods", goods("8,2022-01-01,,A,high,order"), at=NOON)
    with pytest.raises(
        ListFileRefused, match=r"has 1 errors; nothing of it was taken\. The first: Line 2, column fea_cn"
    ):
        report.require_accepted()


async def test_two_imports_at_once_come_one_after_the_other(reference: Database) -> None:
    async def take(name: str) -> int:
        async with reference.sessions() as session, session.begin():
            content = goods("84,2022-01-01,,A,high,order", f"{name},2022-01-01,,B,high,order")
            return (await import_list(session, "priority-goods", content, at=NOON)).added

    assert sorted(await asyncio.gather(take("8471"), take("8413"))) == [1, 2]
    async with reference.sessions() as session:
        assert len(await members(session, "priority-goods", date(2022, 1, 1))) == 3


async def test_an_import_waits_for_an_answer_that_is_being_kept(reference: Database) -> None:
    async with reference.sessions() as reader, reader.begin():
        await share_reference(reader)
        async with reference.sessions() as writer:
            importing = asyncio.create_task(
                import_list(writer, "parameters", parameters("p,2025-01-01,1,count,order"), at=datetime.now(UTC))
            )
            await asyncio.sleep(0.2)
            assert not importing.done()
            await reader.commit()
            assert (await importing).added == 1
            await writer.rollback()
