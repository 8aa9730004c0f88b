"""The service, declared once: its tables, its lists, what an installation brings."""

from pathlib import Path

from export_support.calls.model import Call
from export_support.documents.tables import cost_document, cost_document_use
from export_support.lists import LISTS, seed_lists, seed_parameters
from export_support.record import Record
from export_support.requests.model import Request
from export_support.requests.records import line_table, number_table
from shared.service import Service

MODELS = (Call, Request, line_table, number_table, cost_document, cost_document_use)
"""Imported so that the metadata is complete."""

service = Service(
    name="export-support",
    metadata=Record.metadata,
    migrations=Path(__file__).parent / "migrations",
    seeds=(seed_parameters, seed_lists),
    lists=LISTS,
)
