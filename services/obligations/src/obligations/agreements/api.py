"""Agreements over HTTP, as this service knows them: terms, tranches, frozen rule set, facts received."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlmodel import col, select

from obligations.agreements.model import Agreement, AgreementFact, AgreementStatus, Tranche, TrancheStatus
from obligations.agreements.queries import tranches_of, visible_agreement
from obligations.agreements.refusals import AgreementNotFound
from obligations.agreements.years import parts_by_year
from obligations.visibility import READERS, Seen
from shared.access.callers import RoleNotAllowed, allowed
from shared.contracts.support import Measure
from shared.database.columns import columns
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Reading
from shared.values.money import Money

router = Router(prefix="/v1", tags=["agreements"])

Reader = Depends(allowed(*READERS))


class AgreementView(BaseModel):
    """An agreement as this service has heard of it; `rule_set_frozen` once its parameters are known."""

    agreement_id: UUID
    number: str
    measure: Measure
    institute: str
    recipient_id: UUID
    amount: Money
    signed_on: date
    status: AgreementStatus
    region: str | None
    reporting_years: list[int]
    rule_set: str
    rule_set_frozen: bool

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The view of an agreement."""
        return cls.model_validate(members_of(agreement))


def members_of(agreement: Agreement) -> dict[str, Any]:
    """The members of the view of an agreement."""
    stored = agreement.model_dump(include=set(AgreementView.model_fields))
    return {**stored, "agreement_id": agreement.id, "rule_set_frozen": agreement.rule_set_content is not None}


class TrancheView(BaseModel):
    """A part of the money; `disbursed_on` where it was paid.

    `without_year` where that was after the last reporting year: no year stands for it, nothing of it can be claimed.
    """

    tranche_id: UUID
    number: int
    amount: Money
    status: TrancheStatus
    planned_on: date | None
    disbursed_on: date | None
    reversed_on: date | None
    without_year: bool

    @classmethod
    def of(cls, agreement: Agreement, tranche: Tranche) -> Self:
        """The view of a tranche of an agreement."""
        paid_on = tranche.disbursed_on if tranche.status is TrancheStatus.DISBURSED else None
        without_year = paid_on is not None and parts_by_year(agreement, tranche.amount, paid_on) is None
        stored = tranche.model_dump(include=set(cls.model_fields))
        return cls.model_validate({**stored, "tranche_id": tranche.id, "without_year": without_year})


class FactView(BaseModel):
    """A fact about the agreement: when it happened, and since when it is known here."""

    fact_id: UUID
    type: str
    occurred_at: datetime
    recorded_at: datetime

    @classmethod
    def of(cls, fact: AgreementFact) -> Self:
        """The view of a fact."""
        return cls.model_validate({**fact.model_dump(include=set(cls.model_fields)), "fact_id": fact.id})


class AgreementDetails(AgreementView):
    """An agreement with its tranches and its frozen parameters."""

    rule_set_hash: str | None
    rule_set_content: dict[str, Any] | None
    tranches: list[TrancheView]


@router.get("/agreements", dependencies=[Reader], responses=refusals(RoleNotAllowed))
async def list_agreements(
    session: Reading,
    sight: Seen,
    wanted: WantedPage,
    measure: Annotated[Measure | None, Query()] = None,
    status: Annotated[AgreementStatus | None, Query()] = None,
    recipient_id: Annotated[UUID | None, Query()] = None,
) -> Page[AgreementView]:
    """List the agreements that the caller may see, by the day of signature."""
    statement = select(Agreement).where(sight.of(Agreement))
    if measure is not None:
        statement = statement.where(col(Agreement.measure) == measure)
    if status is not None:
        statement = statement.where(col(Agreement.status) == status)
    if recipient_id is not None:
        statement = statement.where(col(Agreement.recipient_id) == recipient_id)
    rows = (await session.exec(wanted.of(statement, columns(Agreement).signed_on, columns(Agreement).id))).all()
    return wanted.page(rows, lambda one: (one.signed_on, one.id), AgreementView.of)


@router.get("/agreements/{agreement_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, AgreementNotFound))
async def read_agreement(agreement_id: UUID, session: Reading, sight: Seen) -> AgreementDetails:
    """Read an agreement with its tranches and its frozen parameters."""
    agreement = await visible_agreement(session, agreement_id, sight)
    return AgreementDetails.model_validate(
        {
            **members_of(agreement),
            "rule_set_hash": agreement.rule_set_hash,
            "rule_set_content": agreement.rule_set_content,
            "tranches": [TrancheView.of(agreement, tranche) for tranche in await tranches_of(session, agreement.id)],
        }
    )


@router.get(
    "/agreements/{agreement_id}/facts", dependencies=[Reader], responses=refusals(RoleNotAllowed, AgreementNotFound)
)
async def list_facts(
    agreement_id: UUID,
    session: Reading,
    sight: Seen,
    wanted: WantedPage,
    type_: Annotated[str | None, Query(alias="type", max_length=100)] = None,
) -> Page[FactView]:
    """List the facts received about an agreement, in the order in which they became known."""
    agreement = await visible_agreement(session, agreement_id, sight)
    statement = select(AgreementFact).where(col(AgreementFact.agreement_id) == agreement.id)
    if type_ is not None:
        statement = statement.where(col(AgreementFact.type) == type_)
    rows = (await session.exec(wanted.of(statement, columns(AgreementFact).position))).all()
    return wanted.page(rows, lambda fact: (fact.position,), FactView.of)
