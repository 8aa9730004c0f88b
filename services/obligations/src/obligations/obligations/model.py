"""A counter-obligation of one reporting year: opened, reported, evaluated, excused or cancelled."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Numeric, Text, UniqueConstraint, Uuid
from sqlmodel import Field

from obligations.fulfilment import Measured, is_breach, level_of
from obligations.obligations.refusals import NothingToExcuse, ObligationVoid
from obligations.obligations.terms import Deadline, Terms
from obligations.record import Record
from shared.contracts.event import Event
from shared.contracts.obligations import (
    BreachReason,
    ObligationAmended,
    ObligationAwaited,
    ObligationBreached,
    ObligationCancelled,
    ObligationExcused,
    ObligationFulfilled,
    ObligationOpened,
)
from shared.contracts.support import Direction, Measure, TargetMode
from shared.database.columns import Instant, TextEnum
from shared.refusals import Refusal

MILLION = 1_000_000
NOTHING = Fraction(0)


class ObligationStatus(StrEnum):
    """Where an obligation stands; `reported` is a report that has not been evaluated yet."""

    ACTIVE = "active"
    REPORTED = "reported"
    FULFILLED = "fulfilled"
    BREACHED = "breached"
    EXCUSED = "excused"
    CANCELLED = "cancelled"


EXCUSABLE = frozenset({ObligationStatus.ACTIVE, ObligationStatus.REPORTED, ObligationStatus.BREACHED})
SETTLED_OTHERWISE = frozenset({ObligationStatus.EXCUSED, ObligationStatus.CANCELLED})


class Obligation(Record, table=True):
    """One indicator of an agreement in one reporting year (Law 86-VII, Art. 27(3)).

    `achieved` is what the standing report says (`report_id`, `report_revision`), in the indicator's unit. `level` is
    the exact level as a fraction, `fulfilment` the same rounded half up to six decimals to be shown.
    `evaluation_refusal` names why a report could not be evaluated: nothing is guessed, it stays as it was.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("agreement_id", "term_id", "reporting_year", name="uq_obligation_term_year"),
        CheckConstraint(
            "status in ('active', 'reported', 'fulfilled', 'breached', 'excused', 'cancelled')", name="status_known"
        ),
        CheckConstraint("status not in ('fulfilled', 'breached') or level is not null", name="evaluated_has_level"),
        CheckConstraint("(status = 'breached') = (breach_reason is not null)", name="breach_has_reason"),
        CheckConstraint("(status = 'cancelled') = (cancelled_because is not null)", name="cancelled_has_reason"),
        CheckConstraint("(report_id is null) = (achieved is null)", name="report_whole"),
        CheckConstraint("fulfilment between 0 and 1", name="fulfilment_in_range"),
        CheckConstraint("grace_until >= due_on", name="grace_after_due"),
        Index(None, "agreement_id", "reporting_year"),
        Index(None, "status", "grace_until"),
    )

    agreement_id: UUID = Field(sa_type=Uuid, sa_column_args=(ForeignKey("agreement.id"),))
    measure: Measure = Field(sa_type=TextEnum(Measure))
    recipient_id: UUID = Field(sa_type=Uuid, index=True)
    term_id: UUID = Field(sa_type=Uuid)
    reporting_year: int
    indicator: str = Field(sa_type=Text)
    direction: Direction = Field(sa_type=TextEnum(Direction))
    mode: TargetMode = Field(sa_type=TextEnum(TargetMode))
    lower_is_better: bool = False
    target: Decimal = Field(sa_type=Numeric(30, 10))
    baseline: Decimal | None = Field(default=None, sa_type=Numeric(30, 10))
    unit: str = Field(sa_type=Text)
    weight: Decimal = Field(sa_type=Numeric(30, 10))
    terms_fact_id: UUID = Field(sa_type=Uuid)
    due_on: date = Field(sa_type=Date)
    grace_until: date | None = Field(default=None, sa_type=Date)
    calendar_version: str = Field(sa_type=Text)
    status: ObligationStatus = Field(default=ObligationStatus.ACTIVE, sa_type=TextEnum(ObligationStatus))
    opened_at: datetime = Field(sa_type=Instant)
    report_id: UUID | None = Field(default=None, sa_type=Uuid)
    report_revision: int = 0
    achieved: Decimal | None = Field(default=None, sa_type=Numeric(30, 10))
    level: str | None = Field(default=None, sa_type=Text)
    fulfilment: Decimal | None = Field(default=None, sa_type=Numeric(7, 6))
    breach_reason: BreachReason | None = Field(default=None, sa_type=TextEnum(BreachReason))
    provisional: bool = False
    evaluated_at: datetime | None = Field(default=None, sa_type=Instant)
    evaluation_refusal: str | None = Field(default=None, sa_type=Text)
    excuse_id: UUID | None = Field(default=None, sa_type=Uuid)
    cancelled_because: str | None = Field(default=None, sa_type=Text)

    @property
    def exact_level(self) -> Fraction | None:
        """K_i, exact; `None` where the obligation is not evaluated, or excused or cancelled, and counts as 1."""
        if self.level is None or self.status in SETTLED_OTHERWISE:
            return None
        return Fraction(self.level)

    def overdue(self, today: date) -> bool:
        """Whether the due day and the grace period are over; not known to be while the grace days are unknown."""
        return self.grace_until is not None and self.grace_until < today

    def change(self, terms: Terms | None, deadline: Deadline) -> None:
        """Take the terms of an addendum, if it has any for this obligation, and the due day computed anew."""
        changed = {**(terms.columns if terms is not None else {}), **deadline.columns}
        for name, value in changed.items():
            setattr(self, name, value)

    def amend(self, terms: Terms | None, deadline: Deadline, reason: str, at: datetime) -> ObligationAmended:
        """Be held to other terms from now on, or by another rule set; what they mean is for the evaluation."""
        self.require_standing()
        self.change(terms, deadline)
        return ObligationAmended(occurred_at=at, due_on=self.due_on, reason=reason, **self._names)

    def open(self) -> ObligationOpened:
        """Monitor the obligation from now on."""
        opened = {"indicator": self.indicator, "direction": self.direction, "due_on": self.due_on}
        return ObligationOpened(occurred_at=self.opened_at, **opened, **self._names)

    def require_standing(self) -> None:
        """Raise `ObligationVoid` where the obligation was cancelled."""
        if self.status is ObligationStatus.CANCELLED:
            raise ObligationVoid(reporting_year=self.reporting_year, reason=self.cancelled_because)

    def take_standing_report(self, report_id: UUID | None, revision: int, achieved: Decimal | None) -> None:
        """Rest on the report that stands, or on none; what it means is for the evaluation."""
        self.require_standing()
        self.report_id, self.report_revision, self.achieved = report_id, revision, achieved
        self.evaluation_refusal = None
        if self.status in (ObligationStatus.ACTIVE, ObligationStatus.REPORTED):
            self.status = ObligationStatus.ACTIVE if achieved is None else ObligationStatus.REPORTED

    def evaluate(self, tolerance: Decimal, today: date, at: datetime) -> Sequence[Event]:
        """Hold what was reported against the target; the events say what changed, and nothing if nothing did.

        A report that is missing after the due day and the grace period is a breach at level 0, provisionally; before
        that the obligation is active. An excused or cancelled obligation stays so.
        """
        if self.status in SETTLED_OTHERWISE:
            return ()
        if self.achieved is None:
            if self.overdue(today):
                return self._evaluated(NOTHING, BreachReason.NOT_REPORTED, at)
            return self._awaited(at)
        try:
            level = level_of(Measured(self.mode, self.target, self.achieved, self.baseline, self.lower_is_better))
        except Refusal as refusal:
            self.evaluation_refusal = refusal.slug()
            return ()
        return self._evaluated(level, BreachReason.SHORTFALL if is_breach(level, tolerance) else None, at)

    def _awaited(self, at: datetime) -> Sequence[Event]:
        evaluated = self.level is not None
        self.status, self.level, self.fulfilment = ObligationStatus.ACTIVE, None, None
        self.breach_reason, self.provisional, self.evaluated_at = None, False, None
        return (ObligationAwaited(occurred_at=at, **self._names),) if evaluated else ()

    def _evaluated(self, level: Fraction, reason: BreachReason | None, at: datetime) -> Sequence[Event]:
        before = (self.status, self.level, self.breach_reason)
        self.status = ObligationStatus.FULFILLED if reason is None else ObligationStatus.BREACHED
        self.level, self.breach_reason = str(level), reason
        self.provisional = reason is BreachReason.NOT_REPORTED
        self.fulfilment, self.evaluated_at, self.evaluation_refusal = six_decimals(level), at, None
        if before == (self.status, self.level, self.breach_reason):
            return ()
        if reason is None:
            return (ObligationFulfilled(occurred_at=at, fulfilment=self.fulfilment, **self._names),)
        return (
            ObligationBreached(
                occurred_at=at,
                fulfilment=self.fulfilment,
                reason=reason,
                provisional=self.provisional,
                **self._names,
            ),
        )

    def require_excusable(self) -> None:
        """Raise `ObligationVoid` or `NothingToExcuse` where no excuse can be asked for or accepted."""
        self.require_standing()
        if self.status not in EXCUSABLE:
            raise NothingToExcuse(reporting_year=self.reporting_year, status=self.status)

    def excuse(self, excuse_id: UUID, reason: str, at: datetime) -> ObligationExcused:
        """Accept a cause beyond the recipient's control (assumed, after Law 86-VII, Art. 28(4)). It stays excused."""
        self.require_excusable()
        self.status, self.excuse_id = ObligationStatus.EXCUSED, excuse_id
        self.breach_reason, self.provisional = None, False
        return ObligationExcused(occurred_at=at, reason=reason, **self._names)

    def cancel(self, reason: str, at: datetime) -> ObligationCancelled:
        """Void the obligation: opened in error, or replaced by an addendum."""
        self.require_standing()
        self.status, self.cancelled_because = ObligationStatus.CANCELLED, reason
        self.breach_reason, self.provisional = None, False
        return ObligationCancelled(occurred_at=at, reason=reason, **self._names)

    @property
    def _names(self) -> dict[str, Any]:
        return {
            "obligation_id": self.id,
            "agreement_id": self.agreement_id,
            "measure": self.measure,
            "recipient_id": self.recipient_id,
            "reporting_year": self.reporting_year,
        }


def six_decimals(level: Fraction) -> Decimal:
    """A level rounded half up to six decimals, to be shown; it never enters a calculation."""
    millionths = (2 * MILLION * level.numerator + level.denominator) // (2 * level.denominator)
    return Decimal(f"{millionths // MILLION}.{millionths % MILLION:06d}")
