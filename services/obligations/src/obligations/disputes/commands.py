"""Complaining of a demand, and deciding the complaint."""

from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.claims.commands import ClaimInHand
from obligations.claims.model import Cause
from obligations.demands.commands import demands_of
from obligations.demands.model import DemandStatus
from obligations.disputes.model import Dispute
from obligations.disputes.refusals import ComplaintTooLate, ComplaintTurnedDown
from obligations.repayment import AccrualFrom
from shared.calendar.local_days import local_day
from shared.events.publishing import publish
from shared.two_people import require_another


async def raise_dispute(
    session: AsyncSession, hand: ClaimInHand, reason: str, until: date, *, by: str, at: datetime
) -> Dispute:
    """Complain of the demand, which stands still until the complaint is decided.

    Raises `ComplaintTooLate`, and `ComplaintTurnedDown` where nothing is new since the last one was turned down.
    """
    claim = hand.claim
    event = claim.dispute(reason, at)
    if local_day(at) > until:
        raise ComplaintTooLate(until=until, today=local_day(at))
    for before in await disputes_of(session, hand):
        if before.upheld is False and before.decided_at is not None and before.claim_version == claim.number:
            raise ComplaintTurnedDown(claim_version=claim.number, decided_on=local_day(before.decided_at))
    dispute = Dispute(claim_id=claim.id, claim_version=claim.number, reason=reason, raised_by=by, raised_at=at)
    session.add(dispute)
    await publish(session, claim, event)
    return dispute


async def decide_dispute(
    session: AsyncSession, hand: ClaimInHand, *, upheld: bool, reason: str, by: str, at: datetime
) -> Dispute:
    """Decide the complaint; upheld, the demand is set aside and the claim stands calculated.

    Raises `SecondPersonWanted` for who proposed or approved the demand, or complained of it.
    """
    claim = hand.claim
    has_grown = await hand.has_outgrown_what_was_told(session)
    event = claim.decide_dispute(upheld=upheld, has_grown=has_grown, reason=reason, at=at)
    for demand in await demands_of(session, claim.id):
        if demand.status is DemandStatus.APPROVED:
            require_another(by, demand.proposed_by, demand.approved_by)
    dispute = (await disputes_of(session, hand))[-1]
    require_another(by, dispute.raised_by)
    dispute.upheld, dispute.decision, dispute.decided_by, dispute.decided_at = upheld, reason, by, at
    session.add(dispute)
    await publish(session, claim, event)
    if upheld and hand.facts.rule_set.rules.accrual_from is AccrualFrom.DEMAND:
        await hand.recalculate(session, Cause("demand-set-aside", at))
    return dispute


async def disputes_of(session: AsyncSession, hand: ClaimInHand) -> list[Dispute]:
    """The complaints about a claim, the oldest first."""
    statement = select(Dispute).where(col(Dispute.claim_id) == hand.claim.id).order_by(col(Dispute.id))
    return list((await session.exec(statement.execution_options(populate_existing=True))).all())
