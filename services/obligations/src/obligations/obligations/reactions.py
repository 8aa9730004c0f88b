"""What the monitoring does when a funding service says something of an agreement."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.commands import receive
from obligations.agreements.model import Agreement
from obligations.agreements.queries import agreement_of
from obligations.obligations.commands import amend, obligation_id, open_obligation
from obligations.obligations.model import Obligation, ObligationStatus
from obligations.obligations.queries import obligations_of
from obligations.obligations.refusals import ObligationNotFound
from obligations.obligations.terms import Terms
from shared.contracts.support import (
    AgreementAmended,
    AgreementCompleted,
    AgreementSigned,
    AgreementTerminated,
    ObligationTerm,
    TrancheCancelled,
    TrancheDisbursed,
    TrancheReversed,
)
from shared.database.loading import load
from shared.events.delivery import Delivery
from shared.events.publishing import publish


async def on_agreement_signed(session: AsyncSession, event: AgreementSigned, delivery: Delivery) -> None:
    """Open the counter-obligations: one for each term and reporting year (Law 86-VII, Art. 27(1))."""
    await receive(session, event, delivery)
    agreement = await agreement_of(session, event.agreement_id)
    for term in event.obligations:
        for year in term.reporting_years:
            await open_obligation(session, agreement, term, year, delivery.at)


async def on_agreement_amended(session: AsyncSession, event: AgreementAmended, delivery: Delivery) -> None:
    """Take the new terms and evaluate by them; void the obligations of open years that the addendum leaves out.

    A year counts as closed once it has ended by the day of the addendum: what it left out then stands as it was.
    """
    await receive(session, event, delivery)
    agreement = await agreement_of(session, event.agreement_id)
    wanted = {(term.term_id, year): term for term in event.obligations for year in term.reporting_years}
    there = {(one.term_id, one.reporting_year): one for one in await obligations_of(session, agreement.id)}
    for key, obligation in there.items():
        locked = await load(session, Obligation, obligation.id, ObligationNotFound)
        await _amend(session, agreement, locked, wanted.get(key), event, delivery)
    for (_, year), term in wanted.items():
        if obligation_id(agreement.id, term.term_id, year) not in {one.id for one in there.values()}:
            await open_obligation(session, agreement, term, year, delivery.at)
    standing = await obligations_of(session, agreement.id)
    years = {one.reporting_year for one in standing if one.status is not ObligationStatus.CANCELLED}
    agreement.reporting_years = sorted(years)
    await publish(session, agreement)


async def _amend(
    session: AsyncSession,
    agreement: Agreement,
    obligation: Obligation,
    term: ObligationTerm | None,
    event: AgreementAmended,
    delivery: Delivery,
) -> None:
    if obligation.status is ObligationStatus.CANCELLED:
        return
    if term is None and event.amended_on <= date(obligation.reporting_year, 12, 31):
        await publish(session, obligation, obligation.cancel(event.reason, delivery.at))
        return
    terms = Terms.of(term, agreement.terms_fact_id) if term is not None else None
    await amend(session, obligation, agreement, terms, event.reason, delivery.at)


async def on_agreement_completed(session: AsyncSession, event: AgreementCompleted, delivery: Delivery) -> None:
    """Keep the fact; nothing more is paid."""
    await receive(session, event, delivery)


async def on_agreement_terminated(session: AsyncSession, event: AgreementTerminated, delivery: Delivery) -> None:
    """Keep the fact; what has been paid stays under its obligations."""
    await receive(session, event, delivery)


async def on_tranche_disbursed(session: AsyncSession, event: TrancheDisbursed, delivery: Delivery) -> None:
    """Keep the fact: the tranche is paid."""
    await receive(session, event, delivery)


async def on_tranche_reversed(session: AsyncSession, event: TrancheReversed, delivery: Delivery) -> None:
    """Keep the fact: the tranche counts as never paid."""
    await receive(session, event, delivery)


async def on_tranche_cancelled(session: AsyncSession, event: TrancheCancelled, delivery: Delivery) -> None:
    """Keep the fact: the tranche will not be paid."""
    await receive(session, event, delivery)
