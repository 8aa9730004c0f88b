"""What the funding service answers before a route opens its transaction."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from obligations.claims.queries import visible_claim
from obligations.freshness.funding import FundingServices
from obligations.freshness.refusals import FundingServiceSilent
from obligations.visibility import Seen
from shared.events.positions import Position


async def funding_positions(
    request: Request, claim_id: UUID, seen: Seen
) -> tuple[Position, ...] | FundingServiceSilent:
    """How far the funding service has come with the claim's agreement: asked before any transaction is open.

    Silence is a value: it is said inside the command, so that the repetition of an approval already given is answered
    as it was, whether the funding service is there by then or not.
    """
    async with request.app.state.database.sessions() as session:
        claim = await visible_claim(session, claim_id, seen)
    services: FundingServices = request.app.state.funding_services
    try:
        return await services.positions(claim.measure, claim.agreement_id)
    except FundingServiceSilent as silent:
        return silent


FundingAnswer = Annotated[tuple[Position, ...] | FundingServiceSilent, Depends(funding_positions)]


def answered(funding: tuple[Position, ...] | FundingServiceSilent) -> tuple[Position, ...]:
    """The positions that were answered; raises `FundingServiceSilent` where none were."""
    if isinstance(funding, FundingServiceSilent):
        raise funding
    return funding
