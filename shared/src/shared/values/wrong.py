"""What a value type answers to bad input: what was found and what is wanted, safe to print and to log."""

import re
from decimal import Decimal

from pydantic_core import PydanticCustomError

LONGEST_ECHO = 40

_long_number = re.compile(r"(\d[\s_-]*){10}")
"""Ten digits in a row may be an IIN, a BIN or an account in the wrong field."""


def found(value: object) -> str:
    """Describe a value in at most 70 ASCII characters: text is escaped and shortened, anything else only named.

    Text with ten digits in a row is only named too: people put an IIN into any field.
    """
    if isinstance(value, str) and not _long_number.search(value):
        shown = ascii(value[:LONGEST_ECHO])[1:-1][:LONGEST_ECHO]
        more = f"... ({len(value)} characters)" if len(value) > LONGEST_ECHO or len(shown) == LONGEST_ECHO else ""
        return f'"{shown}{more}"'
    return found_kind(value)


def found_kind(value: object) -> str:
    """Name what a value is without showing any of it: for what may be personal data."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a JSON boolean"
    if isinstance(value, int | float | Decimal):
        return "a JSON number"
    if isinstance(value, str):
        return f"a text of {len(value)} characters" if value else "an empty text"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return f"a value of type {type(value).__name__}"


def wrong(kind: str, seen: str, wanted: str) -> PydanticCustomError:
    """The error of a field: `kind` is its stable type, `seen` and `wanted` are in the message and in its context."""
    return PydanticCustomError(kind, "Found {found}; wanted {wanted}.", {"found": seen, "wanted": wanted})
