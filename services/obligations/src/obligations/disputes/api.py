"""Routes of disputes."""

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, StrictBool

from obligations.claims.commands import take_in_hand
from obligations.claims.model import Claim
from obligations.claims.refusals import ClaimNotDemanded, ClaimNotDisputed, ClaimNotFound
from obligations.claims.terms import end_of_complaint
from obligations.disputes import commands
from obligations.disputes.model import Dispute
from obligations.disputes.refusals import ComplaintTooLate, ComplaintTurnedDown
from obligations.visibility import Seen
from shared.access.callers import Role, allowed
from shared.http.etag import IfMatch, require_version, tag
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Transaction
from shared.two_people import SecondPersonWanted
from shared.values.dates import Moment
from shared.values.text import ShortText

router = Router(prefix="/v1", tags=["disputes"])


class Complaint(BaseModel):
    """What the recipient says against the demand."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class Decision(BaseModel):
    """Whether the recipient was right, and why."""

    model_config = ConfigDict(extra="forbid")

    upheld: StrictBool
    reason: ShortText


class DisputeView(BaseModel):
    """A complaint about a demand, and its decision."""

    id: UUID
    claim_id: UUID
    claim_version: int
    reason: str
    raised_at: Moment
    upheld: bool | None
    decision: str | None
    decided_by: str | None
    decided_at: Moment | None

    @classmethod
    def of(cls, dispute: Dispute) -> "DisputeView":
        """The view of a dispute."""
        return cls.model_validate(dispute, from_attributes=True)


@router.post(
    "/claims/{claim_id}/dispute",
    status_code=201,
    dependencies=[Depends(allowed(Role.APPLICANT))],
    responses=refusals(ClaimNotFound, ClaimNotDemanded, ComplaintTooLate, ComplaintTurnedDown),
)
async def raise_dispute(
    claim_id: UUID,
    complaint: Complaint,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> DisputeView:
    """Complain of a demand, within three months of its service (assumed)."""
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    if hand.claim.served_on is None:
        raise ClaimNotDemanded(status=hand.claim.status)
    until = await end_of_complaint(transaction, hand.claim.served_on)
    dispute = await commands.raise_dispute(transaction, hand, complaint.reason, until, by=seen.subject, at=now)
    tag(response, hand.claim.version)
    return DisputeView.of(dispute)


@router.post(
    "/claims/{claim_id}/dispute-decision",
    dependencies=[Depends(allowed(Role.APPROVER))],
    responses=refusals(ClaimNotFound, ClaimNotDisputed, SecondPersonWanted),
)
async def decide_dispute(
    claim_id: UUID,
    decision: Decision,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> DisputeView:
    """Decide a complaint: upheld, the demand is set aside; else it stands."""
    hand = await take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    dispute = await commands.decide_dispute(
        transaction, hand, upheld=decision.upheld, reason=decision.reason, by=seen.subject, at=now
    )
    tag(response, hand.claim.version)
    return DisputeView.of(dispute)
