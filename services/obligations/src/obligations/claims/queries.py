"""Reading claims: what a caller may see, the versions, and what was known on a day."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import wait_for_deciders
from obligations.claims.model import Claim
from obligations.claims.refusals import ClaimNotFound, ClaimVersionNotFound, DayNotReached
from obligations.claims.version import ClaimVersion
from obligations.visibility import Sight
from shared.calendar.local_days import day_ends, local_day


async def visible_claim(session: AsyncSession, claim_id: UUID, sight: Sight) -> Claim:
    """The claim, if the caller may see it; raises `ClaimNotFound`."""
    claim = (await session.exec(select(Claim).where(col(Claim.id) == claim_id, sight.of(Claim)))).one_or_none()
    if claim is None:
        raise ClaimNotFound(id=claim_id)
    return claim


async def version_numbered(session: AsyncSession, claim_id: UUID, number: int) -> ClaimVersion:
    """One version; raises `ClaimVersionNotFound`."""
    statement = select(ClaimVersion).where(col(ClaimVersion.claim_id) == claim_id, col(ClaimVersion.number) == number)
    version = (await session.exec(statement)).one_or_none()
    if version is None:
        raise ClaimVersionNotFound(wanted=number)
    return version


async def version_known_on(session: AsyncSession, claim: Claim, known_on: date, at: datetime) -> ClaimVersion:
    """The version that was current at the end of a local day, or now where that day is today.

    Who decides about the agreement just now is waited for: the answer about a day that is over is given for good.
    Raises `DayNotReached` for a day to come, `ClaimVersionNotFound` where there was no claim yet.
    """
    until = known_until(known_on, at)
    await wait_for_deciders(session, claim.agreement_id)
    statement = (
        select(ClaimVersion)
        .where(col(ClaimVersion.claim_id) == claim.id, col(ClaimVersion.known_from) < until)
        .order_by(col(ClaimVersion.number).desc())
        .limit(1)
    )
    version = (await session.exec(statement)).one_or_none()
    if version is None:
        raise ClaimVersionNotFound(wanted=f"known on {known_on}")
    return version


def known_until(known_on: date, at: datetime) -> datetime:
    """The instant before which something must have become known to be known on a local day."""
    today = local_day(at)
    if known_on > today:
        raise DayNotReached(day=known_on, today=today)
    return day_ends(known_on)
