"""Every field of every request body, and what may not stand in it."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

Json = Any
Place = tuple[str | int, ...]

NAN, HUGE = "@NaN@", "@1e400@"
"""Stand for tokens that no JSON value has; put into the text of the body."""

GONE = object()
"""Stands for a member that is left out."""

DIGITS = ("١٢٣", "1_000", "-1", "+5", "１２３", " 1", "1\n")
TEXTLESS = ("\x00", "a\x00b", "\ud800", "x\udfff")
NO_DAYS = ("2025-02-30", "2025-13-01", "2025-2-3", "2025-02-03T00:00:00Z", "٢٠٢٥-٠٢-٠٣")


@dataclass(frozen=True)
class Field:
    """A place in a body: what its schemas say, and whether it must be there."""

    place: Place
    kinds: tuple[Json, ...]
    required: bool
    nullable: bool


@dataclass
class Bodies:
    """Reads the schemas of one service's description."""

    document: Json
    depth: int = field(default=12)

    def kinds(self, schema: Json) -> tuple[Json, ...]:
        """The alternatives of a schema, references followed."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            return self.kinds({**self.document["components"]["schemas"][name], **rest})
        parts = schema.get("anyOf") or schema.get("oneOf")
        if parts is None:
            return (schema,)
        return tuple(kind for part in parts for kind in self.kinds(part))

    def fields(self, schema: Json, sample: Json, place: Place = ()) -> Iterator[Field]:
        """Every field below, in a body like the sample; of a list the first entry stands for all."""
        kinds_of_objects = [kind for kind in self.kinds(schema) if kind.get("type") == "object"]
        for kind in self.kinds(schema):
            if kind.get("type") == "object" and isinstance(sample, dict):
                if len(kinds_of_objects) > 1 and not set(kind.get("required", [])) <= sample.keys():
                    continue
                for name, part in kind.get("properties", {}).items():
                    kinds = self.kinds(part)
                    nullable = any(each.get("type") == "null" for each in kinds)
                    kept = tuple(each for each in kinds if each.get("type") != "null")
                    yield Field((*place, name), kept, name in kind.get("required", []), nullable)
                    yield from self.fields(part, sample.get(name), (*place, name))
            if kind.get("type") == "array" and isinstance(sample, list) and sample:
                items = self.kinds(kind["items"])
                yield Field((*place, 0), items, required=False, nullable=False)
                yield from self.fields(kind["items"], sample[0], (*place, 0))

    def objects(self, schema: Json, sample: Json, place: Place = ()) -> Iterator[Place]:
        """The place of every object in the sample."""
        if isinstance(sample, dict):
            yield place
        for each in self.fields(schema, sample, place):
            if any(kind.get("type") == "object" for kind in each.kinds) and isinstance(at(sample, each.place), dict):
                yield each.place


def names_in_code() -> dict[str, set[str]]:
    """By the name of a member in JSON, what the models that call it otherwise call it: no name for a caller."""
    found: dict[str, set[str]] = {}
    models: list[type[BaseModel]] = [BaseModel]
    for model in models:
        models += model.__subclasses__()
        for name, member in model.model_fields.items():
            if member.alias not in (None, name):
                found.setdefault(str(member.alias), set()).add(name)
    return found


def at(body: Json, place: Place) -> Json:
    """What stands at a place; nothing (None) where the body does not go so far."""
    for part in place:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def changed(body: Json, place: Place, value: Json) -> Json:
    """A copy of the body with another value at the place."""
    if not place:
        return value
    copied = copy.deepcopy(body)
    holder = at(copied, place[:-1])
    if value is GONE:
        holder.pop(place[-1], None)
    else:
        holder[place[-1]] = value
    return copied


def pointer(place: Place) -> str:
    """The JSON pointer of a place."""
    return "".join(f"/{part}" for part in place)


def wrong_values(each: Field, value: Json) -> Iterator[Json]:
    """What may not stand at a place where this value may."""
    yield from (NAN, HUGE)
    if each.required:
        yield GONE
    if not each.nullable:
        yield None
    types = {kind.get("type") for kind in each.kinds}
    if "object" not in types:
        yield {}
    if "array" not in types:
        yield []
    if types <= {"object", "array"}:
        yield from (7, "x", True)
        return
    if "boolean" in types:
        yield from ("true", "yes", 1, 0, 2)
        return
    if "integer" in types:
        yield from ("1", 1.5, True, -1, 10**30)
        yield from DIGITS
        return
    yield from (7, 7.5, True)
    yield from TEXTLESS
    yield from _wrong_texts(each, value)


def _wrong_texts(each: Field, value: Json) -> Iterator[str]:
    longest = max((kind.get("maxLength", 0) for kind in each.kinds), default=0)
    yield "x" * (longest + 1 if longest else 5_000)
    if longest:
        yield from ("", "   ")
        return
    yield from DIGITS
    if any(kind.get("format") == "date" for kind in each.kinds):
        yield from NO_DAYS
    if any(r"(\.[0-9]{2})?" in kind.get("pattern", "") for kind in each.kinds):
        yield from ("100.000", "1.1", "100,00", "1e5", "NaN", "Infinity")
    if isinstance(value, str) and re.fullmatch("[0-9]{12}", value):
        yield f"{value[:-1]}{(int(value[-1]) + 1) % 10}"
