"""Other terms: an addendum, or a rule set that is frozen late, evaluates and calculates anew."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from obligations.agreements.locks import lock_agreement
from obligations.agreements.refusals import RuleSetNotFrozen
from obligations.claims.status import ClaimStatus
from obligations.demands.refusals import BelowMateriality
from obligations.obligations.commands import freeze_rule_sets
from obligations.repayment import RepaymentRules
from obligations.repayment.rules import DayCount
from obligations.rule_sets.commands import Proposal, approve_rule_set, propose_rule_set
from obligations.rule_sets.content import RuleSetContent
from obligations.service import service
from tests.obligations.claims.world import World
from tests.obligations.demands.test_demand import RATES, heard, propose
from tests.obligations.repayments.test_repayments import pay


async def approved(world: World, content: RuleSetContent) -> None:
    async with world.session() as session:
        proposal = Proposal("lenient", date(2025, 1, 1), content, "order 1")
        proposed = await propose_rule_set(session, proposal, by="officer-1", at=world.clock.at)
        await approve_rule_set(
            session, proposed.id, proposed.content_hash, by="officer-2", at=world.clock.at, revision=0
        )


async def test_a_rule_set_frozen_late_after_an_addendum_makes_a_version_by_its_rules(breached: World) -> None:
    await breached.amend(rule_set="lenient")
    assert (await breached.claim()).number == 1
    await approved(breached, RuleSetContent(rules=RepaymentRules(day_count=DayCount.ACTUAL_360)))
    await breached.jobs()
    _, version = await breached.versions()
    assert version.trigger == "obligation-amended"
    assert version.interest is not None
    assert version.interest > Decimal("7209041.10")


async def test_two_workers_freeze_a_rule_set_once(breached: World) -> None:
    await breached.amend(rule_set="lenient")
    await approved(breached, RuleSetContent(tolerance=Decimal("0.40")))

    async def freeze() -> None:
        async with breached.session("jobs") as session:
            await freeze_rule_sets(session, breached.clock.at)

    before = (await breached.published(of="Obligation")).count("obligation-amended")
    async with breached.session() as holder:
        await lock_agreement(holder, breached.agreement_id)
        both = [asyncio.create_task(freeze()) for _ in range(2)]
        await asyncio.sleep(0.5)
    await asyncio.gather(*both)
    assert (await breached.published(of="Obligation")).count("obligation-amended") == before + 1


async def test_a_rule_set_frozen_late_decides_anew_what_is_a_breach(breached: World) -> None:
    await breached.amend(rule_set="lenient")
    await approved(breached, RuleSetContent(tolerance=Decimal("0.40")))
    await breached.jobs()
    assert (await breached.published(of="Obligation"))[-2:] == ["obligation-amended", "obligation-fulfilled"]
    assert (await breached.claim()).status is ClaimStatus.CANCELLED


async def test_no_demand_while_the_rule_set_of_an_addendum_is_not_known(breached: World) -> None:
    await heard(breached)
    await breached.amend(rule_set="lenient")
    with pytest.raises(RuleSetNotFrozen):
        await propose(breached)


async def test_weights_of_an_addendum_count_whoever_hears_of_it_first(world: World) -> None:
    await world.sign(terms=2)
    await world.disburse()
    world.clock.on("2026-06-30")
    await world.report("70")
    low, high = world.terms
    await world.amend(low, high.model_copy(update={"target": Decimal(70)}))
    assert (await world.claim()).fulfilment == Decimal("0.850000")
    weighty = low.model_copy(update={"weight": Decimal("0.75")})
    light = high.model_copy(update={"target": Decimal(70), "weight": Decimal("0.25")})
    await world.amend(weighty, light, settle=False)
    monitoring, recovery = service.consumers
    await world.settle(recovery)
    await world.settle(monitoring, recovery)
    assert (await world.claim()).fulfilment == Decimal("0.775000")


async def lenient_and_partly_paid(world: World, materiality: str) -> None:
    """37,209,041.10 tenge have arisen and 20 million of them are paid, under a rule set with this materiality."""
    await approved(world, RuleSetContent(materiality=Decimal(materiality)))
    await world.amend(rule_set="lenient")
    await pay(world, "20000000.00")
    await heard(world)


async def test_what_is_paid_of_a_claim_makes_it_no_trifle(breached: World) -> None:
    await lenient_and_partly_paid(breached, "30000000.00")
    demand = await propose(breached, ("rule-set/lenient", *RATES))
    assert demand.total > Decimal("30000000.00")
    assert (await breached.claim()).outstanding < Decimal("30000000.00")  # type: ignore[operator]


async def test_a_claim_of_a_smaller_total_is_not_demanded(breached: World) -> None:
    await lenient_and_partly_paid(breached, "40000000.00")
    with pytest.raises(BelowMateriality, match=r"comes to 37209041\.10 tenge"):
        await propose(breached, ("rule-set/lenient", *RATES))
