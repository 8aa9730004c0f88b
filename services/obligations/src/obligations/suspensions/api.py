"""Routes of suspensions."""

from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from obligations.claims import commands, queries
from obligations.claims.model import Claim
from obligations.claims.refusals import ClaimClosed, ClaimNotFound, SuspensionEndsBeforeItBegins
from obligations.claims.views import SuspensionView
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, allowed
from shared.http.etag import IfMatch, require_version
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.values.dates import Day
from shared.values.text import ShortText

router = Router(prefix="/v1", tags=["claims"])


class SuspensionDecided(BaseModel):
    """From which day to which no interest runs, both included, and why."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    reason: ShortText


@router.post(
    "/claims/{claim_id}/suspensions",
    status_code=201,
    dependencies=[Depends(allowed(Role.OFFICER))],
    responses=refusals(ClaimNotFound, ClaimClosed, SuspensionEndsBeforeItBegins),
)
async def suspend_interest(
    claim_id: UUID, decided: SuspensionDecided, transaction: Transaction, seen: Seen, expected: IfMatch, now: Now
) -> SuspensionView:
    """Let no interest run for a span of days; the claim is calculated anew at once."""
    hand = await commands.take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    suspension = await commands.suspend(
        transaction, hand, decided.first, decided.last, decided.reason, by=seen.subject, at=now
    )
    return SuspensionView.model_validate(suspension, from_attributes=True)


@router.get(
    "/claims/{claim_id}/suspensions",
    dependencies=[Depends(allowed(*READERS))],
    responses=refusals(ClaimNotFound),
)
async def list_suspensions(claim_id: UUID, reading: Reading, seen: Seen) -> list[SuspensionView]:
    """List the spans in which no interest runs."""
    claim = await queries.visible_claim(reading, claim_id, seen)
    found = await queries.suspensions_of(reading, claim.id)
    return [SuspensionView.model_validate(each, from_attributes=True) for each in found]
