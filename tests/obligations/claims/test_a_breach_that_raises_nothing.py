"""A breach after the settlement that does not raise the claim is answered by the settlement too."""

from datetime import date
from decimal import Decimal

from sqlmodel import col, select

from obligations.fulfilment import Aggregation
from obligations.obligations.model import Obligation
from obligations.repayments.commands import Incoming, record_repayment
from obligations.reports.commands import Stated, record_report
from obligations.rule_sets.commands import Proposal, approve_rule_set, propose_rule_set
from obligations.rule_sets.content import RuleSetContent
from tests.obligations.claims.world import SIGHT, World


async def _report(world: World, achieved: str, which: int) -> None:
    async with world.session() as session:
        ids = (await session.exec(select(Obligation.id).order_by(col(Obligation.id)))).all()
        await record_report(session, ids[which], Stated(Decimal(achieved)), sight=SIGHT, at=world.clock.at)
    await world.settle()


async def test_a_further_breach_that_the_settled_claim_covers_closes_its_cause_too(world: World) -> None:
    async with world.session() as session:
        strict = Proposal("strict", date(2025, 1, 1), RuleSetContent(aggregation=Aggregation.MINIMUM), "order 1")
        proposed = await propose_rule_set(session, strict, by="officer-1", at=world.clock.at)
        await approve_rule_set(
            session, proposed.id, proposed.content_hash, by="officer-2", at=world.clock.at, revision=0
        )
    await world.sign(terms=2, rule_set="strict")
    await world.disburse()
    world.clock.on("2026-01-20")
    await _report(world, "70", 0)
    async with world.hand() as (session, hand):
        owed = hand.claim.total or Decimal(0)
        await record_repayment(
            session, hand, Incoming(owed, date(2026, 1, 20), "in-1"), by="officer-1", at=world.clock.at
        )
    assert (await world.claim()).status == "settled"
    await _report(world, "80", 1)
    claim = await world.claim()
    assert (claim.status, claim.fulfilment) == ("settled", Decimal("0.700000"))
    told = await world.query(
        "select data->'obligation_ids' as ids from event where type like '%claim-settled%' order by outbox_id"
    )
    assert [len(row.ids) for row in told] == [1, 1]
    assert told[0].ids != told[1].ids
