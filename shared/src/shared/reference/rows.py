"""What a lookup answers: a dated row with its source, its verification and its identity."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

NO_LIMIT = "none"
"""The value of a parameter that sets no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRow:
    """What a decision keeps of the row it rested on. `verified` is as of the moment that was asked about."""

    id: UUID
    effective_from: date
    mark: str
    source: str
    known_from: datetime
    known_to: datetime | None
    import_id: UUID
    imported_by: str | None
    first_confirmed_by: str | None
    first_confirmed_at: datetime | None
    second_confirmed_by: str | None
    second_confirmed_at: datetime | None
    withdrawal_proposed_by: str | None
    withdrawal_proposed_at: datetime | None
    withdrawal_reason: str | None
    withdrawn_by: str | None
    withdrawals_rejected: int
    verified: bool

    @property
    def revision(self) -> int:
        """How often the row has changed: confirmed, its withdrawal proposed, a proposal rejected, its end known."""
        words = (self.first_confirmed_at, self.second_confirmed_at, self.withdrawal_proposed_at, self.known_to)
        return sum(word is not None for word in words) + 2 * self.withdrawals_rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(DatedRow):
    """A key of a list from `effective_from` to `effective_to`, both included, without end where that is None."""

    list_name: str
    key: str
    effective_to: date | None
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(DatedRow):
    """A value in force from `effective_from` until the next one of its name; its unit says how to read it."""

    name: str
    value: str
    unit: str

    @property
    def number(self) -> Decimal:
        """The value as an exact number; raises `ValueError` where it is none."""
        if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,10})?", self.value, re.ASCII):
            raise ValueError(f"The parameter {self.name} is no number.")
        return Decimal(self.value)

    @property
    def whole(self) -> int:
        """The value as a whole number, of days for instance; raises `ValueError` where it is none."""
        if not re.fullmatch("-?[0-9]{1,18}", self.value, re.ASCII):
            raise ValueError(f"The parameter {self.name} is no whole number.")
        return int(self.value)

    @property
    def limit(self) -> Decimal | None:
        """The value as a limit, None where the parameter says that there is none."""
        return None if self.value == NO_LIMIT else self.number

    @property
    def day(self) -> date:
        """The value as a day; raises `ValueError` where it is none."""
        return date.fromisoformat(self.value)

    @property
    def choices(self) -> tuple[str, ...]:
        """The value as a list of words separated by blanks."""
        return tuple(self.value.split())
