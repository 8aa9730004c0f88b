"""A claim in hand: agreement and claim locked, the facts and rates as they stand; and the commands on the claim."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import lock_agreement
from obligations.agreements.model import Agreement
from obligations.agreements.queries import agreement_of
from obligations.claims.facts import ClaimFacts
from obligations.claims.gathering import Known, gather, known_rates
from obligations.claims.model import Cause, Claim
from obligations.claims.pending import require_none_pending
from obligations.claims.recalculation import changed, current_version, day_of, take_version, version_of
from obligations.claims.refusals import AsOfOutsideFacts, ClaimClosed, ClaimNotFound
from obligations.claims.rules import derive, grown
from obligations.claims.status import CLOSED
from obligations.claims.suspensions import Suspension
from obligations.claims.version import ClaimVersion
from shared.calendar.local_days import local_day
from shared.database.loading import load
from shared.events.publishing import publish


@dataclass(frozen=True)
class ClaimInHand:
    """A claim that is being decided upon: locked with its agreement, beside the facts and rates known now."""

    agreement: Agreement
    claim: Claim
    facts: ClaimFacts
    known: Known

    async def recalculate(self, session: AsyncSession, cause: Cause) -> Claim:
        """Derive the claim anew from the facts as they now stand in the session."""
        facts = await gather(session, self.agreement, self.claim.reporting_year) or self.facts
        return await take_version(session, self.claim, facts, day_of(facts, cause), self.known, cause)

    async def version(self, session: AsyncSession) -> ClaimVersion:
        """The version that the claim stands at."""
        return await current_version(session, self.claim)

    async def is_outdated(self, session: AsyncSession) -> bool:
        """Whether the current version no longer follows from what is known."""
        return await changed(session, self.claim, self.facts, self.known)

    async def require_up_to_date(self, session: AsyncSession) -> None:
        """Raise `RecalculationPending` while a changed rate has not been looked at."""
        await require_none_pending(session, col(Agreement.id) == self.agreement.id)

    async def has_outgrown_what_was_told(self, session: AsyncSession) -> bool:
        """Whether the claim has come to more than the recipient was told."""
        if self.claim.told_number is None:
            return False
        told = (await version_of(session, self.claim.id, self.claim.told_number)).told
        return grown(derive(self.facts, self.claim.as_of, self.known.timeline), told, self.known.timeline)


async def take_in_hand(session: AsyncSession, claim_id: UUID, visible: ColumnElement[bool]) -> ClaimInHand:
    """Lock a claim that the caller may see, its agreement first; raises `ClaimNotFound`."""
    found = (await session.exec(select(Claim.agreement_id).where(col(Claim.id) == claim_id, visible))).one_or_none()
    if found is None:
        raise ClaimNotFound(id=claim_id)
    await lock_agreement(session, found)
    agreement = await agreement_of(session, found)
    claim = await load(session, Claim, claim_id, ClaimNotFound)
    known = await known_rates(session)
    facts = await gather(session, agreement, claim.reporting_year)
    if facts is None:
        facts = ClaimFacts.model_validate((await current_version(session, claim)).facts)
    return ClaimInHand(agreement, claim, facts, known)


async def calculate_as_of(session: AsyncSession, hand: ClaimInHand, as_of: date | None, at: datetime) -> Claim:
    """Make a version as of a day, today if none is named; the same sheet as before makes no new version.

    Raises `AsOfOutsideFacts` for a day that would leave out a fact or has not come, `ClaimClosed`.
    """
    if hand.claim.status in CLOSED:
        raise ClaimClosed(status=hand.claim.status)
    today = local_day(at)
    first, day = hand.facts.latest_day or today, as_of or today
    if not first <= day <= today:
        raise AsOfOutsideFacts(first=first, last=today, as_of=day)
    version = await hand.version(session)
    if derive(hand.facts, day, hand.known.timeline).sheet == version.sheet and not await hand.is_outdated(session):
        return hand.claim
    return await take_version(session, hand.claim, hand.facts, day, hand.known, Cause("calculation-requested", at))


async def notify(session: AsyncSession, hand: ClaimInHand, hearing_until: date, at: datetime) -> Claim:
    """Tell the recipient of the claim and open the hearing (APPC, Art. 73; assumed).

    Raises `RecalculationPending`, `ClaimNotCalculated`, `ClaimWithoutFigures`.
    """
    await hand.require_up_to_date(session)
    await publish(session, hand.claim, hand.claim.notify(hearing_until, at))
    return hand.claim


async def suspend(
    session: AsyncSession, hand: ClaimInHand, first: date, last: date, reason: str, *, by: str, at: datetime
) -> Suspension:
    """Let no interest run from one day to another, both included, and derive the claim anew."""
    if hand.claim.status in CLOSED:
        raise ClaimClosed(status=hand.claim.status)
    suspension = Suspension.decide(hand.claim.id, first, last, reason, by, at)
    session.add(suspension)
    await session.flush()
    await hand.recalculate(session, Cause("interest-suspended", at, reason=reason))
    return suspension
