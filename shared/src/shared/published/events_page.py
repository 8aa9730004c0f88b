"""The page `docs/events.md`: every event in a sentence, with its members."""

import inspect
from typing import Any

from shared.contracts.event import Event
from shared.published.vocabulary import published_events, schema_of

HEAD = """# Events

Generated from `shared/src/shared/contracts` by `tirek contracts write`; do not edit. The same in machine-readable form:
[asyncapi.json](asyncapi.json), and a JSON Schema per type under `shared/src/shared/contracts/schemas/`.

Each event is a CloudEvent 1.0 in binary mode on Kafka (`ce_…` headers, JSON data). The same event may arrive twice,
with the same `ce_id`; the events of one aggregate (`ce_subject`) are numbered without a gap (`ce_sequence`). Ignore
types and members that you do not know. Money is a string in tenge, `"30000000.00"`; days are `YYYY-MM-DD` in
Asia/Almaty.
"""


def events_page() -> str:
    """The whole page, in Markdown."""
    parts = [HEAD]
    vocabulary = ""
    for type_, kind in published_events().items():
        if (word := type_.split(".")[0]) != vocabulary:
            vocabulary = word
            parts.append(f"\n## `{vocabulary}.…`\n")
        parts.append(_entry(type_, kind))
    return "".join(parts)


def _entry(type_: str, kind: type[Event]) -> str:
    schema = schema_of(kind)
    required = set(schema["required"])
    members = ", ".join(
        f"`{name}`{'' if name in required else ' (optional)'} {_type(member)}".rstrip()
        for name, member in schema["properties"].items()
    )
    text = inspect.cleandoc(kind.__doc__ or "").replace("\n\n", " ").replace("\n", " ")
    return f"\n### `{type_}`\n\n{text}\n\n{members}\n"


def _type(member: dict[str, Any]) -> str:
    if "$ref" in member:
        return str(member["$ref"]).rpartition("/")[2]
    if "anyOf" in member:
        return " or ".join(_type(choice) for choice in member["anyOf"])
    if member.get("type") == "array":
        return f"list of {_type(member.get('items', {}))}"
    return str(member.get("format") or member.get("type", ""))
