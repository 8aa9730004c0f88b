"""A field type for codes of ASCII characters: checked by a pattern, then by what the code's own rule says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.values.wrong import found, found_kind, wrong


@dataclass(frozen=True, slots=True)
class Code:
    """A code: text that matches the whole of `pattern` and in which `fault` finds nothing wrong.

    `fault` answers what was found wrong, without the code itself, or nothing. A `secret` code is never echoed.
    """

    kind: str
    pattern: str
    wanted: str
    example: str
    fault: Callable[[str], str | None] = lambda _: None
    secret: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with `read`."""
        return core_schema.no_info_plain_validator_function(self.read, serialization=core_schema.to_string_ser_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A string with the pattern and an example."""
        return {"type": "string", "pattern": f"^{self.pattern}$", "examples": [self.example]}

    def read(self, value: object) -> str:
        """The code as it was given; raises the field's error."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value, re.ASCII):
            raise wrong(self.kind, found_kind(value) if self.secret else found(value), self.wanted)
        if fault := self.fault(value):
            raise wrong(self.kind, fault, self.wanted)
        return value

    def fits(self, value: object) -> bool:
        """Whether the field would take this value."""
        return isinstance(value, str) and bool(re.fullmatch(self.pattern, value, re.ASCII)) and not self.fault(value)
