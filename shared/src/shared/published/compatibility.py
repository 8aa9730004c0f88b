"""Whether a schema still says what its released version said: once published, it only gains optional members."""

from collections.abc import Iterator
from typing import Any

ANNOTATIONS = frozenset({"title", "description", "examples", "$schema", "$id", "default"})


def broken_promises(released: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What a reader of the released schema would stumble over, one line each; empty where nothing breaks."""
    return list(_compare("", released, now, released.get("$defs", {}), now.get("$defs", {})))


def _compare(
    at: str, before: dict[str, Any], after: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    before, after = _resolved(before, old), _resolved(after, new)
    members_before, members_after = before.get("properties", {}), after.get("properties", {})
    for name in members_before.keys() - members_after.keys():
        yield f"{at}/{name} is gone"
    for name in sorted(set(after.get("required", [])) - set(before.get("required", []))):
        yield f"{at}/{name} is required now: events in the log lack it"
    for name in sorted(set(before.get("required", [])) - set(after.get("required", []))):
        yield f"{at}/{name} is optional now: readers rely on it"
    for name in sorted(members_before.keys() & members_after.keys()):
        yield from _compare(f"{at}/{name}", members_before[name], members_after[name], old, new)
    for keyword in ("items", "additionalProperties"):
        was, is_ = before.get(keyword, True), after.get(keyword, True)
        if isinstance(was, dict) and isinstance(is_, dict):
            yield from _compare(f"{at}/{keyword}", was, is_, old, new)
        elif was != is_:
            yield f"{at or '/'}: {keyword} was {was!r}, is {is_!r}"
    yield from _compare_values(at, before, after, old, new)


def _compare_values(
    at: str, before: dict[str, Any], after: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    structure = ANNOTATIONS | {"properties", "required", "items", "additionalProperties", "$defs", "anyOf", "enum"}
    for keyword in sorted((before.keys() | after.keys()) - structure):
        if before.get(keyword) != after.get(keyword):
            yield f"{at or '/'}: {keyword} was {before.get(keyword)!r}, is {after.get(keyword)!r}"
    if gone := set(before.get("enum", [])) - set(after.get("enum", [])):
        yield f"{at}: no longer among the values: {', '.join(sorted(map(str, gone)))}"
    if added := set(after.get("enum", [])) - set(before.get("enum", [])):
        yield f"{at}: readers do not know the values: {', '.join(sorted(map(str, added)))}"
    choices_before, choices_after = before.get("anyOf", []), after.get("anyOf", [])
    if len(choices_before) != len(choices_after):
        yield f"{at}: the number of alternatives was {len(choices_before)}, is {len(choices_after)}"
        return
    for number, (one, other) in enumerate(zip(choices_before, choices_after, strict=True)):
        yield from _compare(f"{at}/anyOf/{number}", one, other, old, new)


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    resolved: dict[str, Any] = definitions[schema["$ref"].removeprefix("#/$defs/")]
    return resolved
