"""What a value type answers to bad input: what was found and what is wanted, safe to print and to log."""

import re
from collections.abc import Mapping
from decimal import Decimal

from pydantic_core import PydanticCustomError

LONGEST_ECHO = 40

_long_number = re.compile(r"(\d[\s_-]*){10}")
"""Ten digits in a row may be an IIN, a BIN or an account in the wrong field."""


FOUND = (
    '"{shown}... ({count} characters)"',
    "null",
    "nothing",
    "a JSON boolean",
    "a JSON number",
    "an empty text",
    "a text of {count} characters",
    "a list",
    "an object",
    "a value of type {name}",
    "{seen}, which is no day",
    "{seen}, which is no instant",
    "a decimal number that does not fit",
    "a larger number",
    "zero",
    "a blank text",
    "the character {code} at place {place}",
    "12 digits whose check digit is wrong",
    "12 digits whose third and fourth are no month",
    "12 digits whose fifth is not 4, 5 or 6",
    "12 digits whose sixth is not 0, 1, 2 or 4",
    "12 digits that do not begin as an IIN does",
    "12 digits whose seventh is above 6",
    "an account number whose check digits are wrong",
)
"""What the types of this package may have found: message ids of the catalogues."""

IN_CELLS = (
    "one of {choices}",
    "a whole number from {least} to {most}",
    "{wanted}, or {none}",
    "a whole number of days",
    "a whole number of months",
    "a whole number of years",
    "a whole number",
    "tenge with no or two decimals",
    "a number of monthly calculation indices",
    "percent",
    "a number with up to six decimals",
    "a name of small letters, digits, points and hyphens",
    "an item of an act without blanks, such as 25(5)(4)",
    "more rows",
    "at most {most} rows",
    "no row",
    "at least one row",
    "a broken line ({reason})",
    "CSV with commas and double quotes",
    "{count} bytes",
    "at most {most} bytes",
    "the byte {byte}",
    "a NUL character",
    "text in UTF-8",
    "{count} cells",
    "{count} cells, as in the header",
    "the columns {columns}",
    "no header",
    "a column that the list does not have",
    "the column twice",
    "it once",
    "no such column",
    "a day not before {first}",
    '"{day}" as in line {line}',
    "one row for it",
    '"{day}" while line {line} still holds',
    '"{day}" while the known row of {since} still holds',
    '"{day}", which two people have confirmed with another content',
    "a withdrawal that another person has proposed",
    "a withdrawal by two people",
    "nothing: only an installation tells it",
    "an effective_to of the earlier row before this day",
)
"""What is found and wanted in the cells of a file: message ids of the catalogues."""


class Words(str):
    """English words that remember their message id and its data, so that the edge can say them in another language."""

    message: str
    data: Mapping[str, object]

    def __new__(cls, message: str, **data: object) -> "Words":
        """Fill the message's placeholders."""
        words = super().__new__(cls, message.format(**data))
        words.message, words.data = message, data
        return words


def found(value: object) -> str:
    """Describe a value in at most 70 ASCII characters: text is escaped and shortened, anything else only named.

    Text with ten digits in a row is only named too: people put an IIN into any field.
    """
    if isinstance(value, str) and not _long_number.search(value):
        shown = ascii(value[:LONGEST_ECHO])[1:-1][:LONGEST_ECHO]
        if len(value) > LONGEST_ECHO or len(shown) == LONGEST_ECHO:
            return Words('"{shown}... ({count} characters)"', shown=shown, count=len(value))
        return f'"{shown}"'
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
        return Words("a text of {count} characters", count=len(value)) if value else "an empty text"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return Words("a value of type {name}", name=type(value).__name__)


def wrong(kind: str, seen: str, wanted: str) -> PydanticCustomError:
    """The error of a field: `kind` is its stable type, `seen` and `wanted` are in the message and in its context."""
    return PydanticCustomError(kind, "Found {found}; wanted {wanted}.", {"found": seen, "wanted": wanted})
