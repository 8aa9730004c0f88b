"""What several operations of an OpenAPI document have in common, said once, in its components."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from shared.http.languages import every_refusal
from shared.http.problems import MEDIA_TYPE, example

LONG_PATTERN = 80
"""A pattern longer than this, in characters, is given a name."""

TOGETHER = {
    "key-malformed": ("idempotency-key-malformed", "idempotency-key-missing"),
    "body-malformed": ("member-twice", "not-plain-json", "not-utf8", "number-out-of-range", "too-deep"),
    "command-invalid": ("fields-invalid", "idempotency-key-reused", "value-not-storable"),
}
"""By a word for the name of a response, the refusals of the edge for which it stands there."""

Json = dict[str, Any]


def share(document: Json) -> None:
    """Move repeated responses, parameters, examples and long patterns to the components; drop generated titles."""
    _drop_titles(document)
    _share_texts(document)
    components = document["components"]
    components["examples"] = _examples(document)
    holders = list(_operations(document))
    components["parameters"] = _shared(
        ((operation["parameters"], index) for operation in holders for index in range(len(operation["parameters"]))),
        lambda parameter: _camel(parameter["name"]),
        "parameters",
    )
    components["responses"] = _shared(
        ((operation["responses"], status) for operation in holders for status in operation["responses"]),
        _name_of_response,
        "responses",
    )
    document["components"] = dict(sorted(components.items()))


def _operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        for operation in path.values():
            operation.setdefault("parameters", [])
            yield operation


def _shared(places: Iterator[tuple[Any, Any]], name_of: Callable[[Json], str | None], section: str) -> Json:
    """Replace what stands in at least two of the places by references to one entry under a name of its own."""
    found = [(holder, key, json.dumps(holder[key], sort_keys=True)) for holder, key in places]
    counted = Counter(text for _, _, text in found)
    named: dict[str, str] = {}
    entries: Json = {}
    for holder, key, text in found:
        name = name_of(holder[key]) if counted[text] > 1 else None
        if name is None or (entries.get(name, holder[key]) != holder[key] and text not in named):
            continue
        named[text] = name
        entries[name] = holder[key]
        holder[key] = {"$ref": f"#/components/{section}/{name}"}
    return dict(sorted(entries.items()))


def _name_of_response(response: Json) -> str | None:
    """The refusals in camel case, what is always together under one word; none for what is no problem alone."""
    content = response.get("content", {})
    if list(content) != [MEDIA_TYPE]:
        return None
    slugs = list(content[MEDIA_TYPE].get("examples", {}))
    for word, together in TOGETHER.items():
        if set(together) <= set(slugs):
            slugs = [word, *(slug for slug in slugs if slug not in together)]
    return "-".join(map(_camel, slugs)) or None


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))


def _examples(document: Json) -> Json:
    """The examples of the refusals that the document names."""
    named = {
        slug
        for operation in _operations(document)
        for response in operation["responses"].values()
        for slug in response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    }
    return {refusal.slug(): example(refusal) for refusal in every_refusal() if refusal.slug() in named}


def _schemas(part: Any) -> Iterator[Json]:
    """Every schema of a document, from the outside inwards; never what is data."""
    if isinstance(part, dict):
        yield part
        for key, inner in part.items():
            if key not in {"example", "examples", "default", "const", "enum"} or key == "properties":
                yield from _schemas(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _schemas(inner)


def _drop_titles(document: Json) -> None:
    """Without the titles that are made of names of fields."""
    for part in (document["paths"], document["components"]["schemas"]):
        for schema in _schemas(part):
            if isinstance(schema.get("title"), str):
                del schema["title"]


def _share_texts(document: Json) -> None:
    """Give each kind of text whose pattern is long a schema of its own, named by what it is."""
    schemas: Json = document["components"]["schemas"]
    named: Json = {}
    for part in (document["paths"], schemas):
        for schema in list(_schemas(part)):
            if len(str(schema.get("pattern", ""))) <= LONG_PATTERN:
                continue
            text = {key: schema.pop(key) for key in ("type", "minLength", "maxLength", "pattern")}
            kind = "Lines" if r"\t\n" in text["pattern"] else "Text"
            name = f"{kind}{text['maxLength']}"
            if named.setdefault(name, text) != text:
                raise ValueError(f"Two texts are called {name}.")
            schema["$ref"] = f"#/components/schemas/{name}"
    document["components"]["schemas"] = dict(sorted({**schemas, **named}.items()))
