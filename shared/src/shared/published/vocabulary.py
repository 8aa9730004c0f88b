"""All published events and their JSON Schemas."""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

import shared.contracts
from shared.contracts.event import Event

SCHEMAS = Path(shared.contracts.__file__).parent / "schemas"


def published_events() -> dict[str, type[Event]]:
    """Every event of the vocabularies in `shared.contracts`, by its type."""
    for module in pkgutil.iter_modules(shared.contracts.__path__, "shared.contracts."):
        importlib.import_module(module.name)
    kinds = {kind.type: kind for kind in Event.__subclasses__() if kind.__module__.startswith("shared.contracts.")}
    return dict(sorted(kinds.items()))


def schema_of(kind: type[Event]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event's data: what travels, so without `occurred_at`."""
    schema = kind.model_json_schema(mode="serialization")
    schema.get("properties", {}).pop("occurred_at", None)
    schema["required"] = [name for name in schema.get("required", []) if name != "occurred_at"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:tirek:schema:{kind.type}",
        **schema,
        "title": kind.type,
    }


def schema_files() -> dict[Path, str]:
    """Where each schema is committed, and what it says."""
    return {SCHEMAS / f"{type_}.json": as_json(schema_of(kind)) for type_, kind in published_events().items()}


def as_json(document: Any) -> str:
    """A document as it is committed: indented, in its own order, with a newline at the end."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
