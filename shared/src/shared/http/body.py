"""Strict JSON bodies: limited before they are read, and without what other parsers let through.

The request line and the headers are limited before the application, in `shared.http.server`.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from shared.http.edge import BodyMalformed, BodyTooLarge, BodyTooSlow, MediaTypeUnsupported
from shared.http.fields import FieldError, FieldsInvalid, pointer
from shared.values.decimals import JsonNumber

MAXIMUM_BYTES = 1024 * 1024
BODY_SECONDS = 30
MAXIMUM_DEPTH = 32
MAXIMUM_DIGITS = 40

_json_type = re.compile(r"application/json\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?\Z", re.IGNORECASE)


class NotPlainJson(BodyMalformed):
    """The body cannot be read as JSON."""

    detail = "The body cannot be read as JSON near character {position}."


class NotUtf8(BodyMalformed):
    """The body is in another encoding, or begins with a byte order mark."""

    detail = "The body is not plain UTF-8 near byte {position}."


class MemberTwice(BodyMalformed):
    """An object has the same member twice."""

    detail = "The member {member} stands twice in one object."


class NumberOutOfRange(BodyMalformed):
    """NaN, an infinity, or a number longer than any that is meant."""

    detail = "A number in the body is not finite or has too many digits."


class TooDeep(BodyMalformed):
    """The body is nested deeper than anything that is meant."""

    detail = "The body may be nested {limit} levels deep at most."


async def read_body(request: Request, limit: int = MAXIMUM_BYTES) -> bytes:
    """The whole body.

    Raises `BodyTooLarge` as soon as it is known to be larger than `limit` bytes, `BodyTooSlow` after thirty seconds.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and (len(announced) > 15 or int(announced) > limit):
        raise BodyTooLarge(limit=limit)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise BodyTooLarge(limit=limit)
    except TimeoutError:
        raise BodyTooSlow(seconds=BODY_SECONDS) from None
    return bytes(body)


def require_json(request: Request) -> None:
    """Raise `MediaTypeUnsupported` unless the body is announced as plain JSON."""
    types = request.headers.getlist("content-type")
    encoding = request.headers.get("content-encoding", "identity")
    if len(types) != 1 or not _json_type.match(types[0]) or encoding.lower() != "identity":
        raise MediaTypeUnsupported


def parse(body: bytes) -> Any:
    """The JSON value of a body, with `JsonNumber` for numbers that have a fraction or an exponent.

    Refuses a byte order mark, other encodings, NaN and infinities, numbers past 40 digits or the range of a double,
    members that stand twice, nesting past 32 levels, lone surrogates and NUL (which a PostgreSQL text cannot hold).
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8(position=error.start) from None
    if text.startswith("\ufeff"):
        raise NotUtf8(position=0)
    try:
        value = json.loads(
            text, object_pairs_hook=_members, parse_constant=_constant, parse_float=_decimal, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise NotPlainJson(position=error.pos) from None
    except RecursionError:
        raise TooDeep(limit=MAXIMUM_DEPTH) from None
    _inspect(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return {twice: _Broken(MemberTwice, {"member": _shown(twice)})}


@dataclass(frozen=True)
class _Broken:
    """Stands for a value that cannot be, until its place is known."""

    refusal: type[BodyMalformed]
    data: Mapping[str, Any] = field(default_factory=dict)


def _constant(_: str) -> _Broken:
    return _Broken(NumberOutOfRange)


def _decimal(digits: str) -> JsonNumber | _Broken:
    if len(digits) > MAXIMUM_DIGITS or float(digits) in {float("inf"), float("-inf")}:
        return _Broken(NumberOutOfRange)
    return JsonNumber(digits)


def _integer(digits: str) -> int | _Broken:
    return _Broken(NumberOutOfRange) if len(digits) > MAXIMUM_DIGITS else int(digits)


def _shown(name: str) -> str:
    return name[:60].encode("ascii", "backslashreplace").decode("ascii")


def _inspect(value: Any) -> None:
    """Walk the value without recursion; raise for depth and for texts that are not text, naming the field."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    wrong: list[FieldError] = []
    while waiting:
        part, place = waiting.pop()
        if len(place) > MAXIMUM_DEPTH:
            raise TooDeep(field=pointer(place), limit=MAXIMUM_DEPTH)
        if isinstance(part, _Broken):
            raise part.refusal(field=pointer(place), **part.data)
        if isinstance(part, str):
            if not is_text(part):
                wrong.append(FieldError.at("body", place, "not-text"))
        elif isinstance(part, list):
            waiting.extend((item, (*place, index)) for index, item in enumerate(part))
        elif isinstance(part, dict):
            if not all(map(is_text, part)):
                wrong.append(FieldError.at("body", place, "not-text"))
            waiting.extend((item, (*place, name)) for name, item in part.items())
    if wrong:
        raise FieldsInvalid(wrong)


def is_text(value: str) -> bool:
    """Whether PostgreSQL can hold it as text: no NUL, no lone surrogate."""
    return "\x00" not in value and (value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value))
