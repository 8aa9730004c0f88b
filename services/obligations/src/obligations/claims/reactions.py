"""Recovery's reactions: every trigger of a recalculation, in one table."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.commands import AgreementEvent, receive
from obligations.agreements.locks import lock_agreement
from obligations.agreements.model import Agreement
from obligations.claims.disbursements import record_disbursement, record_reversal
from obligations.claims.model import Cause, Claim
from obligations.claims.pending import ask_where
from obligations.claims.recalculation import recalculate
from obligations.rates.model import BaseRate
from shared.contracts.event import Event
from shared.contracts.obligations import (
    ObligationAmended,
    ObligationAwaited,
    ObligationBreached,
    ObligationCancelled,
    ObligationExcused,
    ObligationFulfilled,
    ObligationOpened,
    RefundPaid,
    RepaymentReceived,
    ReportRecorded,
    ReportWithdrawn,
)
from shared.contracts.rates import BaseRateAnnounced, BaseRateCorrected, RateCoverageExtended
from shared.contracts.support import AgreementAmended, AgreementSigned, TrancheDisbursed, TrancheReversed
from shared.events.delivery import Delivery

Reaction = Callable[[AsyncSession, Any, Delivery], Awaitable[None]]

ObligationEvent = (
    ObligationOpened
    | ObligationAmended
    | ObligationAwaited
    | ObligationBreached
    | ObligationFulfilled
    | ObligationExcused
    | ObligationCancelled
    | ReportRecorded
    | ReportWithdrawn
)


async def on_obligation(session: AsyncSession, event: ObligationEvent, delivery: Delivery) -> None:
    """How far the obligations are fulfilled, or which years there are, may have changed."""
    await lock_agreement(session, event.agreement_id)
    await _every_year(session, event.agreement_id, _cause(event, delivery))


async def on_terms(session: AsyncSession, event: AgreementSigned | AgreementAmended, delivery: Delivery) -> None:
    """The terms or the rule set of an agreement are new."""
    await _take_in(session, event, delivery)
    await _every_year(session, event.agreement_id, _cause(event, delivery))


async def on_disbursed(session: AsyncSession, event: TrancheDisbursed, delivery: Delivery) -> None:
    """Money was paid: the principal of every year that stands for a part of it may grow."""
    await _take_in(session, event, delivery)
    await record_disbursement(session, event, delivery.envelope.id)
    await _every_year(session, event.agreement_id, _cause(event, delivery))


async def on_reversed(session: AsyncSession, event: TrancheReversed, delivery: Delivery) -> None:
    """Money counts as never paid: all claims shrink in the transaction that says so."""
    await _take_in(session, event, delivery)
    await record_reversal(session, event, delivery.envelope.id)
    await _every_year(session, event.agreement_id, _cause(event, delivery))


async def on_payment(session: AsyncSession, event: RepaymentReceived | RefundPaid, delivery: Delivery) -> None:
    """Money came back or went out: the claim took it in at once; this finds it so."""
    await lock_agreement(session, event.agreement_id)
    await _every_year(session, event.agreement_id, _cause(event, delivery))


async def on_rate(session: AsyncSession, event: BaseRateAnnounced | BaseRateCorrected, delivery: Delivery) -> None:
    """A rate is known that was not, or another than was: claims that reach its day are looked at."""
    first = event.effective_from
    if isinstance(event, BaseRateCorrected):
        replaced = await session.get(BaseRate, event.replaces)
        first = min(first, replaced.effective_from) if replaced else first
    reached = or_(col(Claim.as_of) >= first, col(Claim.refusal).is_not(None))
    await ask_where(session, reached, _cause(event, delivery))


async def on_coverage(session: AsyncSession, event: RateCoverageExtended, delivery: Delivery) -> None:
    """Rates are known further: claims that could not be calculated are looked at."""
    await ask_where(session, col(Claim.refusal).is_not(None), _cause(event, delivery))


TRIGGERS: Final[Mapping[type[Event], Reaction]] = MappingProxyType(
    {
        ObligationOpened: on_obligation,
        ObligationAmended: on_obligation,
        ObligationAwaited: on_obligation,
        ObligationBreached: on_obligation,
        ObligationFulfilled: on_obligation,
        ObligationExcused: on_obligation,
        ObligationCancelled: on_obligation,
        ReportRecorded: on_obligation,
        ReportWithdrawn: on_obligation,
        AgreementSigned: on_terms,
        AgreementAmended: on_terms,
        TrancheDisbursed: on_disbursed,
        TrancheReversed: on_reversed,
        RepaymentReceived: on_payment,
        RefundPaid: on_payment,
        BaseRateAnnounced: on_rate,
        BaseRateCorrected: on_rate,
        RateCoverageExtended: on_coverage,
    }
)
"""Event type → reaction: nothing else makes a version, save the officers' commands on a claim."""


async def _take_in(session: AsyncSession, event: AgreementEvent, delivery: Delivery) -> None:
    """Take the fact in, unless another consumer has; either way the agreement is locked from here on."""
    await receive(session, event, delivery)


async def _every_year(session: AsyncSession, agreement_id: UUID, cause: Cause) -> None:
    """Look at all years together: their parts of the money depend on each other."""
    agreement = await session.get(Agreement, agreement_id, populate_existing=True)
    if agreement is None:
        return
    claimed = (await session.exec(select(Claim.reporting_year).where(col(Claim.agreement_id) == agreement_id))).all()
    for year in sorted({*agreement.reporting_years, *claimed}):
        await recalculate(session, agreement, year, cause)


def _cause(event: Event, delivery: Delivery) -> Cause:
    """The trigger by its name in the contract: `obligation-breached` of `obligations.obligation-breached.v1`."""
    reason = str(getattr(event, "reason", "") or "")
    return Cause(event.type.split(".")[1], delivery.at, delivery.envelope.id, reason)
