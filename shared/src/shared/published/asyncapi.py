"""The AsyncAPI 3 document of all event streams, from the contracts."""

import inspect
from typing import Any

from shared.contracts.event import Event
from shared.published.vocabulary import published_events, schema_of

TOPICS = {
    "grants.v1": ("grants", "support"),
    "clusters.v1": ("support",),
    "export-support.v1": ("export-support", "support"),
    "obligations.v1": ("obligations",),
}
"""Which vocabularies a topic carries."""

HEADERS: dict[str, str] = {
    "content-type": "always application/json",
    "ce_specversion": "always 1.0",
    "ce_id": "the event's id, a UUID; the same event may arrive twice, with the same id",
    "ce_source": "/services/<service>",
    "ce_type": "the event's type, with its version",
    "ce_subject": "the aggregate's id, a UUID",
    "ce_time": "when it happened, RFC 3339, UTC",
    "ce_dataschema": "the id of the JSON Schema of the data",
    "ce_sequence": "which of its aggregate's events, from 1 without a gap, 20 digits",
    "ce_partitionkey": "the agreement's id, else the aggregate's",
    "ce_institute": "the institute it belongs to",
    "ce_position": "its place in the log of its source, 20 digits: the higher of two was decided later",
    "ce_epoch": "rises when the broker lost records and the log is sent again",
}


def asyncapi() -> dict[str, Any]:
    """The document: a channel per topic, a message per event type, one receive operation per channel."""
    events = published_events()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tirek: events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in binary mode on Kafka. Unknown types and members are to be ignored. "
            "Order holds per aggregate (`ce_subject`, `ce_sequence`); delivery is at least once.",
        },
        "defaultContentType": "application/json",
        "channels": {_channel(topic): _channel_of(topic, events) for topic in TOPICS},
        "operations": {f"read_{_channel(topic)}": _operation(topic) for topic in TOPICS},
        "components": {
            "messages": {type_: _message(kind) for type_, kind in events.items()},
            "schemas": {type_: _payload(kind) for type_, kind in events.items()},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
        },
    }


def _channel(topic: str) -> str:
    return topic.replace(".", "_").replace("-", "_")


def _channel_of(topic: str, events: dict[str, type[Event]]) -> dict[str, Any]:
    carried = [type_ for type_ in events if type_.split(".")[0] in TOPICS[topic]]
    return {
        "address": topic,
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in carried},
        "bindings": {"kafka": {"partitions": 4, "topicConfiguration": {"retention.ms": -1}, "bindingVersion": "0.5.0"}},
    }


def _operation(topic: str) -> dict[str, Any]:
    return {"action": "receive", "channel": {"$ref": f"#/channels/{_channel(topic)}"}}


def _message(kind: type[Event]) -> dict[str, Any]:
    return {
        "name": kind.type,
        "summary": inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " "),
        "payload": {"$ref": f"#/components/schemas/{kind.type}"},
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
    }


def _payload(kind: type[Event]) -> dict[str, Any]:
    """The schema with its definitions inside, so that one document is enough."""
    schema = schema_of(kind)
    definitions = schema.pop("$defs", {})
    for keyword in ("$schema", "$id"):
        schema.pop(keyword)
    inlined: dict[str, Any] = _inline(schema, definitions)
    return inlined


def _inline(value: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        if "$ref" in value:
            return _inline(definitions[value["$ref"].removeprefix("#/$defs/")], definitions)
        return {name: _inline(member, definitions) for name, member in value.items()}
    return [_inline(item, definitions) for item in value] if isinstance(value, list) else value


def _headers() -> dict[str, Any]:
    properties = {name: {"type": "string", "description": text} for name, text in HEADERS.items()}
    optional = {
        "ce_causationid": {"type": "string", "description": "the causing event's id, or the command's idempotency key"},
        "traceparent": {"type": "string", "description": "W3C trace context of the cause"},
    }
    return {"type": "object", "required": list(HEADERS), "properties": {**properties, **optional}}
