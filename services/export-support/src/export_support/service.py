"""The service, declared once: its tables, its lists, what an installation brings."""

from pathlib import Path

from export_support.calls.model import Call
from export_support.lists import LISTS, seed_lists, seed_parameters
from export_support.record import Record
from shared.service import Service

MODELS = (Call,)
"""Imported so that the metadata is complete."""

service = Service(
    name="export-support",
    metadata=Record.metadata,
    migrations=Path(__file__).parent / "migrations",
    seeds=(seed_parameters, seed_lists),
    lists=LISTS,
)
