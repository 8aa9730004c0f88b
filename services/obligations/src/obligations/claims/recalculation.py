"""Deriving a claim anew: the one place where versions are made."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.model import Agreement
from obligations.claims.facts import ClaimFacts
from obligations.claims.gathering import Known, gather, known_rates
from obligations.claims.identity import claim_id_of
from obligations.claims.model import Cause, Claim
from obligations.claims.rules import ZERO, Derivation, allocated_of, derive, grown
from obligations.claims.status import ClaimStatus
from obligations.claims.version import ClaimVersion
from obligations.payments.commands import allocate_repayments
from obligations.repayment import Calculation
from shared.calendar.local_days import local_day
from shared.events.publishing import publish
from shared.events.work import work_of


async def recalculate(session: AsyncSession, agreement: Agreement, year: int, cause: Cause) -> Claim | None:
    """Derive the claim of a year from the facts as they stand, as of the day of `cause.at`; None where none is due.

    A version is made only where the facts, or the rates under the current version, have changed. The caller holds
    the agreement's lock: everything about one agreement is decided under it.
    """
    known = await known_rates(session)
    facts = await gather(session, agreement, year)
    if facts is None:
        return None
    claim = await locked_claim(session, agreement.id, year)
    as_of = day_of(facts, cause)
    if claim is None:
        new = derive(facts, as_of, known.timeline)
        if new.nothing_due and new.calculation is not None and new.calculation.overpaid == ZERO:
            return None
        claim = _opened(agreement, year, new, cause)
    elif not await changed(session, claim, facts, known):
        return claim
    return await take_version(session, claim, facts, as_of, known, cause)


def day_of(facts: ClaimFacts, cause: Cause) -> date:
    """The day as of which a version is made: that of the cause, or a later one on which money is said to have moved."""
    today = local_day(cause.at)
    return max(today, facts.latest_day or today)


async def locked_claim(session: AsyncSession, agreement_id: UUID, year: int) -> Claim | None:
    """The claim of a year, locked and read afresh, or None."""
    statement = select(Claim).where(col(Claim.id) == claim_id_of(agreement_id, year))
    statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).one_or_none()


async def current_version(session: AsyncSession, claim: Claim) -> ClaimVersion:
    """The version that the claim stands at."""
    return await version_of(session, claim.id, claim.number)


async def version_of(session: AsyncSession, claim_id: UUID, number: int) -> ClaimVersion:
    """A version by its number."""
    statement = select(ClaimVersion).where(col(ClaimVersion.claim_id) == claim_id, col(ClaimVersion.number) == number)
    return (await session.exec(statement)).one()


async def changed(session: AsyncSession, claim: Claim, facts: ClaimFacts, known: Known) -> bool:
    """Whether the current version no longer follows from what is known: other facts, or other rates under it."""
    version = await current_version(session, claim)
    if version.facts_digest != facts.digest:
        return True
    then = derive(facts, version.as_of, known.timeline)
    return rates_under(then) != version.rates_under or _slug(then) != version.refusal_slug


async def take_version(
    session: AsyncSession, claim: Claim, facts: ClaimFacts, as_of: date, known: Known, cause: Cause
) -> Claim:
    """Make the claim's next version as of a day and publish what follows from it.

    A repayment that could not be allocated until now is allocated with it. A demand that was proposed on the version
    before cannot be approved any more. The agreement is locked: the instant at which the version is made lies after
    every answer that was given without it.
    """
    new = derive(facts, as_of, known.timeline)
    told = None
    if claim.told_number is not None:
        told = (await version_of(session, claim.id, claim.told_number)).told
    has_grown = grown(new, told, known.timeline)
    version = _version(claim, new, known, cause, work_of(session).now())
    answered: Sequence[UUID] = ()
    if claim.number:
        before = await current_version(session, claim)
        version.known_from = max(version.known_from, before.known_from)
        answered = ClaimFacts.model_validate(before.facts).breached if before.refusal is None else ()
    if allocated := allocated_of(new):
        await allocate_repayments(session, claim.id, allocated)
    events = claim.take(version, new, cause, has_grown=has_grown, answered=answered)
    session.add(claim)
    await session.flush()
    session.add(version)
    await publish(session, claim, *events)
    return claim


def rates_under(derivation: Derivation) -> list[list[str]]:
    """The rates that a derivation used, as far as they change its figures: day and percentage."""
    if derivation.calculation is None:
        return []
    return [[row.effective_from.isoformat(), str(row.percent.normalize())] for row in derivation.calculation.rates_used]


def _opened(agreement: Agreement, year: int, new: Derivation, cause: Cause) -> Claim:
    return Claim(
        id=claim_id_of(agreement.id, year),
        institute=agreement.institute,
        agreement_id=agreement.id,
        measure=agreement.measure,
        recipient_id=agreement.recipient_id,
        reporting_year=year,
        status=ClaimStatus.CALCULATED,
        as_of=new.as_of,
        fulfilment=new.facts.fulfilment,
        opened_at=cause.at,
    )


def _version(claim: Claim, new: Derivation, known: Known, cause: Cause, made_at: datetime) -> ClaimVersion:
    return ClaimVersion(
        claim_id=claim.id,
        number=claim.number + 1,
        known_from=max([made_at, *(rate.known_from for rate in known.used(new))]),
        as_of=new.as_of,
        fulfilment=new.facts.fulfilment,
        **_figures(new.calculation),
        facts=new.facts.as_json(),
        facts_digest=new.facts.digest,
        rates_used=known.named(new),
        rates_under=rates_under(new),
        sheet=new.sheet,
        refusal=None if new.refusal is None else new.refusal.detail.format(**new.refusal.data),
        refusal_slug=_slug(new),
        trigger=cause.trigger,
        trigger_event_id=cause.event_id,
    )


def _figures(calculation: Calculation | None) -> dict[str, Decimal | None]:
    if calculation is None:
        return dict.fromkeys(("principal", "interest", "total", "outstanding", "overpaid"))
    return {
        "principal": calculation.principal,
        "interest": calculation.interest,
        "total": calculation.total,
        "outstanding": calculation.outstanding.total,
        "overpaid": calculation.overpaid,
    }


def _slug(derivation: Derivation) -> str | None:
    return None if derivation.refusal is None else derivation.refusal.slug()
