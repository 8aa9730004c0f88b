"""Which report stands: what was recorded last, in whatever order it is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class EntryKind(StrEnum):
    """What was done to a report."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry about a year: when it was recorded, its place in the order, and the value it states, if any."""

    report_id: UUID
    kind: EntryKind
    recorded_at: datetime
    revision: int
    achieved: Decimal | None


def last_recorded(statements: Iterable[Statement]) -> Statement | None:
    """The entry that was recorded last; of the same moment, the one with the higher revision."""
    return max(statements, key=lambda one: (one.recorded_at, one.revision), default=None)


def standing(statements: Iterable[Statement]) -> Statement | None:
    """The entry that stands: the one recorded last, unless it withdrew the report."""
    last = last_recorded(statements)
    return None if last is None or last.kind is EntryKind.WITHDRAWN else last
