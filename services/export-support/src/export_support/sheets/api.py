"""Routes of spreadsheets: templates, import of the lines of a draft, export of the lines of a request."""

import asyncio
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from export_support.lines.categories import Category
from export_support.lines.costs import AnyCost, read_cost
from export_support.requests import commands as requests
from export_support.requests import queries
from export_support.requests import refusals as no
from export_support.requests.records import lines_of
from export_support.sheets.commands import import_lines
from export_support.sheets.layout import LABELS, cells_of, columns_of
from export_support.sheets.parsing import read_costs
from export_support.sheets.reading import Headings, read_csv, read_xlsx
from export_support.sheets.refusals import LinesFileRefused
from export_support.sheets.writing import write_csv, write_xlsx
from export_support.visibility import CurrentSight
from shared.access.callers import CurrentCaller, Role, allowed
from shared.http.etag import IfMatch, require_version, tag
from shared.http.languages import Catalogues, Language
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Reading, Transaction
from shared.http.uploads import FileTypeUnsupported, Upload

router = Router(prefix="/v1", tags=["spreadsheets"])

applicant = Depends(allowed(Role.APPLICANT))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
LARGEST = 20 * 1024 * 1024
FILE = Upload(LARGEST, (XLSX, CSV))
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XLSX, CSV)}}
}


class FileFormat(StrEnum):
    """The kinds of files."""

    XLSX = "xlsx"
    CSV = "csv"


OfCategory = Annotated[Category, Query(description="The category of a CSV file; sheets of a workbook bear their own.")]


class LineImport(BaseModel):
    """What became of a file: its rows stand for all lines of their categories."""

    rows: int
    added: int
    removed: int
    revision: int


async def costs_of_file(
    asked: Request, content: Annotated[bytes, Depends(FILE)], category: OfCategory = Category.DELIVERY
) -> list[AnyCost]:
    """The lines of the file that a request carries, read before its transaction begins, and outside the loop."""
    is_csv = asked.headers.get("content-type", "").lower().startswith(CSV)
    headings = _headings(asked.app.state.catalogues)
    return await asyncio.to_thread(_costs, content, category.value if is_csv else None, headings)


@router.get("/line-templates/{category}", responses=FILES, response_class=Response)
async def read_template(
    category: Category,
    asked: Request,
    _: CurrentCaller,
    format: FileFormat = FileFormat.XLSX,  # noqa: A002
) -> Response:
    """An empty sheet for the lines of a category, headed in Kazakh, Russian and English."""
    heads = _heads(asked.app.state.catalogues, category.value)
    return _file({category.value: heads}, format, f"template-{category.value}")


@router.post(
    "/requests/{request_id}/line-imports",
    dependencies=[applicant],
    responses=refusals(no.RequestNotFound, no.RequestSigned, no.LinesFull, LinesFileRefused, FileTypeUnsupported),
    openapi_extra=FILE.described,
)
async def import_request_lines(
    request_id: UUID,
    costs: Annotated[list[AnyCost], Depends(costs_of_file)],
    transaction: Transaction,
    sight: CurrentSight,
    expected: IfMatch,
    response: Response,
) -> LineImport:
    """Take the lines of a file into a draft, in place of all lines of its categories: all of it, or nothing."""
    request = await requests.own(transaction, sight, request_id)
    require_version(expected, request.revision)
    request, done = await import_lines(transaction, sight, request_id, costs)
    tag(response, request.revision)
    return LineImport(rows=done.rows, added=done.added, removed=done.removed, revision=request.revision)


@router.get(
    "/requests/{request_id}/lines-file",
    dependencies=[reader],
    responses={**FILES, **refusals(no.RequestNotFound)},
    response_class=Response,
)
async def export_request_lines(
    request_id: UUID,
    asked: Request,
    session: Reading,
    sight: CurrentSight,
    format: FileFormat = FileFormat.XLSX,  # noqa: A002
    category: OfCategory = Category.DELIVERY,
) -> Response:
    """The lines of a request as a workbook, a sheet a category, or those of one category as CSV; fit for import."""
    request = await queries.read_request(session, sight, request_id)
    sheets: dict[str, list[list[str]]] = {}
    for row in await lines_of(session, request.id):
        if format is FileFormat.XLSX or row["category"] == category.value:
            heads = _heads(asked.app.state.catalogues, row["category"])
            sheets.setdefault(row["category"], heads).append(cells_of(read_cost(row["cost"])))
    if not sheets:
        sheets[category.value] = _heads(asked.app.state.catalogues, category.value)
    return _file(sheets, format, f"lines-{request_id}")


def _costs(content: bytes, category: str | None, headings: Headings) -> list[AnyCost]:
    """Read a file; raises `LinesFileRefused`."""
    rows, errors = read_xlsx(content, headings) if category is None else read_csv(content, category, headings)
    costs = [] if errors else read_costs(rows, errors)
    if errors:
        raise LinesFileRefused(errors)
    return costs


def _heads(catalogues: Catalogues, category: str) -> list[list[str]]:
    """Three rows of headings: in Kazakh, Russian and English."""
    columns = columns_of(category)
    return [[catalogues.say(language, LABELS[column.name]) for column in columns] for language in Language]


def _headings(catalogues: Catalogues) -> Headings:
    said = {
        name: frozenset({name, *(catalogues.say(language, label).casefold() for language in Language)})
        for name, label in LABELS.items()
    }
    return said.__getitem__


def _file(sheets: dict[str, list[list[str]]], format_: FileFormat, name: str) -> Response:
    if format_ is FileFormat.XLSX:
        content, kind = write_xlsx(sheets), XLSX
    else:
        content, kind = write_csv(next(iter(sheets.values()))), f"{CSV}; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format_.value}"'}
    return Response(content, media_type=kind, headers=headers)
