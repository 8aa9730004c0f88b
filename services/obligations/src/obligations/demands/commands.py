"""Proposing a demand and approving it: two people, one version, fresh facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.claims.commands import ClaimInHand
from obligations.claims.model import Cause, Claim
from obligations.claims.refusals import ClaimNotNotified
from obligations.claims.rules import derive
from obligations.claims.status import ClaimStatus
from obligations.demands.model import Demand, DemandStatus
from obligations.demands.refusals import (
    BelowMateriality,
    ClaimOutdated,
    DemandAlreadyProposed,
    DemandNotProposed,
    HearingRuns,
    RestsOnUnverified,
)
from obligations.freshness.settled import require_settled
from obligations.repayment import AccrualFrom
from shared.calendar.local_days import local_day
from shared.events.positions import Position
from shared.events.publishing import publish


async def propose_demand(
    session: AsyncSession, hand: ClaimInHand, accepted: Sequence[str], *, by: str, at: datetime
) -> Demand:
    """Propose to demand the current version.

    Raises `RuleSetNotFrozen`, `RecalculationPending`, `ClaimNotNotified`, `HearingRuns`, `ClaimOutdated`,
    `BelowMateriality`, `RestsOnUnverified`, `DemandAlreadyProposed`.
    """
    claim = hand.claim
    await _require_demandable(session, hand, at)
    unverified = _require_accepted(hand, accepted)
    await _require_no_other(session, claim)
    principal, interest, total = claim.require_figures()
    demand = Demand(
        claim_id=claim.id,
        claim_version=claim.number,
        principal=principal,
        interest=interest,
        total=total,
        unverified=unverified,
        accepted=sorted(set(accepted) & set(unverified)),
        proposed_by=by,
        proposed_at=at,
    )
    session.add(demand)
    await session.flush()
    return demand


async def approve_demand(
    session: AsyncSession,
    hand: ClaimInHand,
    accepted: Sequence[str],
    positions: Iterable[Position],
    served_by: str,
    *,
    by: str,
    at: datetime,
) -> Demand:
    """Approve what another officer proposed, and serve it.

    `positions` are what the funding service answered before this transaction began: we must have settled as far.
    Raises what `propose_demand` raises, and `DemandNotProposed`, `ProposalVoid`, `SecondPersonWanted`,
    `FactsStillArriving`.
    """
    claim = hand.claim
    demand = await _latest(session, claim)
    if demand is None:
        raise DemandNotProposed(status="none")
    demand.approve(by, claim.number, served_by, at)
    await require_settled(session, hand.agreement.id, positions)
    await _require_demandable(session, hand, at)
    demand.note_accepted(_require_accepted(hand, accepted), accepted)
    session.add(demand)
    await publish(session, claim, claim.demand(demand.proposed_by, by, local_day(at), at))
    if hand.facts.rule_set.rules.accrual_from is AccrualFrom.DEMAND:
        await hand.recalculate(session, Cause("demanded", at))
    return demand


async def _require_demandable(session: AsyncSession, hand: ClaimInHand, at: datetime) -> None:
    claim, today = hand.claim, local_day(at)
    hand.agreement.require_rule_set()
    await hand.require_up_to_date(session)
    if claim.status is not ClaimStatus.NOTIFIED or claim.hearing_until is None:
        raise ClaimNotNotified(status=claim.status)
    if today <= claim.hearing_until:
        raise HearingRuns(hearing_until=claim.hearing_until, today=today)
    _, _, total = claim.require_figures()
    if await hand.is_outdated(session):
        raise ClaimOutdated(claim_version=claim.number)
    materiality = hand.facts.rule_set.materiality
    if total < materiality:
        raise BelowMateriality(total=total, materiality=materiality)


def _require_accepted(hand: ClaimInHand, accepted: Sequence[str]) -> list[str]:
    """What is unverified under the claim now, by name; each must be accepted by this officer."""
    derivation = derive(hand.facts, hand.claim.as_of, hand.known.timeline)
    names = derivation.calculation.unverified if derivation.calculation else ()
    rates = [name for name in names if name.startswith("rates/")]
    rule_set = [f"rule-set/{hand.facts.rule_set.name}"] if len(rates) < len(names) else []
    missing = [name for name in (*rule_set, *rates) if name not in accepted]
    if missing:
        raise RestsOnUnverified(unverified=", ".join(missing))
    return [*rule_set, *rates]


async def _require_no_other(session: AsyncSession, claim: Claim) -> None:
    latest = await _latest(session, claim)
    if latest is None or latest.status is not DemandStatus.PROPOSED:
        return
    if latest.claim_version == claim.number:
        raise DemandAlreadyProposed(claim_version=claim.number)
    latest.void(f"version {claim.number} of the claim was made")
    session.add(latest)
    await session.flush()


async def _latest(session: AsyncSession, claim: Claim) -> Demand | None:
    statement = select(Demand).where(col(Demand.claim_id) == claim.id).order_by(col(Demand.id).desc()).limit(1)
    return (await session.exec(statement.execution_options(populate_existing=True))).first()


async def demands_of(session: AsyncSession, claim_id: UUID) -> list[Demand]:
    """The proposals and demands of a claim, the oldest first."""
    statement = select(Demand).where(col(Demand.claim_id) == claim_id).order_by(col(Demand.id))
    return list((await session.exec(statement)).all())
