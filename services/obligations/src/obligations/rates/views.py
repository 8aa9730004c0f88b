"""Base rates as the interface shows and takes them."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from obligations.rates.model import BaseRate, RateCoverage
from shared.values.dates import Day
from shared.values.shares import Percent
from shared.values.text import CsvText, ShortText


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRate(_Asked):
    """A base rate that takes effect on a day; where the day of announcement is absent, the day before is assumed."""

    effective_from: Day
    percent: Percent
    source: ShortText
    announced_on: Day | None = None


class NewCorrection(_Asked):
    """What is right instead; `percent` null says that no rate took effect on the day."""

    percent: Percent | None
    source: ShortText
    reason: ShortText
    effective_from: Day | None = None
    announced_on: Day | None = None


class NewConfirmation(_Asked):
    """The rows that the officer has held against their sources."""

    rate_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class NewImport(_Asked):
    """A CSV file with the columns effective_from, value, source and, where known, announced_on."""

    csv: CsvText
    known_until: Day | None = None


class NewCoverage(_Asked):
    """The last day up to which the base rate is known."""

    known_until: Day
    source: ShortText


class RateView(BaseModel):
    """A base rate in percent a year: the day it is about, and since when and until when it was known so."""

    rate_id: UUID
    effective_from: date
    percent: Percent | None
    announced_on: date
    announced_on_assumed: bool
    source: str
    known_from: datetime
    known_until: datetime | None
    replaces: UUID | None
    reason: str | None
    verified: bool
    confirmed_by: list[str]

    @classmethod
    def of(cls, rate: BaseRate) -> Self:
        """The view of a row."""
        stored = rate.model_dump(include=set(cls.model_fields) - {"rate_id", "verified", "confirmed_by"})
        return cls(rate_id=rate.id, verified=rate.verified, confirmed_by=rate.confirmed_by, **stored)


class CoverageView(BaseModel):
    """Up to which day the base rate is known; nothing is calculated beyond it."""

    known_until: date | None

    @classmethod
    def of(cls, coverage: RateCoverage) -> Self:
        """The view of a row."""
        return cls(known_until=coverage.known_until)


class ImportView(BaseModel):
    """What an import did."""

    added: int
    unchanged: int
    known_until: date | None
