"""The facts and rates behind a quote: as they are, or as they were known on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.queries import visible_agreement
from obligations.agreements.refusals import RuleSetNotFrozen
from obligations.claims.facts import ClaimFacts
from obligations.claims.gathering import gather
from obligations.claims.model import Claim
from obligations.claims.queries import known_until, version_known_on, version_numbered
from obligations.claims.version import ClaimVersion
from obligations.quotes.refusals import YearNotReported
from obligations.rates.locks import wait_for_rate_writers
from obligations.rates.queries import rates_known_at
from obligations.repayment import RateTimeline
from obligations.visibility import Sight
from shared.calendar.local_days import local_day

INSTANT_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer rests on."""

    facts: ClaimFacts
    rates: RateTimeline


async def ground_of_quote(
    session: AsyncSession, claim: Claim, known_on: date | None, at: datetime
) -> tuple[Ground, ClaimVersion]:
    """The facts of the current version and the rates of today; or both as known at the end of a day.

    Raises `DayNotReached`, `ClaimVersionNotFound`.
    """
    if known_on is None or known_on == local_day(at):
        version = await version_numbered(session, claim.id, claim.number)
        rates = await rates_known_at(session)
    else:
        await wait_for_rate_writers(session)
        version = await version_known_on(session, claim, known_on, at)
        rates = await rates_known_at(session, known_until(known_on, at) - INSTANT_BEFORE)
    return Ground(ClaimFacts.model_validate(version.facts), rates.timeline), version


async def ground_of_what_if(session: AsyncSession, agreement_id: UUID, year: int, sight: Sight) -> Ground:
    """The facts of an agreement's year as they stand, whether there is a claim or not.

    Raises `AgreementNotFound`, `YearNotReported`, `RuleSetNotFrozen`.
    """
    agreement = await visible_agreement(session, agreement_id, sight)
    if year not in agreement.reporting_years:
        raise YearNotReported(years=", ".join(map(str, agreement.reporting_years)), year=year)
    facts = await gather(session, agreement, year)
    if facts is None:
        raise RuleSetNotFrozen(agreement_id=agreement.id, rule_set=agreement.rule_set)
    return Ground(facts, (await rates_known_at(session)).timeline)
