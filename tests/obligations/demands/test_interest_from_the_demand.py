"""Interest that runs from the day of the demand, or from the end of the reporting year."""

from datetime import date
from decimal import Decimal

from obligations.claims.facts import ClaimFacts
from obligations.claims.status import ClaimStatus
from obligations.repayment import AccrualFrom, RepaymentRules
from obligations.rule_sets.content import RuleSetContent
from tests.obligations.claims.test_other_terms import approved
from tests.obligations.claims.world import World
from tests.obligations.demands.test_demand import approve, heard, propose

ACCEPTED = ("rule-set/lenient",)
SHORT = Decimal("30000000.00")


async def accruing_from(world: World, accrual_from: AccrualFrom) -> None:
    await world.amend(rule_set="lenient")
    await approved(world, RuleSetContent(rules=RepaymentRules(accrual_from=accrual_from)))
    await world.jobs()
    await world.settle()


async def test_no_interest_arises_before_the_demand_and_then_it_runs_from_its_day(breached: World) -> None:
    await accruing_from(breached, AccrualFrom.DEMAND)
    claim = await breached.claim()
    assert (claim.principal, claim.interest, claim.refusal) == (SHORT, Decimal("0.00"), None)
    await heard(breached)
    await propose(breached, ACCEPTED)
    await approve(breached, ACCEPTED)
    claim = await breached.claim()
    assert (claim.status, claim.interest) == (ClaimStatus.DEMANDED, Decimal("0.00"))
    version = (await breached.versions())[-1]
    assert version.trigger == "demanded"
    assert ClaimFacts.model_validate(version.facts).demanded_on == date(2026, 7, 7)
    breached.clock.on("2026-07-17")
    await breached.report("75")
    claim = await breached.claim()
    assert claim.interest == Decimal("116438.36"), "25,000,000.00 × 17 % × 10 / 365"


async def test_interest_may_run_from_the_end_of_the_reporting_year(breached: World) -> None:
    await accruing_from(breached, AccrualFrom.PERIOD_END)
    claim = await breached.claim()
    version = (await breached.versions())[-1]
    assert ClaimFacts.model_validate(version.facts).period_end == date(2025, 12, 31)
    assert version.sheet is not None
    assert version.sheet["segments"][0]["from"] == "2025-12-31"
    assert claim.interest is not None
    assert claim.interest < Decimal("7209041.10")
