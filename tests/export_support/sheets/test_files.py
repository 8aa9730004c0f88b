"""Files of lines: whatever is wrong is named by sheet, row and column, and what is dangerous is never opened."""

from collections.abc import Mapping

import pytest

from export_support.lines.costs import AnyCost, read_cost
from export_support.sheets.layout import LABELS, columns_of
from export_support.sheets.parsing import read_costs
from export_support.sheets.reading import read_csv, read_xlsx
from export_support.sheets.refusals import SheetError
from export_support.sheets.writing import write_csv, write_xlsx
from tests.export_support.builders import OWN, a_document, a_line
from tests.export_support.sheets.books import SHEET, a_book, altered, rows_of, with_cells

HEADINGS: Mapping[str, frozenset[str]] = {name: frozenset({name, label.casefold()}) for name, label in LABELS.items()}


def read(content: bytes, category: str | None = None) -> tuple[list[AnyCost], list[SheetError]]:
    taken = HEADINGS.__getitem__
    rows, errors = read_xlsx(content, taken) if category is None else read_csv(content, category, taken)
    return ([] if errors else read_costs(rows, errors)), errors


def told(errors: list[SheetError]) -> list[tuple[str, int, str, str]]:
    return [(error.sheet, error.row, error.column, error.found) for error in errors]


@pytest.mark.parametrize("category", OWN)
def test_lines_of_each_category_come_back_as_they_went_out(category: str) -> None:
    line = a_line(category, document=a_document(supplier="=1+1 & <Söhne> «Ä»", number="-7"))
    for content, of in ((a_book(line), None), (write_csv(rows_of(line)), category)):
        costs, errors = read(content, of)
        assert (errors, costs) == ([], [read_cost(line)])


def test_headings_in_three_languages_may_stand_above_the_lines() -> None:
    head, cells = rows_of(a_line())
    assert read(write_xlsx({"goods-delivery": [head, [LABELS[name] for name in head], cells]}))[1] == []


def test_each_wrong_cell_is_named_by_sheet_row_and_column() -> None:
    head, cells = rows_of(a_line())
    row = dict(zip(head, cells, strict=True)) | {
        "amount": "12,5",
        "paid_on": "10.02.2025",
        "fea_cn": "84",
        "country": "",
    }
    costs, errors = read(write_xlsx({"goods-delivery": [head, cells, [row[name] for name in head]]}))
    assert costs
    assert {(error.row, error.column) for error in errors} == {
        (3, "amount"), (3, "paid_on"), (3, "fea_cn"), (3, "country"),
    }  # fmt: skip
    by_column = {error.column: error for error in errors}
    assert by_column["amount"].found == '"12,5"'
    assert by_column["country"].found == "nothing"
    assert "10.02.2025" in by_column["paid_on"].found


def test_a_day_that_is_only_a_number_is_refused_and_a_number_that_is_money_is_taken() -> None:
    book = a_book(a_line())
    amount, day = b'<is><t xml:space="preserve">10000.00</t></is>', b'<is><t xml:space="preserve">2025-02-10</t></is>'
    as_number = with_cells(book, [(b't="inlineStr">' + amount, b"><v>10000</v>")])
    costs, errors = read(as_number)
    assert (errors, costs[0].document.total) == ([], costs[0].amount)
    _, errors = read(with_cells(book, [(b't="inlineStr">' + day, b"><v>45698</v>")]))
    assert [(error.row, error.column, error.found) for error in errors] == [(2, "paid_on", "a number")]


BOOK = a_book(a_line())
MERGED = b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
FAR = b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
DANGEROUS = {
    "a formula": with_cells(BOOK, [(b"</is></c>", b"</is><f>1+1</f></c>")]),
    "merged cells": with_cells(BOOK, [(b"</sheetData>", MERGED)]),
    "macros": altered(BOOK, added={"xl/vbaProject.bin": b"x"}),
    "a cell far outside": with_cells(BOOK, [(b"</row></sheetData>", FAR)]),
    "a document type": with_cells(BOOK, [(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')]),
    "a package that unpacks too far": altered(BOOK, added={"xl/bomb.xml": bytes(101 * 1024 * 1024)}),
    "links or embedded files": altered(BOOK, added={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
    "a broken or locked file": b"PK\x03\x04 this is no package",
}


@pytest.mark.parametrize("what", DANGEROUS)
def test_a_dangerous_workbook_is_refused_by_name(what: str) -> None:
    costs, errors = read(DANGEROUS[what])
    assert costs == []
    assert [error.found for error in errors] == [what]


def test_two_sheets_of_one_name_are_refused() -> None:
    def twice(workbook: bytes) -> bytes:
        sheet = workbook[workbook.index(b"<sheet ") : workbook.index(b"</sheets>")]
        return workbook.replace(sheet, sheet + sheet.replace(b'sheetId="1"', b'sheetId="2"'))

    _, errors = read(altered(BOOK, {"xl/workbook.xml": twice}))
    assert told(errors) == [("goods-delivery", 0, "", "two sheets of one name")]


def test_a_part_that_says_it_is_smaller_than_it_is_does_not_get_through() -> None:
    place = BOOK.rindex(b"PK\x01\x02", 0, BOOK.rindex(SHEET.encode()))
    size = BOOK[place + 24 : place + 28]
    lying = BOOK[: place + 24] + (int.from_bytes(size, "little") - 5).to_bytes(4, "little") + BOOK[place + 28 :]
    assert [error.found for error in read(lying)[1]] == ["a broken or locked file"]


def test_a_sheet_that_no_category_names_or_a_strange_heading_is_refused() -> None:
    assert told(read(write_xlsx({"Sheet1": [["amount"], ["1"]]}))[1])[0][3] == "a sheet that no category names"
    errors = read(write_xlsx({"ict-rent": [["amount", "bribe"], ["1", "2"]]}))[1]
    assert [(error.column, error.found) for error in errors] == [("bribe", "a heading that the template does not have")]


def test_an_empty_workbook_brings_no_line() -> None:
    assert [error.found for error in read(write_xlsx({"ict-rent": []}))[1]] == ["no row"]


def test_a_csv_export_runs_no_formula_and_comes_back_as_it_was() -> None:
    line = a_line(document=a_document(supplier="+7 Logistics", number="@15"))
    content = write_csv(rows_of(line))
    assert b"'+7 Logistics" in content
    assert b"'@15" in content
    costs, errors = read(content, "goods-delivery")
    assert (errors, costs[0].document.supplier, costs[0].document.number) == ([], "+7 Logistics", "@15")


def test_a_formula_in_a_csv_file_is_refused() -> None:
    head, cells = rows_of(a_line(document=a_document(supplier="plain")))
    text = ",".join(head) + "\n" + ",".join(cells).replace("plain", "=HYPERLINK(1)") + "\n"
    errors = read(text.encode(), "goods-delivery")[1]
    assert [(error.row, error.column, error.found) for error in errors] == [(2, "document_supplier", "a formula")]


def test_every_column_has_a_heading() -> None:
    named = {column.name for category in OWN for column in columns_of(category)}
    assert named == set(LABELS)
