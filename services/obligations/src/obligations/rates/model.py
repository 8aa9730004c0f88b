"""A base rate with its two times (the day it is about, the moment it became known), and how far rates are known."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Numeric, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from obligations.rates.refusals import RateSuperseded
from obligations.record import NATIONAL, Record
from shared.contracts.rates import BaseRateAnnounced, BaseRateCorrected, RateCoverageExtended
from shared.database.columns import Instant
from shared.two_people import ConfirmedByTwo, confirmed_by_two


class BaseRate(Record, ConfirmedByTwo, table=True):
    """A base rate in percent a year, in force from the local day `effective_from` until the next one.

    Known from `known_from` until `known_until` (absent: still). `percent` absent: the correction says that no rate
    took effect that day. `announced_on` is assumed to be the day before where `announced_on_assumed`. A row is never
    changed but by its confirmation and by the correction that ends it. Verified by two different officers.
    """

    __tablename__ = "base_rate"
    __table_args__ = (
        CheckConstraint("percent >= 0", name="percent_not_negative"),
        CheckConstraint("known_until > known_from", name="known_in_order"),
        CheckConstraint("percent is not null or replaces is not null", name="withdrawal_is_a_correction"),
        CheckConstraint("(replaces is null) = (reason is null)", name="correction_has_a_reason"),
        *confirmed_by_two(),
        Index(
            "uq_base_rate_effective_from",
            "effective_from",
            unique=True,
            postgresql_where=text("known_until is null"),
        ),
        ExcludeConstraint(
            (func.daterange(text("effective_from"), text("effective_from"), text("'[]'")), "&&"),
            (func.tstzrange(text("known_from"), text("known_until")), "&&"),
            name="ex_base_rate_one_a_day",
            using="gist",
        ),
    )

    effective_from: date = Field(sa_type=Date, index=True)
    percent: Decimal | None = Field(default=None, sa_type=Numeric(7, 4))
    announced_on: date = Field(sa_type=Date)
    announced_on_assumed: bool = False
    source: str = Field(sa_type=Text)
    known_from: datetime = Field(sa_type=Instant)
    known_until: datetime | None = Field(default=None, sa_type=Instant)
    replaces: UUID | None = Field(default=None, sa_type=Uuid, sa_column_args=(ForeignKey("base_rate.id"),))
    reason: str | None = Field(default=None, sa_type=Text)
    entered_by: str = Field(sa_type=Text)

    @property
    def revision(self) -> int:
        """How often the row has changed: confirmed once or twice, ended by a correction."""
        return len(self.confirmed_by) + (self.known_until is not None)

    def announce(self, at: datetime) -> BaseRateAnnounced:
        """Make a new rate known."""
        if self.percent is None:
            raise ValueError("A rate without a percentage is a correction.")
        return BaseRateAnnounced(
            occurred_at=at,
            rate_id=self.id,
            effective_from=self.effective_from,
            percent=self.percent,
            source=self.source,
            verified=self.verified,
        )

    def correct(
        self,
        *,
        effective_from: date,
        percent: Decimal | None,
        announced_on: date,
        source: str,
        reason: str,
        by: str,
        at: datetime,
    ) -> tuple["BaseRate", BaseRateCorrected]:
        """End this row's time of being known and put another in its place; nothing is deleted."""
        if self.known_until is not None:
            raise RateSuperseded(effective_from=self.effective_from, known_until=self.known_until)
        at = max(at, self.known_from + timedelta(microseconds=1))
        self.known_until = at
        corrected = BaseRate(
            institute=NATIONAL,
            effective_from=effective_from,
            percent=percent,
            announced_on=announced_on,
            source=source,
            known_from=at,
            replaces=self.id,
            reason=reason,
            entered_by=by,
        )
        return corrected, BaseRateCorrected(
            occurred_at=at,
            rate_id=corrected.id,
            replaces=self.id,
            effective_from=effective_from,
            percent=percent,
            source=source,
            reason=reason,
        )

    def confirm(self, by: str, at: datetime) -> None:
        """Confirm the row against its source; with the second, different officer it is verified."""
        if self.known_until is not None:
            raise RateSuperseded(effective_from=self.effective_from, known_until=self.known_until)
        self.take_confirmation(by, at)


class RateCoverage(Record, table=True):
    """From `known_from` on, base rates are known up to and including the local day `known_until`.

    Coverage only grows: the furthest day of all rows known by a moment is what held then. `assumed` marks rows that
    were derived from the days of later changes.
    """

    __tablename__ = "rate_coverage"
    __table_args__ = (Index(None, "known_from"),)

    known_until: date = Field(sa_type=Date)
    known_from: datetime = Field(sa_type=Instant)
    source: str = Field(sa_type=Text)
    assumed: bool = False
    entered_by: str = Field(sa_type=Text)

    def extend(self, at: datetime) -> RateCoverageExtended:
        """Make known how far rates are known."""
        return RateCoverageExtended(occurred_at=at, known_until=self.known_until, source=self.source)
