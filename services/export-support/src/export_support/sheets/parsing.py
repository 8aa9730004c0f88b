"""Rows of a file into cost lines: each cell that does not fit is named with what was found and what is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from export_support.lines.costs import AnyCost, read_cost
from export_support.requests.model import MOST_LINES
from export_support.sheets.layout import MARKS, column_at, cost_of
from export_support.sheets.reading import MOST_ERRORS, Row
from export_support.sheets.refusals import SheetError
from shared.values.wrong import Words, found


def read_costs(rows: Sequence[Row], errors: list[SheetError]) -> list[AnyCost]:
    """The costs of the rows, in their order; what is wrong is added to the errors."""
    costs: list[AnyCost] = []
    if len(rows) > MOST_LINES:
        errors.append(SheetError("", 0, "", "more rows", Words("at most {most} rows", most=MOST_LINES)))
        return costs
    for row in rows:
        try:
            costs.append(read_cost(cost_of(row.category, row.cells)))
        except ValidationError as error:
            errors += [_named(row, each) for each in error.errors(include_url=False)]
        if len(errors) >= MOST_ERRORS:
            break
    if not rows and not errors:
        errors.append(SheetError("", 0, "", "no row", "at least one row"))
    return costs


def _named(row: Row, error: Mapping[str, Any]) -> SheetError:
    place = tuple(error["loc"][1:])
    column = column_at(row.category, place)
    context = error.get("ctx") or {}
    cell = row.cells.get(column)
    there = str(context.get("found") or (found(str(cell)) if cell else "nothing"))
    if error["type"] == "missing" or not cell:
        return SheetError(row.sheet, row.number, column, "nothing", _wanted(column, context))
    return SheetError(row.sheet, row.number, column, context.get("found") or there, _wanted(column, context))


def _wanted(column: str, context: Mapping[str, Any]) -> str:
    if isinstance(context.get("wanted"), str):
        return str(context["wanted"]) if not isinstance(context["wanted"], Words) else context["wanted"]
    if "expected" in context:
        return Words("one of {choices}", choices=str(context["expected"]).replace("'", "").replace(" or ", ", "))
    if column in MARKS:
        return Words("one of {choices}", choices="yes, no")
    if column == "evidence":
        return "kind | name | SHA-256 | size, papers separated by semicolons"
    return "a value"
