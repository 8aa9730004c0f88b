"""Each trigger of a recalculation makes a new version, and an earlier day keeps its answer."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from obligations.cancellations.commands import approve_cancellation, propose_cancellation
from obligations.claims.commands import calculate_as_of, suspend
from obligations.claims.queries import version_known_on
from obligations.claims.status import ClaimStatus
from obligations.claims.version import ClaimVersion
from obligations.obligations.model import Obligation
from obligations.rates.commands import Correction, correct_rate
from tests.obligations.claims.world import APPROVER, SIGHT, World


async def correct(world: World, on: str, percent: str, *, settle: bool = True) -> None:
    async with world.session() as session:
        rate = await world.rate_of(session, on)
        await correct_rate(
            session,
            rate.id,
            Correction(percent=Decimal(percent), source="resolution", reason="a slip of the pen"),
            by="officer-1",
            clock=world.clock,
            revision=rate.revision,
        )
    if settle:
        await world.settle()


async def test_a_corrected_rate_makes_a_version_and_the_earlier_day_keeps_its_answer(breached: World) -> None:
    breached.clock.on("2026-07-06")
    await correct(breached, "2025-03-11", "16.00")
    _, second = await breached.versions()
    assert second.trigger == "base-rate-corrected"
    assert second.sheet is not None
    assert [each["percent"] for each in second.sheet["segments"]] == ["15.25", "16.00", "18.00", "17.00"]
    async with breached.database.sessions() as session:
        earlier = await version_known_on(session, await breached.claim(), date(2026, 7, 5), breached.clock.at)
    assert earlier.number == 1
    assert earlier.interest == Decimal("7209041.10")


async def test_a_rate_that_a_claim_does_not_reach_makes_no_version(breached: World) -> None:
    breached.clock.on("2026-07-06")
    await correct(breached, "2024-07-15", "14.00")
    breached.clock.on("2026-07-27")
    await correct(breached, "2026-07-27", "16.70")
    assert len(await breached.versions()) == 1


async def test_a_corrected_report_lifts_k_and_the_claim_shrinks(breached: World) -> None:
    breached.clock.on("2026-07-10")
    await breached.report("80")
    claim = await breached.claim()
    assert claim.principal == Decimal("20000000.00")
    assert claim.number == 2
    assert claim.status is ClaimStatus.CALCULATED


async def test_full_fulfilment_cancels_the_claim(breached: World) -> None:
    breached.clock.on("2026-07-10")
    await breached.report("100")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CANCELLED
    assert claim.total == Decimal("0.00")
    assert "claim-cancelled" in await breached.published()


async def test_a_cancelled_claim_opens_again_when_the_report_is_corrected_down(breached: World) -> None:
    await breached.report("100")
    await breached.report("90")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CALCULATED
    assert claim.principal == Decimal("10000000.00")
    assert (await breached.published())[-1] == "claim-reopened"


async def test_a_reversed_tranche_takes_its_principal_out_of_the_claim(breached: World) -> None:
    breached.clock.on("2026-07-10")
    await breached.reverse(1, "2026-07-09")
    claim = await breached.claim()
    assert claim.status is ClaimStatus.CANCELLED
    (_, version) = await breached.versions()
    assert version.trigger == "tranche-reversed"
    assert version.facts["reversed_tranches"] == [str(breached.tranche(1))]


async def test_a_tranche_paid_again_after_its_reversal_counts_again(breached: World) -> None:
    await breached.reverse(1, "2026-07-09")
    breached.clock.on("2026-07-20")
    await breached.disburse("2025-12-30")
    assert (await breached.claim()).principal == Decimal("30000000.00")


async def test_a_disbursement_heard_of_before_the_agreement_counts(world: World) -> None:
    await world.disburse()
    await world.sign()
    world.clock.on("2026-06-30")
    await world.report("70")
    assert (await world.claim()).principal == Decimal("30000000.00")


async def test_a_suspension_takes_its_days_out(breached: World) -> None:
    async with breached.hand() as (session, hand):
        await suspend(
            session,
            hand,
            date(2025, 2, 3),
            date(2025, 3, 10),
            "the state was late",
            by="officer-1",
            at=breached.clock.at,
        )
    claim = await breached.claim()
    assert claim.interest == Decimal("7209041.10") - Decimal("451232.88")
    assert (await breached.versions())[-1].trigger == "interest-suspended"


async def test_beyond_the_coverage_the_version_bears_a_refusal_and_no_guess(breached: World) -> None:
    breached.clock.on("2026-10-28")
    await breached.report("60")
    claim = await breached.claim()
    assert claim.principal is None
    assert claim.refusal is not None
    assert "2026-10-27" in claim.refusal
    (_, version) = await breached.versions()
    assert version.refusal_slug == "rate-unknown"


async def test_an_officer_may_calculate_as_of_a_day_and_gets_no_version_twice(breached: World) -> None:
    breached.clock.on("2026-07-20")
    for _ in range(2):
        async with breached.hand() as (session, hand):
            await calculate_as_of(session, hand, date(2026, 7, 20), breached.clock.at)
    versions = await breached.versions()
    assert [version.as_of for version in versions] == [date(2026, 6, 30), date(2026, 7, 20)]


async def test_the_same_event_handled_again_makes_nothing(breached: World) -> None:
    before = await breached.query("select count(*) from event")
    for _ in range(3):
        await breached.settle()
    assert await breached.query("select count(*) from event") == before


async def test_a_void_obligation_owes_nothing(breached: World) -> None:
    async with breached.session() as session:
        found = select(Obligation.id, Obligation.version).where(col(Obligation.agreement_id) == breached.agreement_id)
        for obligation_id, version in (await session.exec(found)).all():
            seen: dict[str, Any] = {"expected": version, "at": breached.clock.at}
            await propose_cancellation(session, obligation_id, "opened in error", sight=SIGHT, **seen)
            await approve_cancellation(session, obligation_id, sight=APPROVER, **seen)
    await breached.settle()
    assert (await breached.claim()).status is ClaimStatus.CANCELLED


async def test_every_version_follows_from_its_own_facts(breached: World) -> None:
    await breached.report("80")
    async with breached.database.sessions() as session:
        for version in (await session.exec(select(ClaimVersion))).all():
            assert version.sheet is not None
            assert version.sheet["principal"] == f"{version.principal}"
