"""Obligations as the interface shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from obligations.obligations.model import Obligation, ObligationStatus
from shared.contracts.obligations import BreachReason
from shared.contracts.support import Direction, Measure, TargetMode
from shared.http.history import Happened
from shared.values.decimals import plain
from shared.values.shares import Fulfilment

Value = Annotated[Decimal, PlainSerializer(lambda value: plain(value, 0), return_type=str)]
"""A value in the indicator's unit, as agreed or reported."""

NEWEST = 50

ReportingYear = Annotated[int, Field(ge=2000, le=2100, strict=True, description="A calendar year.")]


class ObligationView(BaseModel):
    """A counter-obligation of one reporting year, and where it stands."""

    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    institute: str
    reporting_year: int
    indicator: str
    direction: Direction
    mode: TargetMode
    lower_is_better: bool
    target: Value
    baseline: Value | None
    unit: str
    weight: Value
    due_on: date
    grace_until: date | None
    calendar_version: str
    status: ObligationStatus
    report_id: UUID | None
    report_revision: int
    achieved: Value | None
    fulfilment: Fulfilment | None
    breach_reason: BreachReason | None
    provisional: bool
    evaluated_at: datetime | None
    evaluation_refusal: str | None
    opened_at: datetime
    overdue: bool

    @classmethod
    def of(cls, obligation: Obligation, today: date) -> Self:
        """The view of an obligation on a local day."""
        return cls.model_validate(view_of(obligation, today))


def view_of(obligation: Obligation, today: date) -> dict[str, Any]:
    """The members of the view of an obligation on a local day."""
    stored = obligation.model_dump(exclude={"id", "version", "term_id", "terms_fact_id", "level", "excuse_id"})
    waiting = obligation.status is ObligationStatus.ACTIVE
    return {**stored, "obligation_id": obligation.id, "overdue": waiting and obligation.due_on < today}


class NextStep(BaseModel):
    """What is due next, from whom, and by the end of which local day where there is one."""

    what: str
    who: str
    by: date | None


class ObligationDetails(ObligationView):
    """An obligation, what is due next, and the newest of what happened to it: all of it has pages of its own."""

    cancelled_because: str | None
    history: Annotated[list[Happened], Field(max_length=NEWEST)]
    next: NextStep | None


class NewEvaluation(BaseModel):
    """Which reporting year of the institute is to be evaluated."""

    model_config = ConfigDict(extra="forbid")

    reporting_year: ReportingYear


class EvaluationView(BaseModel):
    """How many obligations were evaluated; where some are `left`, send the next command."""

    reporting_year: int
    evaluated: int
    left: bool


def next_step(obligation: Obligation, today: date) -> NextStep | None:
    """What is due next of an obligation on a local day."""
    match obligation.status:
        case ObligationStatus.ACTIVE:
            late = obligation.due_on < today
            what = "the report of the year is overdue" if late else "the report of the year"
            return NextStep(what=what, who="recipient", by=obligation.due_on)
        case ObligationStatus.REPORTED if obligation.evaluation_refusal is not None:
            return NextStep(what="the terms cannot be evaluated: an addendum", who="institute", by=None)
        case ObligationStatus.REPORTED:
            return NextStep(what="the evaluation of the report", who="institute", by=None)
        case ObligationStatus.BREACHED:
            return NextStep(what="a report that replaces this, an excuse, or repayment", who="recipient", by=None)
        case _:
            return None
