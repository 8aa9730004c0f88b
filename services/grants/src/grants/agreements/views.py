"""What the API takes and shows of agreements."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.terms import Terms, identified
from grants.applications.content import BudgetLine
from shared.contracts.support import Direction, Measure, ObligationTerm, PlannedTranche, TargetMode, YearWeight
from shared.identity import new_id
from shared.values.dates import Day
from shared.values.documents import Slug
from shared.values.money import Money, PositiveMoney
from shared.values.shares import Quantity, Weight
from shared.values.text import Name

MOST_PARTS = 50

Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
Years = Annotated[list[Year], Field(min_length=1, max_length=MOST_PARTS)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ObligationBody(_Body):
    """A counter-obligation: an indicator, its target in the indicator's unit, the years in which it is reported.

    `baseline` stands for `growth` only. Absent `reporting_years` are those of the agreement. An indicator with other
    targets in other years stands once for each target, with its years.
    """

    indicator: Slug
    direction: Direction
    mode: TargetMode
    lower_is_better: StrictBool = False
    target: Quantity
    baseline: Quantity | None = None
    unit: Name
    weight: Weight
    reporting_years: Years | None = None

    def term(self, years: list[int]) -> ObligationTerm:
        """The same as published."""
        stated = self.model_dump(exclude={"reporting_years"})
        return ObligationTerm(**stated, term_id=new_id(), reporting_years=tuple(self.reporting_years or years))


class TrancheBody(_Body):
    """A part of the money as planned; the order in the list gives its number."""

    amount: PositiveMoney
    planned_on: Day


class WeightBody(_Body):
    """The share of each tranche that a reporting year stands for, relative to the other years."""

    year: Year
    weight: Weight


Obligations = Annotated[list[ObligationBody], Field(min_length=1, max_length=MOST_PARTS)]


class NewOffer(_Body):
    """The terms on which an agreement is offered; its amount is the one that was approved."""

    application_id: UUID
    obligations: Obligations
    tranches: Annotated[list[TrancheBody], Field(min_length=1, max_length=MOST_PARTS)]
    reporting_years: Years
    rule_set: Slug
    year_weights: Annotated[list[WeightBody], Field(min_length=1, max_length=MOST_PARTS)] | None = None

    def terms(self) -> Terms:
        """The same for the command, each part with an identity of its own."""
        weights = self.year_weights
        return Terms(
            obligations=tuple(identified([each.term(self.reporting_years) for each in self.obligations])),
            tranches=tuple(
                PlannedTranche(tranche_id=new_id(), number=number, amount=part.amount, planned_on=part.planned_on)
                for number, part in enumerate(self.tranches, start=1)
            ),
            reporting_years=tuple(self.reporting_years),
            rule_set=self.rule_set,
            year_weights=None
            if weights is None
            else tuple(YearWeight(year=part.year, weight=part.weight) for part in weights),
        )


class ObligationView(BaseModel):
    """A counter-obligation as agreed."""

    term_id: UUID
    indicator: str
    direction: Direction
    mode: TargetMode
    lower_is_better: bool
    target: Quantity
    baseline: Quantity | None
    unit: str
    weight: Decimal
    reporting_years: list[int]


class PlannedView(BaseModel):
    """A tranche as planned."""

    tranche_id: UUID
    number: int
    amount: Money
    planned_on: date


class AgreementSummary(BaseModel):
    """An agreement in a list. Amounts in tenge."""

    id: UUID
    number: str
    institute: str
    measure: Measure
    status: AgreementStatus
    application_id: UUID
    recipient_id: UUID
    recipient_name: str
    region: str | None
    amount: Money
    offered_at: datetime
    expires_on: date
    signed_on: date | None
    ended_on: date | None

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The summary of an agreement."""
        return cls(**{name: getattr(agreement, name) for name in AgreementSummary.model_fields})


class TermsView(BaseModel):
    """What is agreed (Law 86-VII, Art. 27(1), (3))."""

    rule_set: str
    reporting_years: list[int]
    year_weights: list[YearWeight] | None
    obligations: list[ObligationView]
    planned: list[PlannedView]

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """The view of the terms."""
        return cls(
            rule_set=terms.rule_set,
            reporting_years=list(terms.reporting_years),
            year_weights=None if terms.year_weights is None else list(terms.year_weights),
            obligations=[ObligationView(**term.model_dump()) for term in terms.obligations],
            planned=[PlannedView(**part.model_dump()) for part in terms.tranches],
        )


class AgreementState(AgreementSummary):
    """An agreement with its terms: what a command answers."""

    version: int
    reason: str | None
    terms: TermsView
    budget: list[BudgetLine]

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The view of an agreement."""
        summary = AgreementSummary.of(agreement).model_dump()
        budget = [BudgetLine.model_validate(line) for line in agreement.budget]
        terms = TermsView.of(agreement.terms)
        return cls(**summary, version=agreement.revision, reason=agreement.reason, terms=terms, budget=budget)


class PositionsView(BaseModel):
    """The last sequence of every aggregate under an agreement: how far a reader must have come to know it all."""

    class At(BaseModel):
        """The last sequence of one aggregate."""

        aggregate_id: UUID
        sequence: int

    agreement_id: UUID
    positions: list[At]
    answered_at: datetime
