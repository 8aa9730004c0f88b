"""Which form of a sheet a caller wants, and the reply in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Response
from fastapi.responses import JSONResponse

from obligations.sheets.csv_file import to_csv
from obligations.sheets.layout import Sheet, lay_out
from obligations.sheets.pdf_file import TYPESETTING, to_be_set
from obligations.sheets.refusals import SheetTooLong
from shared.http.apart import AnswerTakesTooLong, Apart, WorkApart
from shared.http.languages import Language
from shared.http.transactions import RequestLanguage


class SheetFormat(StrEnum):
    """A form of the sheet."""

    JSON = "json"
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES = {
    SheetFormat.JSON: "application/json",
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.PDF: "application/pdf",
}

SHEET_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The calculation: JSON, or a sheet in the caller's language as CSV or PDF.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


LINES = ("tranches", "segments", "repayments", "rates_used")
MOST_PRINTED_LINES = 1000
"""Some twenty-five pages: one second of work and 250 MB."""

SHEET_REFUSALS = (SheetTooLong, AnswerTakesTooLong)
"""What a route that answers with a sheet refuses because of its form."""


@dataclass(frozen=True, slots=True)
class WantedSheet:
    """The form and the language, and where the work is done."""

    form: SheetFormat
    language: Language
    apart: Apart


def wanted_sheet(
    language: RequestLanguage,
    apart: WorkApart,
    format_: Annotated[SheetFormat | None, Query(alias="format", description="Goes before Accept.")] = None,
    accept: Annotated[str | None, Header(description="application/json, text/csv or application/pdf.")] = None,
) -> WantedSheet:
    """What the query or, without it, Accept asks for: the first of its types that there is; else JSON."""
    return WantedSheet(format_ or _accepted(accept), language, apart)


Wanted = Annotated[WantedSheet, Depends(wanted_sheet)]
"""The form and the language in which the caller wants the sheet."""


def _accepted(accept: str | None) -> SheetFormat:
    by_type = {media_type.split(";")[0]: form for form, media_type in MEDIA_TYPES.items()}
    asked = [part.split(";")[0].strip().lower() for part in (accept or "")[:1000].split(",")]
    return next((by_type[each] for each in asked if each in by_type), SheetFormat.JSON)


async def sheet_response(
    sheet: Callable[[], Sheet], wanted: WantedSheet, made_at: datetime, name: str = "calculation"
) -> Response:
    """The sheet in the wanted form; CSV and PDF in the wanted language, as a file to keep.

    It is calculated and laid out in a thread, and printed by a process of its own: what takes time must not stop the
    event loop. Raises `SheetTooLong`, `AnswerTakesTooLong`, and what `sheet` raises.
    """
    content = await wanted.apart.calculate(lambda: _content(sheet(), wanted, made_at))
    if wanted.form is SheetFormat.PDF:
        content = await wanted.apart.run(TYPESETTING, content)
    headers = {"Vary": "Accept"}
    if wanted.form is not SheetFormat.JSON:
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.{wanted.form.value}"',
            "Content-Language": wanted.language.value,
            "Vary": "Accept, Accept-Language",
        }
    return Response(content, media_type=MEDIA_TYPES[wanted.form], headers=headers)


def _content(sheet: Sheet, wanted: WantedSheet, made_at: datetime) -> bytes:
    """JSON and CSV themselves; for PDF, what is to be set."""
    if wanted.form is SheetFormat.JSON:
        return bytes(JSONResponse(dict(sheet)).body)
    lines = sum(len(sheet[name]) for name in LINES)
    if wanted.form is SheetFormat.PDF and lines > MOST_PRINTED_LINES:
        raise SheetTooLong(lines=lines, most=MOST_PRINTED_LINES)
    layout = lay_out(sheet, wanted.language, made_at)
    return to_csv(layout) if wanted.form is SheetFormat.CSV else to_be_set(layout)
