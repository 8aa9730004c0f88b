"""Which form of a sheet a caller wants, and the reply in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from obligations.sheets.csv_file import to_csv
from obligations.sheets.layout import Sheet, lay_out
from obligations.sheets.pdf_file import to_pdf
from shared.http.languages import Language
from shared.http.transactions import RequestLanguage


class SheetFormat(StrEnum):
    """A form of the sheet."""

    JSON = "json"
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES = {
    SheetFormat.JSON: "application/json",
    SheetFormat.CSV: "text/csv",
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


@dataclass(frozen=True, slots=True)
class WantedSheet:
    """The form and the language."""

    form: SheetFormat
    language: Language


def wanted_sheet(
    language: RequestLanguage,
    format_: Annotated[SheetFormat | None, Query(alias="format", description="Goes before Accept.")] = None,
    accept: Annotated[str | None, Header(description="application/json, text/csv or application/pdf.")] = None,
) -> WantedSheet:
    """What the query or, without it, Accept asks for: the first of its types that there is; else JSON."""
    return WantedSheet(format_ or _accepted(accept), language)


Wanted = Annotated[WantedSheet, Depends(wanted_sheet)]
"""The form and the language in which the caller wants the sheet."""


def _accepted(accept: str | None) -> SheetFormat:
    by_type = {media_type: form for form, media_type in MEDIA_TYPES.items()}
    asked = [part.split(";")[0].strip().lower() for part in (accept or "")[:1000].split(",")]
    return next((by_type[each] for each in asked if each in by_type), SheetFormat.JSON)


async def sheet_response(sheet: Sheet, wanted: WantedSheet, made_at: datetime, name: str = "calculation") -> Response:
    """The sheet in the wanted form; CSV and PDF in the wanted language, as a file to keep."""
    if wanted.form is SheetFormat.JSON:
        return JSONResponse(dict(sheet), headers={"Vary": "Accept"})
    layout = lay_out(sheet, wanted.language, made_at)
    content = await run_in_threadpool(to_csv if wanted.form is SheetFormat.CSV else to_pdf, layout)
    media_type = "text/csv; charset=utf-8" if wanted.form is SheetFormat.CSV else "application/pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{wanted.form.value}"',
        "Content-Language": wanted.language.value,
        "Vary": "Accept, Accept-Language",
    }
    return Response(content, media_type=media_type, headers=headers)
