"""The description of a service's interface: OpenAPI with every problem, the same at each start."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared.access.callers import RoleNotAllowed, roles_wanted
from shared.http.body import MemberTwice, NotPlainJson, NotUtf8, NumberOutOfRange, TooDeep
from shared.http.edge import (
    BodyTooLarge,
    BodyTooSlow,
    CallerUnknown,
    CursorInvalid,
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    MediaTypeUnsupported,
    PreconditionMalformed,
    PreconditionMissing,
    RequestInProgress,
    TryAgainLater,
    ValueNotStorable,
    VersionStale,
)
from shared.http.fields import FieldsInvalid
from shared.http.idempotency import HEADER, PATTERN
from shared.http.openapi_size import share
from shared.http.problems import MEDIA_TYPE, Problem, refusals
from shared.refusals import Refusal

ROLES = "x-roles"
"""The extension that lists the roles of which a caller needs one."""

_body = [NotPlainJson, NotUtf8, MemberTwice, NumberOutOfRange, TooDeep, BodyTooLarge, BodyTooSlow, MediaTypeUnsupported]
_command = [IdempotencyKeyMissing, IdempotencyKeyMalformed, IdempotencyKeyReused, RequestInProgress, ValueNotStorable]
_version = [PreconditionMissing, PreconditionMalformed, VersionStale]
_etag = {
    "description": "The version that the next change rests on.",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application, made once.

    Each operation lists the types of its refusals as the names of its examples; responses, examples and parameters
    that several operations have stand once, in the components. Raises `ValueError` where two routes have one name.
    """
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            servers=[{"url": app.state.settings.public_url}],
            tags=app.openapi_tags,
        )
        roles = {route.name: sorted(map(str, roles_wanted(route.dependant))) for route in _routes(app.routes)}
        seen: set[str] = set()
        for method, operation in operations(document):
            name = operation["operationId"]
            if name in seen:
                raise ValueError(f"Two routes are called {name}.")
            seen.add(name)
            _complete(method, operation, roles.get(name, []))
        _name_versions(document["paths"])
        _name_problem(document)
        share(document)
        app.openapi_schema = document
    return app.openapi_schema


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation of a document, with its method."""
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            if isinstance(operation, dict):
                yield method, operation


def _routes(routes: Iterable[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _routes(getattr(getattr(route, "original_router", route), "routes", []))


def _complete(method: str, operation: dict[str, Any], roles: list[str]) -> None:
    """Add to an operation who may call it, what the edge may answer, and which headers a command wants."""
    operation.setdefault("security", [])
    operation["summary"] = operation["summary"].capitalize()
    if roles:
        operation[ROLES] = roles
    parameters = {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
    if HEADER in parameters and method == "post":
        _require(parameters[HEADER], f"^{PATTERN}$")
    if "If-Match" in parameters:
        _require(parameters["If-Match"], '^"[0-9]{1,18}"$')
    responses = operation.setdefault("responses", {})
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for status, response in refusals(*_of_the_edge(operation, parameters)).items():
        _merge(responses, str(status), response)
    operation["responses"] = dict(sorted(responses.items()))


def _of_the_edge(operation: dict[str, Any], parameters: dict[str, Any]) -> Iterable[type[Refusal]]:
    if operation.get("security"):
        yield from [CallerUnknown, TryAgainLater]
    if ROLES in operation:
        yield RoleNotAllowed
    if parameters or "requestBody" in operation:
        yield FieldsInvalid
    if "requestBody" in operation:
        yield from _body
    if HEADER in parameters:
        yield from _command
    if "If-Match" in parameters:
        yield from _version
    if "cursor" in parameters:
        yield CursorInvalid


def _name_versions(paths: dict[str, Any]) -> None:
    """Say which replies bear an ETag: those of each change that wants If-Match, and of the reading that it rests on."""
    for path, methods in paths.items():
        for operation in [each for each in methods.values() if wants_version(each)]:
            _tagged(operation)
            if (read := rested_on(paths, path)) is not None:
                _tagged(paths[read]["get"])


def wants_version(operation: dict[str, Any]) -> bool:
    """Whether the operation wants If-Match."""
    return any(each.get("name") == "If-Match" for each in operation.get("parameters", []))


def rested_on(paths: dict[str, Any], path: str) -> str | None:
    """The path of the one thing whose version a change at this path rests on: itself, or the nearest one above it."""
    while path:
        if path.endswith("}") and "get" in paths.get(path, {}):
            return path
        path = path.rpartition("/")[0]
    return None


def _tagged(operation: dict[str, Any]) -> None:
    for status in (status for status in operation["responses"] if status.startswith("2")):
        operation["responses"][status]["headers"] = {"ETag": _etag}


def _require(parameter: dict[str, Any], pattern: str) -> None:
    parameter["required"] = True
    parameter["schema"] = {"type": "string", "pattern": pattern}


def _merge(responses: dict[str, Any], status: str, response: dict[str, Any]) -> None:
    """Add the refusals of the edge to those that the route itself names."""
    found = responses.setdefault(status, {**response, "content": {}})
    media = found.setdefault("content", {}).setdefault(MEDIA_TYPE, response["content"][MEDIA_TYPE])
    media["examples"] = dict(
        sorted({**response["content"][MEDIA_TYPE]["examples"], **media.get("examples", {})}.items())
    )


def _name_problem(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    document["components"]["schemas"] = dict(sorted(schemas.items()))
