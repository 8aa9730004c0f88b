"""Routes of demands: one officer proposes, another approves after the funding service has been asked."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from obligations.agreements.refusals import RuleSetNotFrozen
from obligations.claims.commands import take_in_hand
from obligations.claims.model import Claim
from obligations.claims.queries import visible_claim
from obligations.claims.refusals import ClaimNotFound, ClaimNotNotified, ClaimWithoutFigures, RecalculationPending
from obligations.demands import commands
from obligations.demands.model import Demand, DemandStatus
from obligations.demands.refusals import (
    BelowMateriality,
    ClaimOutdated,
    DemandAlreadyProposed,
    DemandNotProposed,
    HearingRuns,
    ProposalVoid,
    RestsOnUnverified,
)
from obligations.freshness.asking import FundingAnswer, answered
from obligations.freshness.refusals import FactsStillArriving, FundingServiceSilent
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, allowed
from shared.database.columns import columns
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.two_people import SecondPersonWanted
from shared.values.dates import Moment
from shared.values.money import Money
from shared.values.text import Name, Reference

router = Router(prefix="/v1", tags=["demands"])

Accepted = Annotated[list[Reference], Field(max_length=200)]

DEMANDABLE = (
    ClaimNotFound,
    ClaimNotNotified,
    ClaimWithoutFigures,
    HearingRuns,
    ClaimOutdated,
    BelowMateriality,
    RestsOnUnverified,
    RuleSetNotFrozen,
    RecalculationPending,
)


class DemandProposed(BaseModel):
    """What the proposer accepts although nobody has verified it: `rule-set/default`, `rates/2025-03-11`, by name."""

    model_config = ConfigDict(extra="forbid")

    accepted_unverified: Accepted = []


class DemandApproved(BaseModel):
    """What the approver accepts likewise, and how the demand is served."""

    model_config = ConfigDict(extra="forbid")

    accepted_unverified: Accepted = []
    served_by: Name = "electronic delivery"


class DemandView(BaseModel):
    """A proposal or a demand: the version it is about, in tenge, and who stood for it.

    `accepted` and `accepted_by_approver` are what each accepted by name although nobody has verified it.
    """

    id: UUID
    claim_id: UUID
    claim_version: int
    status: DemandStatus
    principal: Money
    interest: Money
    total: Money
    accepted: list[str]
    proposed_by: str
    proposed_at: Moment
    approved_by: str | None
    approved_at: Moment | None
    accepted_by_approver: list[str] | None
    served_by: str | None

    @classmethod
    def of(cls, demand: Demand) -> "DemandView":
        """The view of a demand."""
        return cls.model_validate(demand, from_attributes=True)


@router.post(
    "/claims/{claim_id}/demand-proposal",
    status_code=201,
    dependencies=[Depends(allowed(Role.OFFICER))],
    responses=refusals(*DEMANDABLE, DemandAlreadyProposed),
)
async def propose_demand(
    claim_id: UUID,
    proposed: DemandProposed,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> DemandView:
    """Propose to demand the claim at its current version (Law 86-VII, Art. 27(4)), after the hearing."""
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    accepted = proposed.accepted_unverified
    demand = await commands.propose_demand(transaction, hand, accepted, by=seen.subject, at=now)
    tag(response, hand.claim.version)
    return DemandView.of(demand)


@router.post(
    "/claims/{claim_id}/demand-approval",
    dependencies=[Depends(allowed(Role.APPROVER))],
    responses=refusals(
        *DEMANDABLE, DemandNotProposed, ProposalVoid, SecondPersonWanted, FactsStillArriving, FundingServiceSilent
    ),
)
async def approve_demand(
    claim_id: UUID,
    approved: DemandApproved,
    funding: FundingAnswer,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> DemandView:
    """Approve what another officer proposed, and serve it; refused while facts are still on their way."""
    positions = answered(funding)
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    demand = await commands.approve_demand(
        transaction,
        hand,
        approved.accepted_unverified,
        positions,
        approved.served_by,
        by=seen.subject,
        at=now,
    )
    tag(response, hand.claim.version)
    return DemandView.of(demand)


@router.get("/claims/{claim_id}/demands", dependencies=[Depends(allowed(*READERS))], responses=refusals(ClaimNotFound))
async def list_demands(
    claim_id: UUID,
    reading: Reading,
    seen: Seen,
    page: WantedPage,
    status: Annotated[DemandStatus | None, Query()] = None,
) -> Page[DemandView]:
    """List the proposals and demands of a claim, the oldest first."""
    claim = await visible_claim(reading, claim_id, seen)
    statement = select(Demand).where(col(Demand.claim_id) == claim.id)
    if status is not None:
        statement = statement.where(col(Demand.status) == status)
    rows = (await reading.exec(page.of(statement, columns(Demand).id))).all()
    return page.page(rows, lambda demand: (demand.id,), DemandView.of)
