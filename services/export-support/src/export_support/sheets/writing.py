"""Sheets of cost lines as XLSX and CSV: texts only, so that no cell is ever run as a formula."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from export_support.sheets.reading import INJECTED

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
WRITTEN_ON = (2000, 1, 1, 0, 0, 0)
"""The time of every part, so that the same lines are the same bytes."""

Lines = Iterable[Sequence[str]]


def write_csv(lines: Lines) -> bytes:
    """Lines as CSV in UTF-8; a cell that a spreadsheet would run as a formula begins with a quote."""
    written = io.StringIO()
    csv.writer(written).writerows([[_harmless(cell) for cell in line] for line in lines])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(INJECTED) else cell


def write_xlsx(sheets: Mapping[str, Lines]) -> bytes:
    """Sheets by name as a workbook; every cell is a text."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _frame(list(sheets)).items():
            package.writestr(zipfile.ZipInfo(name, WRITTEN_ON), content, zipfile.ZIP_DEFLATED)
        for number, lines in enumerate(sheets.values(), start=1):
            part = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", WRITTEN_ON)
            package.writestr(part, _sheet(lines), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _sheet(lines: Lines) -> str:
    rows = [
        f'<row r="{number}">'
        + "".join(
            f'<c r="{_letters(place)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for place, cell in enumerate(line, start=1)
            if cell
        )
        + "</row>"
        for number, line in enumerate(lines, start=1)
    ]
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _frame(names: Sequence[str]) -> dict[str, str]:
    """The parts of a workbook beside its sheets."""
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
