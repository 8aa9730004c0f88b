"""The columns of a sheet of cost lines: those that every category has, then its own, headed in three languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, get_args

from export_support.lines.categories import Category
from export_support.lines.costs import AnyCost
from export_support.lines.values import Cost

DAYS = frozenset({"document_on", "paid_on", "shipped_on", "begins_on", "ends_on", "valid_to", "until"})
MARKS = frozenset({"domestic_logistics", "related_customer"})
YES, NO = "yes", "no"

LABELS: Mapping[str, str] = {
    "document_supplier": "Supplier",
    "document_number": "Number of the document",
    "document_on": "Day of the document",
    "document_total": "Total of the document",
    "amount": "Amount",
    "currency": "Currency",
    "paid_on": "Day of payment",
    "country": "Country",
    "evidence": "Evidence",
    "fea_cn": "FEA CN code",
    "transport_mode": "Way of transport",
    "border_crossing": "Border crossing",
    "dispatch_zone": "Zone of dispatch",
    "domestic_logistics": "Domestic logistics",
    "shipped_on": "Day of dispatch",
    "declaration": "Customs declaration",
    "medium": "Medium",
    "placement": "Act of placement",
    "exhibition": "Exhibition",
    "participation": "Participation",
    "begins_on": "First day",
    "ends_on": "Last day",
    "into": "Into language",
    "pages": "Pages",
    "purpose": "Purpose",
    "lease": "Lease",
    "application": "Application number",
    "outcome": "Outcome",
    "standard": "Standard",
    "certificate": "Certificate",
    "valid_to": "Valid to",
    "covers": "Covers FEA CN code",
    "accreditation": "Accreditation",
    "role": "Role",
    "registration": "Registration",
    "platform": "Platform",
    "foreign_audience": "Audience abroad, %",
    "shown_by": "Shown by",
    "programme": "Programme",
    "manner": "Manner",
    "translator": "Translator",
    "subject": "Subject of the rent",
    "until": "Until",
    "certified": "What was certified",
    "scheme": "Scheme",
    "related_customer": "Related customer",
    "customer_act": "Act of the customer",
}
"""By column, its English heading: a message id of the catalogues."""

_types: Mapping[str, type[Cost]] = {
    get_args(kind.model_fields["category"].annotation)[0]: kind for kind in get_args(AnyCost)
}
_document = ("supplier", "number", "on", "total")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and the place of its value in a cost."""

    name: str
    place: tuple[str, ...]

    @property
    def is_day(self) -> bool:
        """Whether its cells are days."""
        return self.name in DAYS


@cache
def columns_of(category: str) -> tuple[Column, ...]:
    """The columns of a category's sheet, in their order."""
    shared = [Column(f"document_{name}", ("document", name)) for name in _document]
    shared += [Column(name, (name,)) for name in ("amount", "currency", "paid_on", "country")]
    known = {"category", "document", "evidence", *(column.name for column in shared)}
    own = [Column(name, (name,)) for name in _types[category].model_fields if name not in known]
    return (*shared, *own, Column("evidence", ("evidence",)))


def column_at(category: str, place: tuple[str | int, ...]) -> str:
    """The column of a place in a cost; the whole row where it is none."""
    for column in columns_of(category):
        if place[: len(column.place)] == column.place:
            return column.name
    return ""


def cells_of(cost: AnyCost) -> list[str]:
    """The cells of a cost, as texts, in the order of its columns."""
    stored = cost.model_dump(mode="json")
    return [_shown(column, stored) for column in columns_of(cost.category)]


def _shown(column: Column, stored: Mapping[str, Any]) -> str:
    value: Any = stored
    for name in column.place:
        value = value[name]
    if column.name == "evidence":
        return "; ".join(f"{each['type']} | {each['name']} | {each['sha256']} | {each['size']}" for each in value)
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def cost_of(category: str, cells: Mapping[str, object]) -> dict[str, Any]:
    """The JSON values of a cost from the cells of a row; what is empty is left out."""
    cost: dict[str, Any] = {"category": category, "document": {}}
    for column in columns_of(category):
        cell = cells.get(column.name)
        if cell is None or cell == "":
            continue
        here = cost["document"] if len(column.place) > 1 else cost
        here[column.place[-1]] = _read(column, cell)
    return cost


def _read(column: Column, cell: object) -> object:
    if isinstance(cell, date):
        return cell.isoformat() if column.is_day else str(cell)
    if column.name in MARKS:
        return {YES: True, NO: False}.get(str(cell).lower(), cell)
    if column.name == "evidence":
        return [_paper(part) for part in str(cell).split(";") if part.strip()]
    return cell


def _paper(text: str) -> dict[str, Any]:
    parts = [part.strip() for part in text.split("|")]
    size = parts[3] if len(parts) > 3 else ""
    told: dict[str, Any] = dict(zip(("type", "name", "sha256"), parts, strict=False))
    return told | {"size": int(size) if size.isascii() and size.isdigit() and len(size) < 12 else size}


assert set(_types) == {category.value for category in Category}  # noqa: S101
