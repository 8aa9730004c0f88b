"""A CSV file into checked rows: each thing wrong is named by line, column, what was found and what is wanted."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic_core import PydanticCustomError

from shared.http.fields import IN_CELL, IN_FILE, IN_LINE, FieldError
from shared.reference.lists import SLUG, UNITS, WORDS, Cell, ListDefinition, Reader, choice, day
from shared.values.wrong import Words, found

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_ERRORS = 1_000

MARKS = ("law", "practice", "assumed", "sample", "unmarked")
IGNORED = ("verified",)
"""Columns that a file may have and that mean nothing: every row arrives unverified."""


@dataclass(frozen=True, slots=True)
class CellError:
    """One thing wrong in a file. Line 1 is the header; line 0 is the file as a whole, and so is an empty column."""

    line: int
    column: str
    found: str
    wanted: str

    def named(self) -> FieldError:
        """The error as the edge names it: under `/csv`, in the caller's language."""
        return FieldError("body", "/csv", self.said, found=self.found, wanted=self.wanted)

    @property
    def said(self) -> Words:
        """The error in a sentence, with its place."""
        form = (IN_CELL if self.column else IN_LINE) if self.line else IN_FILE
        return Words(form, line=self.line, column=self.column, found=_id(self.found), wanted=_id(self.wanted))

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True, slots=True)
class FileRow:
    """A checked row of a file: `key` is an entry's key or a parameter's name, `content` all else that is compared."""

    line: int
    key: str
    effective_from: date
    effective_to: date | None
    content: dict[str, str]
    mark: str
    source: str
    known_on: date | None


EFFECTIVE_FROM = Cell("effective_from", day)
EFFECTIVE_TO = Cell("effective_to", day, required=False)
LAST_DAY = Cell("effective_to", day)
PROVENANCE = (
    Cell("mark", choice(*MARKS), required=False),
    Cell("source", WORDS),
    Cell("known_from", day, required=False),
)


def _id(words: str) -> str:
    """Our own words as a message id; what was found in a cell stands as it is."""
    return words if isinstance(words, Words) or "{" in words or words.startswith('"') else Words(words)


def columns_of(definition: ListDefinition | None) -> tuple[Cell, ...]:
    """Every column that a file of the list may have; None is the file of parameters."""
    if definition is None:
        value = (Cell("unit", choice(*UNITS)), Cell("value", WORDS))
        return (Cell("name", SLUG), EFFECTIVE_FROM, *value, *PROVENANCE)
    effective_to = LAST_DAY if definition.bounded else EFFECTIVE_TO
    return (definition.key, EFFECTIVE_FROM, effective_to, *definition.attributes, *PROVENANCE)


def read_file(definition: ListDefinition | None, content: bytes) -> tuple[list[FileRow], list[CellError]]:
    """The rows of a UTF-8 CSV file with a header, and what is wrong with it: where there is an error, take nothing."""
    errors: list[CellError] = []
    text = _text(content, errors)
    rows: list[FileRow] = []
    if text is not None:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for line, cells in _lines(columns_of(definition), reader, errors):
                row = _row(definition, line, cells, errors)
                if row is not None:
                    rows.append(row)
                if len(rows) > MAX_ROWS:
                    errors.append(CellError(line, "", "more rows", Words("at most {most} rows", most=MAX_ROWS)))
                if len(errors) >= MAX_ERRORS or len(rows) > MAX_ROWS:
                    break
        except csv.Error as error:
            errors.append(broken_line(reader.line_num, error))
    errors += repeated(rows, of_parameters=definition is None)
    return rows, errors[:MAX_ERRORS]


def _text(content: bytes, errors: list[CellError]) -> str | None:
    if len(content) > MAX_BYTES:
        errors.append(
            CellError(0, "", Words("{count} bytes", count=len(content)), Words("at most {most} bytes", most=MAX_BYTES))
        )
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        errors.append(
            CellError(line, "", Words("the byte {byte}", byte=f"0x{content[error.start]:02x}"), "text in UTF-8")
        )
        return None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        errors.append(CellError(line, "", "a NUL character", "text in UTF-8"))
        return None
    return text


def _lines(
    columns: tuple[Cell, ...], reader: "Iterator[list[str]]", errors: list[CellError]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the header with their cells by column; blank lines are left out."""
    header = [name.strip() for name in next(reader, [])]
    errors += _header_errors(columns, header)
    if errors:
        return
    line = _line_number(reader) + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) == len(header):
                yield line, dict(zip(header, cells, strict=True))
            else:
                errors.append(
                    CellError(
                        line,
                        "",
                        Words("{count} cells", count=len(cells)),
                        Words("{count} cells, as in the header", count=len(header)),
                    )
                )
        line = _line_number(reader) + 1


def _line_number(reader: "Iterator[list[str]]") -> int:
    number = getattr(reader, "line_num", 0)
    return int(number)


def _header_errors(columns: tuple[Cell, ...], header: list[str]) -> list[CellError]:
    allowed = [column.name for column in columns]
    wanted = Words("the columns {columns}", columns=", ".join(allowed))
    if not header:
        return [CellError(1, "", "no header", wanted)]
    errors = [
        CellError(1, found(name)[1:-1], "a column that the list does not have", wanted)
        for name in header
        if name not in (*allowed, *IGNORED)
    ]
    errors += [CellError(1, name, "the column twice", "it once") for name in allowed if header.count(name) > 1]
    required = [column.name for column in columns if column.required]
    return errors + [CellError(1, name, "no such column", wanted) for name in required if name not in header]


def _row(
    definition: ListDefinition | None, line: int, cells: Mapping[str, str], errors: list[CellError]
) -> FileRow | None:
    before = len(errors)
    read = {column.name: _cell(line, column, cells.get(column.name, ""), errors) for column in columns_of(definition)}
    if definition is None and read["unit"]:
        unit: Reader = UNITS[read["unit"]]
        read["value"] = _cell(line, Cell("value", unit), cells["value"], errors)
    first, last = read["effective_from"], read.get("effective_to") or ""
    if first and last and last < first:
        errors.append(CellError(line, "effective_to", f'"{last}"', Words("a day not before {first}", first=first)))
    if len(errors) > before:
        return None
    attributes = ("unit", "value") if definition is None else tuple(cell.name for cell in definition.attributes)
    return FileRow(
        line=line,
        key=read["name" if definition is None else definition.key.name],
        effective_from=date.fromisoformat(first),
        effective_to=date.fromisoformat(last) if last else None,
        content={name: read[name] for name in attributes if read[name]},
        mark=read["mark"] or "unmarked",
        source=read["source"],
        known_on=date.fromisoformat(read["known_from"]) if read["known_from"] else None,
    )


def _cell(line: int, column: Cell, text: str, errors: list[CellError]) -> str:
    """What is stored of a cell; an empty text where it is empty or wrong. A formula is text like any other."""
    text = text.strip(" ")
    if not text and not column.required:
        return ""
    try:
        return column.read(text)
    except PydanticCustomError as error:
        context = error.context or {}
        errors.append(CellError(line, column.name, context["found"], context["wanted"]))
        return ""


def repeated(rows: list[FileRow], *, of_parameters: bool) -> list[CellError]:
    """Rows of one file that say two things about one key and day."""
    errors: list[CellError] = []
    before: dict[str, FileRow] = {}
    for row in sorted(rows, key=lambda row: (row.key, row.effective_from, row.line)):
        other = before.get(row.key)
        if other is not None and other.effective_from == row.effective_from:
            errors.append(
                CellError(
                    row.line,
                    "effective_from",
                    Words('"{day}" as in line {line}', day=row.effective_from, line=other.line),
                    "one row for it",
                )
            )
        elif other is not None and not of_parameters and overlap(other, row.effective_from):
            seen = Words('"{day}" while line {line} still holds', day=row.effective_from, line=other.line)
            errors.append(overlapping(row, seen))
        before[row.key] = row
    return errors


def broken_line(line: int, error: csv.Error) -> CellError:
    """A line that is no CSV."""
    return CellError(line, "", Words("a broken line ({reason})", reason=error), "CSV with commas and double quotes")


def overlap(earlier: FileRow, effective_from: date) -> bool:
    """Whether an entry that began earlier still holds on the day."""
    return earlier.effective_to is None or earlier.effective_to >= effective_from


def overlapping(row: FileRow, seen: Words) -> CellError:
    """Two entries of one key hold on one day: the earlier one must end first."""
    return CellError(row.line, "effective_from", seen, "an effective_to of the earlier row before this day")
