"""From the hearing to the demand: two people, fresh facts, nothing unverified in silence."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from obligations.claims.commands import notify
from obligations.claims.refusals import ClaimNotNotified
from obligations.claims.status import ClaimStatus
from obligations.claims.terms import end_of_hearing
from obligations.demands.commands import approve_demand, propose_demand
from obligations.demands.model import Demand
from obligations.demands.refusals import (
    ClaimOutdated,
    DemandAlreadyProposed,
    DemandNotProposed,
    HearingRuns,
    ProposalVoid,
    RestsOnUnverified,
)
from obligations.freshness.refusals import FactsStillArriving
from shared.events.positions import Position
from shared.two_people import SecondPersonWanted
from tests.obligations.claims.test_triggers import correct
from tests.obligations.claims.world import RECOVERY, World

RATES = ("rates/2024-12-02", "rates/2025-03-11", "rates/2025-10-13", "rates/2026-06-08")
ALL = ("rule-set/default", *RATES)


async def told(world: World) -> World:
    """The recipient was told on the clock's day; the hearing is over."""
    async with world.hand() as (session, hand):
        until = await end_of_hearing(session, world.clock.at.date())
        await notify(session, hand, until, world.clock.at)
    await world.settle()
    return world


async def heard(world: World) -> World:
    await told(world)
    world.clock.on("2026-07-07")
    return world


async def propose(world: World, accepted: tuple[str, ...] = ALL, by: str = "officer-1") -> Demand:
    async with world.hand() as (session, hand):
        return await propose_demand(session, hand, accepted, by=by, at=world.clock.at)


async def approve(
    world: World,
    accepted: tuple[str, ...] = ALL,
    by: str = "approver-1",
    positions: list[Position] | None = None,
) -> Demand:
    async with world.hand() as (session, hand):
        known = world.positions() if positions is None else positions
        return await approve_demand(session, hand, accepted, known, "post", by=by, at=world.clock.at)


async def test_one_officer_proposes_and_another_approves(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    demand = await approve(breached)
    claim = await breached.claim()
    assert claim.status is ClaimStatus.DEMANDED
    assert claim.served_on == date(2026, 7, 7)
    assert demand.total == Decimal("37209041.10")
    assert (demand.proposed_by, demand.approved_by) == ("officer-1", "approver-1")
    assert (await breached.published())[-1] == "claim-demanded"


async def test_the_recipient_is_heard_for_three_working_days_before(breached: World) -> None:
    await told(breached)
    assert (await breached.claim()).hearing_until == date(2026, 7, 3)
    breached.clock.on("2026-07-03")
    with pytest.raises(HearingRuns):
        await propose(breached)


async def test_a_claim_that_was_not_told_is_not_demanded(breached: World) -> None:
    with pytest.raises(ClaimNotNotified):
        await propose(breached)


async def test_what_is_unverified_must_be_accepted_by_name_by_both(breached: World) -> None:
    await heard(breached)
    with pytest.raises(RestsOnUnverified, match="rule-set/default, rates/2024-12-02"):
        await propose(breached, ())
    with pytest.raises(RestsOnUnverified, match="rates/2025-03-11"):
        await propose(breached, ("rule-set/default", "rates/2024-12-02", "rates/2025-10-13", "rates/2026-06-08"))
    demand = await propose(breached)
    assert demand.accepted == sorted(ALL)
    with pytest.raises(RestsOnUnverified):
        await approve(breached, ())
    await approve(breached)


async def test_rates_that_two_officers_confirmed_need_no_acceptance(breached: World) -> None:
    await heard(breached)
    await breached.confirm_rates()
    await propose(breached, ("rule-set/default",))
    await approve(breached, ("rule-set/default",))
    assert (await breached.claim()).status is ClaimStatus.DEMANDED


async def test_nobody_approves_the_own_proposal(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    with pytest.raises(SecondPersonWanted):
        await approve(breached, by="officer-1")


async def test_there_is_one_proposal_at_a_time_and_none_without_one(breached: World) -> None:
    await heard(breached)
    with pytest.raises(DemandNotProposed):
        await approve(breached)
    await propose(breached)
    with pytest.raises(DemandAlreadyProposed):
        await propose(breached, by="officer-2")


async def test_a_new_version_voids_the_proposal(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    await breached.report("80")
    with pytest.raises(ProposalVoid):
        await approve(breached)
    await propose(breached)
    demand = await approve(breached)
    assert demand.principal == Decimal("20000000.00")


async def test_a_claim_that_grew_after_the_hearing_is_heard_anew(breached: World) -> None:
    await heard(breached)
    await breached.report("60")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CALCULATED
    assert claim.hearing_until is None


async def test_approval_waits_for_what_the_funding_service_has_said(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    ahead = [*breached.positions()[:-1], Position(breached.tranche(1), 2)]
    with pytest.raises(FactsStillArriving) as refused:
        await approve(breached, positions=ahead)
    assert refused.value.retry_after is not None


async def test_an_addendum_that_only_recovery_has_heard_refuses_the_approval(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    lower = breached.terms[0].model_copy(update={"target": Decimal(80)})
    await breached.amend(lower, settle=False)
    await breached.settle(RECOVERY)
    with pytest.raises(FactsStillArriving):
        await approve(breached)
    await breached.settle()
    with pytest.raises(ProposalVoid):
        await approve(breached)
    assert (await breached.claim()).principal == Decimal("12500000.00")


async def test_a_rate_corrected_a_moment_ago_refuses_the_approval_before_its_event_arrives(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    await correct(breached, "2025-03-11", "16.00", settle=False)
    with pytest.raises(ClaimOutdated):
        await approve(breached)
    await breached.settle()
    assert (await breached.claim()).number == 2


async def test_of_two_approvers_at_once_exactly_one_approves(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    outcomes = await asyncio.gather(
        approve(breached, by="approver-1"), approve(breached, by="approver-2"), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Demand", "DemandNotProposed"]
    assert (await breached.published()).count("claim-demanded") == 1


async def test_an_approval_and_a_corrected_report_at_once_end_in_one_order(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    approval, _ = await asyncio.gather(approve(breached), breached.report("80"), return_exceptions=True)
    await breached.settle()
    claim = await breached.claim()
    assert claim.principal == Decimal("20000000.00")
    expected = ClaimStatus.DEMANDED if isinstance(approval, Demand) else ClaimStatus.NOTIFIED
    assert claim.status is expected


async def test_what_each_of_the_two_accepted_by_name_is_on_record(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    await breached.confirm_rates()
    demand = await approve(breached, ("rule-set/default", "rates/2024-12-02"))
    assert (demand.unverified, demand.accepted) == (list(ALL), sorted(ALL))
    assert (demand.unverified_then, demand.accepted_by_approver) == (["rule-set/default"], ["rule-set/default"])


async def test_a_demand_that_awaits_nothing_cannot_be_voided_in_silence(breached: World) -> None:
    await heard(breached)
    await propose(breached)
    demand = await approve(breached)
    with pytest.raises(DemandNotProposed):
        demand.void("the claim has changed")
    assert demand.void_reason is None
