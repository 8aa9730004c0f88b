"""Problems (RFC 9457): every refusal and every failure as `application/problem+json`, in the caller's language."""

import json
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import Request, Response
from opentelemetry import trace
from pydantic import BaseModel, Field

from shared.http.edge import EdgeRefusal
from shared.http.fields import FOUND_AND_WANTED, FieldError, FieldsNamed
from shared.http.languages import Catalogues, Language, preferred
from shared.refusals import Kind, Refusal
from shared.values.wrong import Words

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[Kind, int] = MappingProxyType(
    {Kind.NOT_FOUND: 404, Kind.FORBIDDEN: 403, Kind.CONFLICT: 409, Kind.RULE_BROKEN: 422}
)
"""The one table from the kind of a refusal to its HTTP status; refusals of the edge name their own."""

_twelve_digits = re.compile(r"(?<![0-9.,])(?<!-[0-9a-f]{4}-)[0-9]{12}(?![0-9]|[.,][0-9])")
_traceparent = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}\Z")
_TRACE = "tirek.trace_id"


class ProblemField(BaseModel):
    """One field of the request that is wrong."""

    in_: str = Field(alias="in", description="Where the field is: body, query, path, header or cookie.")
    pointer: str = Field(description="JSON pointer (RFC 6901) of the field in there.")
    detail: str
    found: str | None = Field(None, description="What kind of value was found; never the value itself.")
    wanted: str | None = Field(None, description="The limit, the form or the values that are wanted.")


class Problem(BaseModel):
    """A problem of RFC 9457."""

    type: str = Field(description="What stays the same: /problems/ and the name; GET there describes it.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path of the request.")
    trace_id: str = Field(description="The trace under which the operator finds the request.")
    remedy: str | None = Field(None, description="What the caller can do.")
    errors: list[ProblemField] | None = None


def status_of(refusal: Refusal | type[Refusal]) -> int:
    """The HTTP status of a refusal."""
    status: int | None = getattr(refusal, "status", None)
    return STATUS[refusal.kind] if status is None else status


def without_numbers(text: str) -> str:
    """The text with each run of exactly twelve digits, which may be an IIN and is no end of a UUID, made illegible."""
    return _twelve_digits.sub("************", text)


def trace_id_of(request: Request) -> str:
    """The trace id of the request: the current span's, else the one it came with, else one made up, kept with it."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return trace.format_trace_id(span.trace_id)
    came_with = _traceparent.match(request.headers.get("traceparent", ""))
    return str(request.scope.setdefault(_TRACE, came_with[1] if came_with else secrets.token_hex(16)))


def language_of(request: Request) -> Language:
    """The language that the caller wants."""
    return preferred(request.headers.get("accept-language"))


def say(catalogues: Catalogues, language: Language, message: str, data: Mapping[str, object]) -> str:
    """The message in the language, its placeholders filled; in English where a translation's do not fit."""
    data = {
        name: _worded(part, catalogues, language) if isinstance(part, Words) else part for name, part in data.items()
    }
    try:
        said = catalogues.say(language, message).format(**data)
    except (KeyError, IndexError, ValueError):
        said = message.format(**data)
    return without_numbers(said)


def problem_of(refusal: Refusal, request: Request) -> dict[str, Any]:
    """The members of the problem that a refusal is, for this request."""
    catalogues: Catalogues = request.app.state.catalogues
    language = language_of(request)
    title = say(catalogues, language, refusal.title, {})
    members: dict[str, Any] = {
        "type": f"/problems/{refusal.slug()}",
        "title": title,
        "status": status_of(refusal),
        "detail": say(catalogues, language, refusal.detail, refusal.data) or title,
        "instance": without_numbers(request.url.path)[:1000],
        "trace_id": trace_id_of(request),
    }
    if refusal.remedy:
        members["remedy"] = say(catalogues, language, refusal.remedy, refusal.data)
    if isinstance(refusal, FieldsNamed):
        members["errors"] = [_field(error, catalogues, language) for error in refusal.errors]
    elif refusal.field is not None:
        members["errors"] = [{"in": "body", "pointer": without_numbers(refusal.field), "detail": members["detail"]}]
    return members


def _field(error: FieldError, catalogues: Catalogues, language: Language) -> dict[str, str]:
    said: dict[str, str | None] = {
        "in": error.where,
        "pointer": without_numbers(error.pointer),
        "found": error.found and without_numbers(_worded(error.found, catalogues, language)),
        "wanted": error.wanted and _worded(error.wanted, catalogues, language),
    }
    detail = say(catalogues, language, error.message, said) if error.message == FOUND_AND_WANTED else error.message
    said["detail"] = without_numbers(_worded(detail, catalogues, language))
    return {name: value for name, value in said.items() if value is not None}


def _worded(words: str, catalogues: Catalogues, language: Language) -> str:
    """What a value type found or wants, in the language; a text that was found stands as it is."""
    if not isinstance(words, Words):
        return catalogues.say(language, words)
    parts = {
        name: _worded(part, catalogues, language) if isinstance(part, Words) else part
        for name, part in words.data.items()
    }
    return say(catalogues, language, words.message, parts)


def respond(refusal: Refusal, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """The reply to a refused request."""
    members = problem_of(refusal, request)
    language = language_of(request)
    sent = {"Content-Language": language.value, "Vary": "Accept-Language", **(headers or {})}
    if isinstance(refusal, EdgeRefusal):
        sent |= refusal.headers
    if refusal.retry_after is not None:
        sent["Retry-After"] = str(refusal.retry_after)
    body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(body, status_code=members["status"], headers=sent, media_type=MEDIA_TYPE)


def refusals(*classes: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """What a route's `responses=` says of its refusals: one entry a status, one example a refusal.

    The examples themselves stand once, in the document's components.
    """
    documented: dict[int | str, dict[str, Any]] = {}
    for refusal in sorted(set(classes), key=lambda each: (status_of(each), each.slug())):
        status = status_of(refusal)
        entry = documented.setdefault(status, {"description": HTTPStatus(status).phrase, "content": {}})
        media = entry["content"].setdefault(
            MEDIA_TYPE, {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
        )
        media["examples"][refusal.slug()] = {"$ref": f"#/components/examples/{refusal.slug()}"}
    return documented


def example(refusal: type[Refusal]) -> dict[str, Any]:
    """The example of a refusal: a problem as it would make it, its placeholders left open."""
    members = {
        "type": f"/problems/{refusal.slug()}",
        "title": refusal.title,
        "status": status_of(refusal),
        "detail": refusal.detail or refusal.title,
        "instance": "/v1/…",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }
    remedy = {"remedy": refusal.remedy} if refusal.remedy else {}
    return {"value": {**members, **remedy}}


def described(refusal: type[Refusal], catalogues: Catalogues) -> dict[str, Any]:
    """What `GET /problems/{slug}` answers: the refusal's words in every language."""
    texts = {"title": refusal.title, "detail": refusal.detail, "remedy": refusal.remedy}
    return {
        "type": f"/problems/{refusal.slug()}",
        "status": status_of(refusal),
        **{
            name: {language.value: catalogues.say(language, text) for language in Language}
            for name, text in texts.items()
            if text
        },
    }
