"""Money that comes back: allocated by the rule, counted once, kept where it is too much."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from obligations.claims.status import ClaimStatus
from obligations.obligations.model import Obligation
from obligations.payments.model import Repayment
from obligations.repayments.commands import Incoming, record_repayment
from obligations.repayments.refusals import ReceivedBeforeDisbursement
from obligations.standing.queries import open_breaches
from shared.payments import PaymentAlreadyRecorded, PaymentInFuture
from tests.obligations.claims.world import World
from tests.shared.references import OTHERWISE_TYPED, TYPED


async def pay(world: World, amount: str, on: str | None = None, reference: str = "in-1") -> Repayment:
    received_on = date.fromisoformat(on) if on else world.clock.at.date()
    async with world.hand() as (session, hand):
        incoming = Incoming(Decimal(amount), received_on, reference)
        repayment = await record_repayment(session, hand, incoming, by="officer-1", at=world.clock.at)
    await world.settle()
    return repayment


async def test_a_payment_of_all_settles_the_claim_and_closes_its_causes(breached: World) -> None:
    repayment = await pay(breached, "37209041.10")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.SETTLED
    assert claim.outstanding == Decimal("0.00")
    assert (repayment.to_principal, repayment.to_interest, repayment.overpaid) == (
        Decimal("30000000.00"),
        Decimal("7209041.10"),
        Decimal("0.00"),
    )
    assert (await breached.published())[-3:] == ["repayment-received", "claim-calculated", "claim-settled"]
    ((named,),) = await breached.query("select data->'obligation_ids' from event where type like '%claim-settled%'")
    assert len(named) == 1


async def test_a_part_covers_interest_first_and_the_rest_bears_on(breached: World) -> None:
    repayment = await pay(breached, "10000000.00")
    assert repayment.to_interest == Decimal("7209041.10")
    assert repayment.to_principal == Decimal("2790958.90")
    claim = await breached.claim()
    assert claim.outstanding == Decimal("27209041.10")
    assert claim.status is ClaimStatus.CALCULATED


async def test_a_payment_recorded_days_later_settles_as_of_its_own_day(breached: World) -> None:
    breached.clock.on("2026-07-10")
    await pay(breached, "37209041.10", on="2026-06-30")
    assert (await breached.claim()).status is ClaimStatus.SETTLED


async def test_what_is_too_much_is_kept_and_owed_back(breached: World) -> None:
    repayment = await pay(breached, "40000000.00")
    claim = await breached.claim()
    assert repayment.overpaid == claim.overpaid == Decimal("2790958.90")
    assert claim.status is ClaimStatus.SETTLED
    assert "refund-due" in await breached.published()


async def test_the_same_bank_reference_is_refused_and_names_the_first(breached: World) -> None:
    first = await pay(breached, "1000.00", reference="KZ-77")
    with pytest.raises(PaymentAlreadyRecorded) as refused:
        await pay(breached, "1000.00", reference="KZ-77")
    assert refused.value.data["payment_id"] == first.id
    assert refused.value.data["day"] == date(2026, 6, 30)


@pytest.mark.parametrize("same", OTHERWISE_TYPED)
async def test_a_reference_typed_otherwise_is_the_same_payment(breached: World, same: str) -> None:
    first = await pay(breached, "1000.00", reference=TYPED)
    with pytest.raises(PaymentAlreadyRecorded) as refused:
        await pay(breached, "1000.00", reference=same)
    assert (refused.value.data["payment_id"], refused.value.data["bank_reference"]) == (first.id, TYPED)
    assert await breached.query("select bank_reference from repayment") == [(TYPED,)]
    with pytest.raises(DBAPIError, match="uq_bank_payment_account_bank_reference"):
        await breached.execute(
            "insert into bank_payment (payment_id, account, bank_reference, kind, day)"
            f" select gen_random_uuid(), account, '{same}', kind, day from bank_payment"
        )


async def test_a_reference_under_which_the_funding_service_paid_is_no_repayments(breached: World) -> None:
    paid = await breached.query("select data ->> 'bank_reference', subject, data ->> 'disbursed_on' from agreement_fact"
                                " where type = 'support.tranche-disbursed.v1'")  # fmt: skip
    reference, tranche, day = paid[0]
    with pytest.raises(PaymentAlreadyRecorded) as refused:
        await pay(breached, "1000.00", reference=f" {reference.lower()}")
    assert refused.value.data == {
        "bank_reference": reference, "kind": "disbursement", "payment_id": str(tranche), "day": day,
    }  # fmt: skip
    assert await breached.query("select count(*) from repayment") == [(0,)]


async def test_of_two_recordings_at_once_exactly_one_counts(breached: World) -> None:
    outcomes = await asyncio.gather(pay(breached, "5.00"), pay(breached, "5.00"), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PaymentAlreadyRecorded", "Repayment"]
    assert await breached.query("select count(*), sum(amount) from repayment") == [(1, Decimal("5.00"))]


async def test_two_payments_at_once_both_count(breached: World) -> None:
    await asyncio.gather(pay(breached, "5.00", reference="a"), pay(breached, "7.00", reference="b"))
    assert (await breached.claim()).outstanding == Decimal("37209029.10")


async def test_money_is_not_recorded_before_it_arrives_nor_before_it_was_paid_out(breached: World) -> None:
    with pytest.raises(PaymentInFuture):
        await pay(breached, "1.00", on="2026-07-01")
    with pytest.raises(ReceivedBeforeDisbursement):
        await pay(breached, "1.00", on="2025-02-02")
    assert await breached.query("select count(*) from bank_payment") == [(0,)]


async def test_a_settled_claim_that_grows_is_open_for_the_difference(breached: World) -> None:
    await pay(breached, "37209041.10")
    await breached.report("60")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CALCULATED
    assert claim.principal == Decimal("40000000.00")
    assert claim.outstanding is not None
    assert Decimal("10000000.00") < claim.outstanding < Decimal("13000000.00")
    assert (await breached.published())[-1] == "claim-reopened"


async def test_money_on_a_cancelled_claim_is_recorded_and_owed_back(breached: World) -> None:
    await breached.report("100")
    await pay(breached, "100.00")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CANCELLED
    assert claim.overpaid == Decimal("100.00")


async def test_a_settled_claim_whose_figures_are_unknown_clears_no_payment(breached: World) -> None:
    async def causes() -> int:
        async with breached.database.sessions() as session:
            return len(await open_breaches(session, col(Obligation.agreement_id) == breached.agreement_id))

    assert await causes() == 1
    await pay(breached, "37209041.10")
    assert await causes() == 0
    breached.clock.on("2026-10-28")
    await breached.report("60")
    claim = await breached.claim()
    assert (claim.status, claim.principal) == (ClaimStatus.SETTLED, None)
    assert await causes() == 1
