"""Text that people write: composed (NFC), visible, not blank, of bounded length."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.values.wrong import Words, found_kind, wrong

INVISIBLE = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160"
    r"\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ue000-\uf8ff"
    r"\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff"
)
"""Control, format, bidirectional, zero-width, filler, variation, private characters of the first plane."""

INVISIBLE_ABOVE = (
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U0001fffe-\U0001ffff\U000e0000-\U0010ffff"
)

_unwanted = re.compile(f"[{INVISIBLE}{INVISIBLE_ABOVE}\ud800-\udfff]")
_unwanted_but_line_breaks = re.compile(f"(?!\n|\t)[{INVISIBLE}{INVISIBLE_ABOVE}\ud800-\udfff]")

WANTED = "visible text of 1 to {longest} characters"
WANTED_LINES = "visible text of 1 to {longest} characters, line breaks allowed"


@dataclass(frozen=True, slots=True)
class VisibleText:
    """A field type: text of 1 to `longest` characters after composing (NFC) and without blanks at both ends.

    Refused are NUL and other control characters, format, bidirectional and zero-width characters, fillers and lone
    surrogates. `lines` allows line breaks (CR LF becomes LF) and tabs, `marked` a byte order mark at the beginning,
    which spreadsheets write and which is left out.
    """

    longest: int
    lines: bool = False
    marked: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with `read`."""
        return core_schema.no_info_plain_validator_function(self.read, serialization=core_schema.to_string_ser_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A string with its length and a pattern of what must not be in it."""
        if handler.mode == "serialization":
            return {"type": "string"}
        allowed = rf"([^{INVISIBLE}]|[\t\n])" if self.lines else f"[^{INVISIBLE}]"
        mark = r"\ufeff?" if self.marked else ""
        pattern = rf"^{mark}{allowed}*[^\s{INVISIBLE}]{allowed}*$"
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "pattern": pattern}

    @property
    def wanted(self) -> str:
        """What the field takes, in words."""
        return Words(WANTED_LINES if self.lines else WANTED, longest=self.longest)

    def read(self, value: object) -> str:
        """The text, composed and stripped; raises the field's error."""
        if not isinstance(value, str):
            raise wrong("text", found_kind(value), self.wanted)
        if len(value) > 4 * self.longest:
            raise wrong("text_too_long", found_kind(value), self.wanted)
        text = value.removeprefix("\ufeff") if self.marked else value
        text = text.replace("\r\n", "\n") if self.lines else text
        unwanted = (_unwanted_but_line_breaks if self.lines else _unwanted).search(text)
        if unwanted:
            code, place = f"U+{ord(unwanted[0]):04X}", unwanted.start() + 1
            seen = Words("the character {code} at place {place}", code=code, place=place)
            raise wrong("text_invisible", seen, self.wanted)
        text = unicodedata.normalize("NFC", text).strip()
        if not text:
            raise wrong("text_blank", "a blank text" if value else "an empty text", self.wanted)
        if len(text) > self.longest:
            raise wrong("text_too_long", found_kind(text), self.wanted)
        return text


Name = Annotated[str, VisibleText(200)]
"""What something is called: one line of at most 200 characters."""

ShortText = Annotated[str, VisibleText(1_000)]
"""A reason, a remark, a reference: one line of at most 1,000 characters."""

LongText = Annotated[str, VisibleText(10_000, lines=True)]
"""A conclusion, minutes: lines, at most 10,000 characters together."""

Reference = Annotated[str, VisibleText(100)]
"""A number that others gave: of a document, a bank's payment, an act; at most 100 characters."""

CsvText = Annotated[str, VisibleText(500_000, lines=True, marked=True)]
"""A CSV file with its lines, at most 500,000 characters."""
