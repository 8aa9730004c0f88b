"""The list of goods: six digits of the FEA CN, the sector and the level of processing, dated."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.reference.lists import NAME, WORDS, Cell, ListDefinition, choice
from shared.reference.rows import Entry
from shared.values.codes import Code

SIX = Code("fea_cn_6", "[0-9]{6}", "six digits of an FEA CN code", "841370")


class Level(StrEnum):
    """How deeply a good is processed."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


GOODS = ListDefinition(
    "export-goods",
    Cell("fea_cn", SIX.read),
    (NAME, Cell("sector", WORDS), Cell("processing", choice(*(level.value for level in Level)))),
)
"""The goods and services for export (Law 86-VII, Art. 10(3)): effective-dated, about five thousand codes."""


class Standing(StrEnum):
    """What the list says of a code on a day; `unknown` where no list is known for that day."""

    LISTED = "listed"
    NOT_LISTED = "not-listed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Good:
    """What the list of one day says of a code. `row` is the entry that it rests on, where there is one."""

    code: str
    on: date
    standing: Standing
    level: Level | None = None
    sector: str | None = None
    name: str | None = None
    row: UUID | None = None
    source: str | None = None
    verified: bool = False

    @classmethod
    def of(cls, code: str, on: date, entry: Entry | None, *, list_known: bool) -> "Good":
        """The good of an entry; without one it is not listed, or unknown where the day has no list at all."""
        if entry is None:
            return cls(code, on, Standing.NOT_LISTED if list_known else Standing.UNKNOWN)
        told = entry.attributes
        return cls(
            code,
            on,
            Standing.LISTED,
            Level(told["processing"]),
            told["sector"],
            told["name"],
            entry.id,
            entry.source,
            entry.verified,
        )
