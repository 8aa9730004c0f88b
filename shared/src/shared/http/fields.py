"""Wrong fields of a request: where each is, what was found and what is wanted, never the value itself."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shared.http.edge import EdgeRefusal
from shared.refusals import Refusal
from shared.values.wrong import found_kind

MOST_ERRORS = 100

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "This is missing.",
        "extra_forbidden": "This is not known here.",
        "twice": "This is given more than once.",
        "not-text": "The text holds characters that are not text.",
        "string_type": "A text is wanted.",
        "string_sub_type": "A text is wanted.",
        "string_unicode": "A text is wanted.",
        "string_too_short": "The text is too short.",
        "string_too_long": "The text is too long.",
        "string_pattern_mismatch": "The text does not have the wanted form.",
        "string_not_ascii": "The text may hold ASCII characters only.",
        "int_type": "A whole number is wanted.",
        "int_parsing": "A whole number is wanted.",
        "int_parsing_size": "The number is too large.",
        "int_from_float": "A whole number is wanted.",
        "float_type": "A number is wanted.",
        "float_parsing": "A number is wanted.",
        "finite_number": "A number is wanted.",
        "decimal_type": "A decimal number is wanted.",
        "decimal_parsing": "A decimal number is wanted.",
        "decimal_max_digits": "The number has too many digits.",
        "decimal_max_places": "The number has too many decimal places.",
        "decimal_whole_digits": "The number has too many digits.",
        "greater_than": "The value is too small.",
        "greater_than_equal": "The value is too small.",
        "less_than": "The value is too large.",
        "less_than_equal": "The value is too large.",
        "multiple_of": "The value is not a multiple of what is wanted.",
        "bool_type": "True or false is wanted.",
        "bool_parsing": "True or false is wanted.",
        "list_type": "A list is wanted.",
        "tuple_type": "A list is wanted.",
        "set_type": "A list is wanted.",
        "frozen_set_type": "A list is wanted.",
        "too_short": "There are too few entries.",
        "too_long": "There are too many entries.",
        "dict_type": "An object is wanted.",
        "model_type": "An object is wanted.",
        "model_attributes_type": "An object is wanted.",
        "enum": "One of the listed values is wanted.",
        "literal_error": "One of the listed values is wanted.",
        "union_tag_invalid": "One of the listed values is wanted.",
        "union_tag_not_found": "This is missing.",
        "date_type": "A date is wanted, such as 2025-02-03.",
        "date_parsing": "A date is wanted, such as 2025-02-03.",
        "date_from_datetime_parsing": "A date is wanted, such as 2025-02-03.",
        "date_from_datetime_inexact": "A date is wanted, such as 2025-02-03.",
        "date_past": "The date may not lie in the future.",
        "date_future": "The date may not lie in the past.",
        "datetime_type": "An instant is wanted, such as 2025-02-03T09:00:00Z.",
        "datetime_parsing": "An instant is wanted, such as 2025-02-03T09:00:00Z.",
        "datetime_from_date_parsing": "An instant is wanted, such as 2025-02-03T09:00:00Z.",
        "timezone_aware": "The instant needs a time zone.",
        "uuid_type": "A UUID is wanted.",
        "uuid_parsing": "A UUID is wanted.",
        "url_parsing": "An address is wanted.",
        "url_type": "An address is wanted.",
        "none_required": "Nothing (null) is wanted.",
    }
)
"""The English words for each kind of error of the validator; they are message ids of the catalogues."""

FOUND_AND_WANTED = "Found {found}; wanted {wanted}."
"""What the value types of `shared.values` say; their `found` and `wanted` are message ids too."""

IN_CELL = "Line {line}, column {column}: found {found}; wanted {wanted}."
IN_LINE = "Line {line}: found {found}; wanted {wanted}."
IN_FILE = "The file: found {found}; wanted {wanted}."
LINE_SAYS = "Line {line}: {said}"
"""What is said of a wrong place in a file that a request carries."""

OTHERWISE = "The value is not what is wanted here."


@dataclass(frozen=True)
class FieldError:
    """One wrong field. `pointer` is a JSON pointer within `where`: body, query, path, header or cookie.

    `message`, `found` and `wanted` are message ids of the catalogues, or `Words` made of one.
    """

    where: str
    pointer: str
    message: str
    found: str | None = None
    wanted: str | None = None

    @classmethod
    def at(cls, where: str, place: Sequence[str | int], kind: str, **more: str | None) -> "FieldError":
        """An error of one of the kinds of `MESSAGES`, at a place given member by member."""
        return cls(where, pointer(place), MESSAGES.get(kind, OTHERWISE), **more)


class FieldsNamed(Refusal):
    """A refusal that names each thing that is wrong with the request; the problem shows them under `errors`."""

    errors: tuple[FieldError, ...] = ()


class FieldsInvalid(EdgeRefusal, FieldsNamed):
    """Fields of the request are missing, wrong or not known; each is named."""

    status = 422
    title = "The request is not valid"
    detail = "Some fields are missing, wrong or not known; each is named under errors."
    remedy = "Correct the named fields and send the request again."

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)[:MOST_ERRORS]
        super().__init__()


def pointer(place: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a place given member by member."""
    parts = (str(part)[:100].replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(f"/{part}" for part in parts).encode("utf-8", "backslashreplace").decode("utf-8")


def field_errors(errors: Sequence[Mapping[str, Any]], body: object) -> list[FieldError]:
    """The validator's errors in our words; `body` is what was validated, to tell members from the validator's marks."""
    return [_field_error(error, body) for error in errors[:MOST_ERRORS]]


def _field_error(error: Mapping[str, Any], body: object) -> FieldError:
    where, *place = error["loc"] or ("body",)
    kind, context = str(error["type"]), error.get("ctx") or {}
    if where == "body":
        place = _within(body, place)
    missing = kind in {"missing", "union_tag_not_found"}
    return FieldError(
        where=str(where),
        pointer=pointer(place),
        message=_message(kind, context),
        found="nothing" if missing else context.get("found") or found_kind(error.get("input")),
        wanted=_wanted(context),
    )


def _message(kind: str, context: Mapping[str, Any]) -> str:
    """Our words; a rule of a model speaks for itself, by the text of its ValueError."""
    if kind in MESSAGES:
        return MESSAGES[kind]
    if kind in {"value_error", "assertion_error"}:
        return str(context.get("error") or OTHERWISE)
    return FOUND_AND_WANTED if "found" in context and "wanted" in context else OTHERWISE


def _within(body: object, place: Sequence[str | int]) -> list[str | int]:
    """The place without the marks that the validator sets for unions, validators and keys."""
    kept: list[str | int] = []
    for index, part in enumerate(place):
        last = index == len(place) - 1
        if isinstance(body, dict):
            if part in body:
                body = body[part]
            elif not last or (isinstance(part, str) and re.match(r"[a-z-]+\[", part)):
                continue
            kept.append(part)
        elif isinstance(body, list) and isinstance(part, int) and 0 <= part < len(body):
            body = body[part]
            kept.append(part)
    return kept


_limits = {
    "ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}",
    "min_length": "≥ {}", "max_length": "≤ {}", "max_digits": "≤ {}", "decimal_places": "≤ {}", "whole_digits": "≤ {}",
    "pattern": "{}", "multiple_of": "{}", "expected": "{}", "expected_tags": "{}",
}  # fmt: skip


def _wanted(context: Mapping[str, Any]) -> str | None:
    """What the validator's context says is wanted: a value type's own words, or signs that every language reads."""
    own = context.get("wanted")
    if isinstance(own, str):
        return own
    for name, form in _limits.items():
        if name in context:
            return form.format(context[name]).replace(" or ", ", ")
    return None
