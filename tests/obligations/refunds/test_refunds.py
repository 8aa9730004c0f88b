"""A paid claim shrinks: the difference goes back by decision of two, once."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from obligations.claims.status import ClaimStatus
from obligations.freshness.refusals import FactsStillArriving
from obligations.refunds.commands import approve_refund, pay_refund, propose_refund
from obligations.refunds.model import Refund
from obligations.refunds.refusals import (
    NothingOverpaid,
    RefundAlreadyOpen,
    RefundNotApproved,
    RefundNotProposed,
)
from obligations.refunds.rules import taken_from
from shared.payments import PaymentAlreadyRecorded
from shared.two_people import SecondPersonWanted
from tests.obligations.claims.world import RECOVERY, World
from tests.obligations.repayments.test_repayments import pay


async def propose(world: World, amount: str | None = None) -> Refund:
    async with world.hand() as (session, hand):
        asked = None if amount is None else Decimal(amount)
        return await propose_refund(session, hand, asked, by="officer-1", at=world.clock.at)


async def approve(world: World, refund_id: UUID, by: str = "approver-1") -> Refund:
    async with world.hand() as (session, hand):
        return await approve_refund(session, hand, refund_id, world.positions(), by=by, at=world.clock.at)


async def pay_back(world: World, refund_id: UUID, reference: str = "out-9") -> Refund:
    async with world.hand() as (session, hand):
        day = world.clock.at.date()
        refund = await pay_refund(session, hand, refund_id, day, reference, at=world.clock.at)
    await world.settle()
    return refund


async def shrunk(world: World) -> Decimal:
    """Paid in full, then the report is corrected: what is now owed back."""
    await pay(world, "37209041.10")
    await world.report("80")
    overpaid = (await world.claim()).overpaid
    assert overpaid is not None
    return overpaid


async def test_a_paid_claim_that_shrinks_is_refunded_to_the_tiyn(breached: World) -> None:
    overpaid = await shrunk(breached)
    assert overpaid == Decimal("37209041.10") - (await breached.claim()).total  # type: ignore[operator]
    refund = await propose(breached)
    await approve(breached, refund.id)
    paid = await pay_back(breached, refund.id)
    assert paid.amount == overpaid
    claim = await breached.claim()
    assert claim.overpaid == Decimal("0.00")
    assert claim.status is ClaimStatus.SETTLED
    assert "refund-paid" in await breached.published()


async def test_after_a_refund_a_claim_that_grows_again_is_open_for_all_of_the_difference(breached: World) -> None:
    overpaid = await shrunk(breached)
    refund = await propose(breached)
    await approve(breached, refund.id)
    await pay_back(breached, refund.id)
    await breached.report("70")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CALCULATED
    assert claim.outstanding == overpaid


async def test_two_people_and_one_refund_at_a_time(breached: World) -> None:
    await shrunk(breached)
    with pytest.raises(NothingOverpaid):
        await propose(breached, "37209041.10")
    refund = await propose(breached, "100.00")
    with pytest.raises(RefundAlreadyOpen):
        await propose(breached)
    with pytest.raises(RefundNotApproved):
        await pay_back(breached, refund.id)
    with pytest.raises(SecondPersonWanted):
        await approve(breached, refund.id, by="officer-1")
    await approve(breached, refund.id)
    with pytest.raises(RefundNotProposed):
        await approve(breached, refund.id, by="approver-2")
    with pytest.raises(PaymentAlreadyRecorded, match="repayment"):
        await pay_back(breached, refund.id, reference="in-1")
    await pay_back(breached, refund.id)
    with pytest.raises(RefundNotApproved):
        await pay_back(breached, refund.id, reference="out-10")


async def test_a_refund_that_is_no_longer_owed_is_not_paid(breached: World) -> None:
    await shrunk(breached)
    refund = await propose(breached)
    await approve(breached, refund.id)
    await breached.report("70")
    with pytest.raises(NothingOverpaid):
        await pay_back(breached, refund.id)


def test_a_refund_is_taken_out_of_the_latest_repayments_first() -> None:
    left_over = {"a": Decimal("5.00"), "b": Decimal("0.00"), "c": Decimal("3.00")}
    assert taken_from(left_over, Decimal("4.00")) == {"c": Decimal("3.00"), "a": Decimal("1.00")}
    assert taken_from(left_over, Decimal("2.00")) == {"c": Decimal("2.00")}


async def test_three_tranches_and_three_years_with_a_reversal_and_a_refund(world: World) -> None:
    await world.sign(years=(2025, 2026, 2027))
    await world.disburse("2025-02-03", "90000000.00", number=1)
    await world.disburse("2025-06-02", "60000000.00", number=2)
    world.clock.on("2026-03-02")
    await world.report("70", 2025)
    first = await world.claim(2025)
    assert first.principal == Decimal("15000000.00")  # 30 % of a third of 150 million
    world.clock.on("2026-04-01")
    await world.disburse("2026-04-01", "50000000.00", number=3)
    assert (await world.claim(2025)).principal == Decimal("15000000.00")  # that year had ended
    await pay(world, "30000000.00", reference="full")
    settled = await world.claim(2025)
    assert settled.status is ClaimStatus.SETTLED
    await world.reverse(2, "2026-04-02")
    assert (await world.claim(2025)).principal == Decimal("9000000.00")
    refund = await propose(world)
    await approve(world, refund.id)
    await pay_back(world, refund.id)
    world.clock.on("2028-02-01")
    await world.know_rates_until("2028-12-31")
    await world.report("0", 2026)
    await world.report("50", 2027)
    principals = [(await world.claim(year)).principal for year in (2025, 2026, 2027)]
    assert principals == [Decimal("9000000.00"), Decimal("55000000.00"), Decimal("27500000.00")]
    assert sum(p for p in principals if p) <= Decimal("140000000.00")
    assert date(2028, 2, 1) == (await world.claim(2027)).as_of


async def test_a_refund_above_what_the_facts_leave_over_is_not_paid_though_the_version_still_says_so(
    breached: World,
) -> None:
    overpaid = await shrunk(breached)
    refund = await propose(breached)
    await approve(breached, refund.id)
    await breached.report("70", settle=False)
    assert (await breached.claim()).overpaid == overpaid
    with pytest.raises(NothingOverpaid, match=r"0\.00 tenge are overpaid"):
        await pay_back(breached, refund.id)
    assert [row.refunded for row in await breached.query("select refunded from repayment")] == [Decimal("0.00")]


async def test_a_refund_that_is_paid_cannot_be_voided_in_silence(breached: World) -> None:
    await shrunk(breached)
    refund = await propose(breached)
    await approve(breached, refund.id)
    paid = await pay_back(breached, refund.id)
    with pytest.raises(RefundNotProposed):
        paid.void("no longer owed")
    assert (paid.status, paid.void_reason) == ("paid", None)


async def test_a_refund_is_not_approved_while_a_fact_that_may_take_it_back_is_on_its_way(breached: World) -> None:
    await shrunk(breached)
    refund = await propose(breached)
    await breached.report("70", settle=False)
    with pytest.raises(FactsStillArriving):
        await approve(breached, refund.id)
    await breached.settle()
    with pytest.raises(NothingOverpaid):
        await approve(breached, refund.id)


async def test_a_refund_is_not_approved_before_both_consumers_have_heard_the_funding_service(breached: World) -> None:
    await shrunk(breached)
    refund = await propose(breached)
    await breached.amend(settle=False)
    await breached.settle(RECOVERY)
    with pytest.raises(FactsStillArriving):
        await approve(breached, refund.id)
