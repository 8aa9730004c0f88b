"""Routes of suspensions."""

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from obligations.claims import commands, queries
from obligations.claims.model import Claim
from obligations.claims.refusals import ClaimClosed, ClaimNotFound, SuspensionEndsBeforeItBegins
from obligations.claims.suspensions import Suspension
from obligations.claims.views import SuspensionView
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, allowed
from shared.database.columns import columns
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.values.dates import Day
from shared.values.text import ShortText

router = Router(prefix="/v1", tags=["claims"])


class SuspensionDecided(BaseModel):
    """From which day to which no interest runs, both included, and why."""

    model_config = ConfigDict(extra="forbid")

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
    claim_id: UUID,
    decided: SuspensionDecided,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> SuspensionView:
    """Let no interest run for a span of days; the claim is calculated anew at once."""
    hand = await commands.take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    suspension = await commands.suspend(
        transaction, hand, decided.first, decided.last, decided.reason, by=seen.subject, at=now
    )
    tag(response, hand.claim.version)
    return SuspensionView.of(suspension)


@router.get(
    "/claims/{claim_id}/suspensions",
    dependencies=[Depends(allowed(*READERS))],
    responses=refusals(ClaimNotFound),
)
async def list_suspensions(claim_id: UUID, reading: Reading, seen: Seen, page: WantedPage) -> Page[SuspensionView]:
    """List the spans in which no interest runs, as they were decided."""
    claim = await queries.visible_claim(reading, claim_id, seen)
    statement = page.of(select(Suspension).where(col(Suspension.claim_id) == claim.id), columns(Suspension).id)
    rows = (await reading.exec(statement)).all()
    return page.page(rows, lambda suspension: (suspension.id,), SuspensionView.of)
