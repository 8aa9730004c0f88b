"""Workbooks as people and attackers make them: a good one, and the same with one thing put into its package."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from export_support.lines.costs import read_cost
from export_support.sheets.layout import cells_of, columns_of
from export_support.sheets.writing import write_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def rows_of(*lines: dict[str, Any]) -> list[list[str]]:
    """Heading and cells of lines of one category."""
    head = [column.name for column in columns_of(lines[0]["category"])]
    return [head, *(cells_of(read_cost(line)) for line in lines)]


def a_book(*lines: dict[str, Any]) -> bytes:
    """A workbook of lines of one category."""
    return write_xlsx({lines[0]["category"]: rows_of(*lines)})


def altered(
    book: bytes,
    changes: Mapping[str, Callable[[bytes], bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """The workbook with parts changed and parts added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (changes or {}).get(name, bytes)(old.read(name)))
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return written.getvalue()


def with_cells(book: bytes, cells: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The workbook with pieces of its first sheet replaced."""

    def change(sheet: bytes) -> bytes:
        for old, new in cells:
            assert old in sheet, old
            sheet = sheet.replace(old, new, 1)
        return sheet

    return altered(book, {SHEET: change})
