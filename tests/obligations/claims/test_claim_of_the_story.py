from datetime import UTC, date, datetime
from decimal import Decimal

from obligations.claims.status import ClaimStatus
from tests.obligations.claims.world import World


async def test_a_breach_makes_the_claim_of_the_story_to_the_tiyn(breached: World) -> None:
    claim = await breached.claim()
    assert (claim.principal, claim.interest, claim.total) == (
        Decimal("30000000.00"),
        Decimal("7209041.10"),
        Decimal("37209041.10"),
    )
    assert claim.status is ClaimStatus.CALCULATED
    assert claim.as_of == date(2026, 6, 30)
    (version,) = await breached.versions()
    assert version.known_from == datetime(2026, 6, 30, 7, tzinfo=UTC)
    assert version.sheet is not None
    assert [(each["days"], each["percent"]) for each in version.sheet["segments"]] == [
        (36, "15.25"),
        (216, "16.50"),
        (238, "18.00"),
        (22, "17.00"),
    ]


async def test_a_version_names_every_fact_it_used(breached: World) -> None:
    (version,) = await breached.versions()
    assert [each["tranche_id"] for each in version.facts["tranches"]] == [str(breached.tranche(1))]
    assert version.facts["evaluations"][0]["report_id"] is not None
    assert version.facts["rule_set"]["name"] == "default"
    assert [each["effective_from"] for each in version.rates_used] == [
        "2024-12-02",
        "2025-03-11",
        "2025-10-13",
        "2026-06-08",
    ]
    assert version.trigger_event_id is not None


async def test_the_same_facts_make_no_new_version(breached: World) -> None:
    breached.clock.on("2026-07-15")
    await breached.settle()
    assert len(await breached.versions()) == 1


async def test_no_claim_is_made_where_all_is_fulfilled(world: World) -> None:
    await world.sign()
    await world.disburse()
    world.clock.on("2026-02-01")
    await world.report("100")
    assert not await world.has_claim()
