"""Signature and completion: what happens to the agreement and to all of its tranches at once."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from grants.agreements.eligibility import require_still_eligible
from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from grants.changes.commands import close_open
from grants.holds.known import known_obligations, unsettled
from grants.holds.queries import causes_of
from grants.reports.commands import ask_for_plan_reports, reports_of, unaccepted
from grants.tranches.commands import lock_tranches, plan_tranches
from grants.visibility import Sight
from shared.events.publishing import publish
from shared.http.etag import require_version


async def sign_agreement(
    session: AsyncSession, sight: Sight, agreement_id: UUID, *, version: int, at: datetime, by: str
) -> Agreement:
    """The recipient accepts the offer; state and recipient are bound, tranches are planned, reports asked for."""
    agreement = await sight.load(session, Agreement, agreement_id, AgreementNotFound)
    require_version(version, agreement.revision)
    event = agreement.sign(at, by)
    await require_still_eligible(session, agreement.application_id, at)
    await publish(session, agreement, event)
    await plan_tranches(session, agreement)
    await ask_for_plan_reports(session, agreement, at)
    return agreement


async def complete_agreement(
    session: AsyncSession, sight: Sight, agreement_id: UUID, *, version: int, at: datetime
) -> Agreement:
    """Close an agreement of which everything is done: paid or cancelled, evaluated, settled, reported."""
    agreement = await sight.load(session, Agreement, agreement_id, AgreementNotFound)
    require_version(version, agreement.revision)
    tranches = await lock_tranches(session, agreement)
    agreed = [(term.indicator, year) for term in agreement.terms.obligations for year in term.reporting_years]
    event = agreement.complete(
        at,
        tranches=sum(tranche.is_open for tranche in tranches),
        causes=len(await causes_of(session, agreement.id, only_open=True)),
        obligations=unsettled(agreed, await known_obligations(session, agreement.id)),
        reports=unaccepted(await reports_of(session, agreement.id)),
    )
    await publish(session, agreement, event)
    await close_open(session, agreement, at, sight.subject)
    return agreement
