"""What the database holds by itself, whatever statement comes."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.obligations.claims.world import World

RAISED = "update claim set principal = principal + :more, total = total + :more, outstanding = outstanding + :more"
FORGED = """
insert into claim_version (claim_id, number, known_from, as_of, fulfilment, principal, interest, total, outstanding,
    overpaid, facts, facts_digest, rates_used, rates_under, sheet, trigger)
select claim_id, number + 1, known_from, as_of, fulfilment, principal + :more, interest, total + :more,
    outstanding + :more, overpaid, facts, facts_digest, rates_used, rates_under, sheet, trigger
from claim_version
"""


async def test_principals_never_exceed_what_was_paid_even_by_direct_sql(breached: World) -> None:
    with pytest.raises(DBAPIError, match="exceed"):
        await breached.execute(FORGED, f"{RAISED}, number = number + 1", more=Decimal("70000000.01"))
    await breached.execute(FORGED, f"{RAISED}, number = number + 1", more=Decimal("70000000.00"))


async def test_money_paid_cannot_be_made_less_than_the_principals_by_direct_sql(breached: World) -> None:
    with pytest.raises(DBAPIError, match="exceed"):
        await breached.execute("update disbursement set amount = 29999999.99")
    with pytest.raises(DBAPIError, match="exceed"):
        await breached.execute("delete from disbursement")
    with pytest.raises(DBAPIError, match="exceed"):
        await breached.execute("update disbursement set reversed_on = '2026-01-01'")


async def test_figures_without_a_version_behind_them_are_refused(breached: World) -> None:
    with pytest.raises(DBAPIError, match="latest version"):
        await breached.execute(RAISED, more=Decimal("1.00"))
    with pytest.raises(DBAPIError, match="does not know version"):
        await breached.execute(FORGED, more=Decimal("0.00"))


@pytest.mark.parametrize(
    "statement",
    ["update claim_version set principal = 0", "delete from claim_version", "delete from claim"],
)
async def test_versions_and_claims_are_never_changed_or_deleted(breached: World, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        await breached.execute(statement)


async def test_nobody_approves_the_own_proposal_even_by_direct_sql(breached: World) -> None:
    insert = """
    insert into demand (id, claim_id, claim_version, status, principal, interest, total, unverified, accepted,
        proposed_by, proposed_at, approved_by, approved_at, unverified_then, accepted_by_approver)
    select gen_random_uuid(), id, 1, 'approved', 1, 1, 2, '[]', '[]', 'one', now(), 'one', now(), '[]', '[]' from claim
    """
    with pytest.raises(IntegrityError, match="ck_demand_two_people"):
        await breached.execute(insert)


async def test_two_years_raised_at_once_cannot_both_pass_the_bound(world: World) -> None:
    await world.sign(years=(2025, 2026))
    await world.disburse()
    world.clock.on("2027-02-01")
    await world.execute(
        "insert into rate_coverage select gen_random_uuid(), 0, 'national', '2027-12-31', now(), 't', false, 't'"
    )
    await world.report("0", 2025)
    await world.report("0", 2026)
    assert [(await world.claim(year)).principal for year in (2025, 2026)] == [Decimal("50000000.00")] * 2
    await world.report("50", 2025)
    await world.report("50", 2026)

    async def raise_year(year: int) -> None:
        of_year = "where {} in (select id from claim where reporting_year = :year)"
        await world.execute(
            f"{FORGED} {of_year.format('claim_id')} and number = 2",
            f"{RAISED}, number = number + 1 where reporting_year = :year",
            more=Decimal("40000000.00"),
            year=year,
        )

    outcomes = await asyncio.gather(raise_year(2025), raise_year(2026), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IntegrityError", "NoneType"]
