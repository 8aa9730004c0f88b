"""The call: an intake window with its budget and the parameters frozen for it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from export_support.calls.parameters import Parameters
from export_support.calls.refusals import OutsideTheWindow
from export_support.record import Record
from shared.calendar.local_days import local_day
from shared.calls import CallNotOpen, CallOpenAlready, WindowOver, WindowReversed
from shared.contracts.export_support import CallOpened
from shared.database.columns import Instant, Tenge, TextEnum


class CallStatus(StrEnum):
    """A planned call is the institute's own; an open one everybody sees."""

    PLANNED = "planned"
    OPEN = "open"


class Call(Record, table=True):
    """A call for requests. `budget` in tenge; the window's days are local days, both included.

    `parameters` are those in force on the first day of the window, as known when the call was opened: by them every
    request of the call is checked and calculated.
    """

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("status in ('planned', 'open')", name="status_known"),
        CheckConstraint("budget > 0", name="budget_positive"),
        CheckConstraint("opens_on <= closes_on", name="window_forward"),
        CheckConstraint("(status = 'open') = (opened_at is not null)", name="opened_at_when_open"),
        CheckConstraint("(status = 'open') = (parameters is not null)", name="parameters_when_open"),
        Index("ix_call_institute_status", "institute", "status", "id"),
    )

    title: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    budget: Decimal = Field(sa_type=Tenge)
    opens_on: date = Field(sa_type=Date)
    closes_on: date = Field(sa_type=Date)
    status: CallStatus = Field(default=CallStatus.PLANNED, sa_type=TextEnum(CallStatus))
    parameters: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    revision: int = Field(default=1, sa_type=Integer)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    opened_by: str | None = Field(default=None, sa_type=Text)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)

    def amend(self, *, title: str, description: str, budget: Decimal, opens_on: date, closes_on: date) -> None:
        """Change the plan."""
        self._require_planned()
        if closes_on < opens_on:
            raise WindowReversed(opens_on=opens_on, closes_on=closes_on)
        self.title, self.description, self.budget = title, description, budget
        self.opens_on, self.closes_on = opens_on, closes_on
        self.revision += 1

    def require_openable(self, at: datetime) -> None:
        """Raise unless the call may be opened at the instant."""
        self._require_planned()
        if local_day(at) > self.closes_on:
            raise WindowOver(closes_on=self.closes_on, today=local_day(at))

    def open(self, by: str, parameters: Parameters, at: datetime) -> CallOpened:
        """Make the call public with the parameters by which its requests are calculated."""
        self.require_openable(at)
        self.status, self.opened_by, self.opened_at = CallStatus.OPEN, by, at
        self.parameters = parameters.stored()
        self.revision += 1
        return CallOpened(
            occurred_at=at,
            call_id=self.id,
            title=self.title,
            budget=self.budget,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
        )

    @property
    def frozen(self) -> Parameters:
        """The parameters of the open call; raises `CallNotOpen`."""
        if self.parameters is None:
            raise CallNotOpen
        return Parameters.read(self.parameters)

    def require_intake(self, at: datetime) -> None:
        """Raise unless a request may be signed at the instant; the last day of the window is included."""
        self.require_open()
        if not self.opens_on <= local_day(at) <= self.closes_on:
            raise OutsideTheWindow(opens_on=self.opens_on, closes_on=self.closes_on, today=local_day(at))

    def require_open(self) -> None:
        """Raise unless the call is public."""
        if self.status is not CallStatus.OPEN:
            raise CallNotOpen

    def _require_planned(self) -> None:
        if self.opened_at is not None:
            raise CallOpenAlready(day=local_day(self.opened_at))
