"""The rows of an XLSX or CSV file as cells by column; whatever is wrong is named by sheet, row and column."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from export_support.lines.categories import Category
from export_support.sheets.layout import columns_of
from export_support.sheets.packaging import MOST_ROWS, refuse_package, seen
from export_support.sheets.refusals import SheetError
from shared.values.wrong import Words

INJECTED = ("=", "+", "-", "@", "\t", "\r")
MOST_ERRORS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number as the spreadsheet shows it, and its cells by the names of the columns."""

    sheet: str
    category: str
    number: int
    cells: dict[str, object]


Headings = Callable[[str], frozenset[str]]
"""By a column's name, the headings under which it may stand: in each language, and the name itself."""


def read_xlsx(content: bytes, headings: Headings) -> tuple[list[Row], list[SheetError]]:
    """The rows of a workbook whose sheets are named by their categories; empty sheets are left out."""
    if errors := refuse_package(content):
        return [], errors
    rows: list[Row] = []
    errors = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if any(_filled(line) for line in lines):
                    _take(name, _category(name, errors), lines, headings, rows, errors)
    except CalamineError:
        return [], [SheetError("", 0, "", "a broken or locked file", "a workbook (XLSX) without a password")]
    return rows, errors[:MOST_ERRORS]


def read_csv(content: bytes, category: str, headings: Headings) -> tuple[list[Row], list[SheetError]]:
    """The rows of a CSV file of one category, UTF-8, with commas or semicolons."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [SheetError("", 0, "", "another encoding", "text in UTF-8")]
    if "\x00" in text:
        return [], [SheetError("", 0, "", "a NUL character", "text in UTF-8")]
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), strict=True, delimiter=";" if first.count(";") > first.count(",") else ","
    )
    rows: list[Row] = []
    errors: list[SheetError] = []
    lines: list[Sequence[object]] = []
    try:
        for line in reader:
            lines.append([_unescaped(cell) for cell in line])
            if len(lines) > MOST_ROWS:
                break
    except csv.Error:
        return [], [SheetError("csv", reader.line_num, "", "a broken line", "CSV with commas and double quotes")]
    _take("csv", category, lines, headings, rows, errors)
    return rows, errors[:MOST_ERRORS]


class _Formula:
    """Stands for a cell that a spreadsheet would calculate."""


def _unescaped(cell: str) -> object:
    """The text behind the quote that an export puts before a cell that a spreadsheet would run; a formula is none."""
    if cell.lstrip().startswith("="):
        return _Formula()
    return cell[1:] if cell.startswith("'") and cell[1:2] in INJECTED and len(cell) > 1 else cell


def _category(sheet: str, errors: list[SheetError]) -> str:
    if sheet not in set(Category):
        errors.append(SheetError(sheet, 0, "", "a sheet that no category names", "the name of a category"))
        return ""
    return sheet


def _take(
    sheet: str,
    category: str,
    lines: Sequence[Sequence[object]],
    headings: Headings,
    rows: list[Row],
    errors: list[SheetError],
) -> None:
    """Add the rows of a sheet; headings stand in its first rows, in any language."""
    if not category:
        return
    filled = [(number, line) for number, line in enumerate(lines, start=1) if _filled(line)]
    if not filled:
        errors.append(SheetError(sheet, 1, "", "no header", "the headings of the template"))
        return
    if len(lines) > MOST_ROWS:
        errors.append(SheetError(sheet, MOST_ROWS + 1, "", "more rows", Words("at most {most} rows", most=MOST_ROWS)))
        return
    names = _names(sheet, category, filled[0], headings, errors)
    if errors:
        return
    for number, line in filled[1:]:
        if all(
            not str(cell).strip() or str(cell).strip().casefold() in headings(name)
            for name, cell in _pairs(names, line)
        ):
            continue
        cells = {name: _value(sheet, number, name, cell, errors) for name, cell in _pairs(names, line)}
        rows.append(Row(sheet, category, number, cells))


def _names(
    sheet: str, category: str, header: tuple[int, Sequence[object]], headings: Headings, errors: list[SheetError]
) -> list[str]:
    number, cells = header
    names: list[str] = []
    for cell in cells:
        text = str(cell).strip()
        found = next((c.name for c in columns_of(category) if text.casefold() in headings(c.name)), "")
        if text and not found:
            errors.append(
                SheetError(sheet, number, text[:40], "a heading that the template does not have", "its headings")
            )
        if found and found in names:
            errors.append(SheetError(sheet, number, found, "the column twice", "it once"))
        names.append(found)
    return names


def _pairs(names: Sequence[str], line: Sequence[object]) -> Iterator[tuple[str, object]]:
    return ((name, cell) for name, cell in zip(names, line, strict=False) if name)


def _filled(line: Sequence[object]) -> bool:
    return any(str(cell).strip() for cell in line)


def _value(sheet: str, number: int, name: str, cell: object, errors: list[SheetError]) -> object:
    """A cell as text or day; a day that is only a number, a day with a time, an error of a formula are refused."""
    is_day = name.endswith(("_on", "_to")) or name == "until"
    if isinstance(cell, datetime):
        cell = cell.date() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell
    if type(cell) is date:
        if is_day:
            return cell
        errors.append(SheetError(sheet, number, name, "a day", "a text or a number"))
    elif isinstance(cell, bool):
        return "yes" if cell else "no"
    elif isinstance(cell, int | float):
        if is_day:
            errors.append(SheetError(sheet, number, name, "a number", "a day, such as 2025-02-03"))
            return None
        return _digits(float(cell))
    elif isinstance(cell, str):
        return cell.strip()
    elif isinstance(cell, _Formula):
        errors.append(SheetError(sheet, number, name, "a formula", "a value"))
    else:
        errors.append(SheetError(sheet, number, name, seen(cell), "a text, a number or a day"))
    return None


def _digits(value: float) -> str:
    """A number as its shortest text: 15.0 is 15, 1250.5 is 1250.50 where two decimals are enough."""
    number = Decimal(repr(value))
    if number == number.to_integral_value():
        return str(int(number))
    text = format(number, "f")
    return text + "0" if len(text.partition(".")[2]) == 1 else text
