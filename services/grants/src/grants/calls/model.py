"""The call: an intake window with its budget, from a plan to the last award."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text
from sqlmodel import Field

from grants.record import Record
from shared.calendar.local_days import local_day
from shared.calls import CallNotOpen, CallOpenAlready, WindowOver, WindowReversed
from shared.contracts.grants import CallOpened
from shared.database.columns import Instant, Tenge, TextEnum
from shared.refusals import RuleBroken


class OutsideTheWindow(RuleBroken):
    """Applications are taken from the first day of the window to the end of its last."""

    title = "Applications are not taken on this day"
    detail = "The call takes applications from {opens_on} to the end of {closes_on}; today is {today}."
    remedy = "Submit within the window, or to another call."


class BudgetExhausted(RuleBroken):
    """More would be awarded than the call has."""

    title = "The call's budget does not reach"
    detail = "{left} of the call's budget is left, {amount} is to be approved."
    remedy = "Approve less, or another application."


class CallStatus(StrEnum):
    """A planned call is the institute's own; an open one everybody sees."""

    PLANNED = "planned"
    OPEN = "open"


class Call(Record, table=True):
    """A call for applications. `budget` and `awarded` are tenge; the window's days are local days, both included."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("status in ('planned', 'open')", name="status_known"),
        CheckConstraint("budget > 0", name="budget_positive"),
        CheckConstraint("awarded >= 0 and awarded <= budget", name="awarded_within_budget"),
        CheckConstraint("opens_on <= closes_on", name="window_forward"),
        CheckConstraint("(status = 'open') = (opened_at is not null)", name="opened_at_when_open"),
        Index("ix_call_institute_status", "institute", "status", "id"),
    )

    title: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    budget: Decimal = Field(sa_type=Tenge)
    opens_on: date = Field(sa_type=Date)
    closes_on: date = Field(sa_type=Date)
    status: CallStatus = Field(default=CallStatus.PLANNED, sa_type=TextEnum(CallStatus))
    awarded: Decimal = Field(default=Decimal("0.00"), sa_type=Tenge)
    revision: int = Field(default=1, sa_type=Integer)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    opened_by: str | None = Field(default=None, sa_type=Text)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)

    def amend(self, *, title: str, description: str, budget: Decimal, opens_on: date, closes_on: date) -> None:
        """Change the plan."""
        self._require_planned("amend")
        if closes_on < opens_on:
            raise WindowReversed(opens_on=opens_on, closes_on=closes_on)
        self.title, self.description, self.budget = title, description, budget
        self.opens_on, self.closes_on = opens_on, closes_on
        self.revision += 1

    def open(self, by: str, at: datetime) -> CallOpened:
        """Make the call public; applications are taken within its window."""
        self._require_planned("open")
        if local_day(at) > self.closes_on:
            raise WindowOver(closes_on=self.closes_on, today=local_day(at))
        self.status, self.opened_by, self.opened_at = CallStatus.OPEN, by, at
        self.revision += 1
        return CallOpened(
            occurred_at=at,
            call_id=self.id,
            title=self.title,
            budget=self.budget,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
        )

    def require_intake(self, at: datetime) -> None:
        """Raise unless an application may be submitted at the instant; the last day of the window is included."""
        self.require_open()
        if not self.opens_on <= local_day(at) <= self.closes_on:
            raise OutsideTheWindow(opens_on=self.opens_on, closes_on=self.closes_on, today=local_day(at))

    def require_open(self) -> None:
        """Raise unless the call is public."""
        if self.status is not CallStatus.OPEN:
            raise CallNotOpen

    def award(self, amount: Decimal) -> None:
        """Take an approved amount, in tenge, out of the budget."""
        self.require_open()
        left = self.budget - self.awarded
        if amount > left:
            raise BudgetExhausted(left=f"{left:.2f}", amount=f"{amount:.2f}")
        self.awarded += amount
        self.revision += 1

    def take_back(self, amount: Decimal) -> None:
        """Return an award of so many tenge, whose offer was not signed in time, to the budget."""
        self.require_open()
        self.awarded -= amount
        self.revision += 1

    def _require_planned(self, verb: str) -> None:
        if self.opened_at is not None:
            raise CallOpenAlready(day=local_day(self.opened_at), verb=verb)
