"""The year's end: the balance carries over (Law 86-VII, Art. 42(5))."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from grants.account.commands import close_account_year, close_years
from grants.account.model import YearNotOver
from grants.account.queries import standing_as_of
from shared.http.edge import VersionStale
from tests.grants.funding import Funding

LAST = datetime(2025, 12, 31, 18, 59, 59, 999999, tzinfo=UTC)
FIRST = datetime(2025, 12, 31, 19, 0, tzinfo=UTC)


async def close(funding: Funding, at: datetime) -> int:
    """Let the scheduled job do all that is due; how many units there were."""
    count = 0
    while True:
        async with funding.work(at, "grants/jobs") as session:
            if not await close_years(session, at):
                return count
        count += 1


async def test_the_year_is_closed_by_itself_with_the_first_instant_of_the_next(funding: Funding) -> None:
    assert await close(funding, LAST) == 0
    assert await close(funding, FIRST) == 1
    assert await close(funding, FIRST) == 0
    assert (await funding.account()).open_year == 2026
    assert (await funding.events())[-1] == "grants.year-closed.v1"


async def test_the_free_balance_is_carried_over_and_stays_free(funding: Funding) -> None:
    await funding.offer()
    before = await funding.standing()
    await close(funding, FIRST)
    assert await funding.standing() == before
    by_year = await funding.sql(
        "select fiscal_year, sum(amount) from ledger_posting where side = 'free' group by 1 order by 1"
    )
    assert [tuple(row) for row in by_year] == [(2025, Decimal("0.00")), (2026, Decimal("900.00"))]
    event = await funding.sql("select data ->> 'carried_over' from event where type = 'grants.year-closed.v1'")
    assert event[0][0] == "900.00"


async def test_several_years_are_closed_one_after_the_other(funding: Funding) -> None:
    assert await close(funding, datetime(2028, 1, 5, tzinfo=UTC)) == 3
    assert (await funding.account()).open_year == 2028
    assert (await funding.standing()).free == Decimal("1000.00")


async def test_an_empty_account_closes_its_year_without_an_entry(empty_funding: Funding) -> None:
    assert await close(empty_funding, FIRST) == 1
    assert (await empty_funding.account()).entries == 0


async def test_a_year_that_is_not_over_cannot_be_closed(funding: Funding) -> None:
    version = (await funding.account()).revision
    with pytest.raises(YearNotOver):
        async with funding.work(LAST) as session:
            await close_account_year(session, funding.officer, funding.account_id, version=version, at=LAST)
    with pytest.raises(VersionStale):
        async with funding.work(LAST) as session:
            await close_account_year(session, funding.officer, funding.account_id, version=version - 1, at=LAST)


async def test_what_took_effect_in_a_closed_year_is_posted_in_the_open_one(funding: Funding) -> None:
    agreement = await funding.signed()
    approved = await funding.approved((await funding.tranches(agreement))[0].id)
    await close(funding, FIRST)
    await funding.disburse(approved, on=date(2025, 12, 30), at=datetime(2026, 1, 9, tzinfo=UTC))
    rows = await funding.sql("select effective_on, fiscal_year from ledger_entry where kind = 'disbursement'")
    assert tuple(rows[0]) == (date(2025, 12, 30), 2026)
    async with funding.database.sessions() as session:
        before = await standing_as_of(session, funding.account_id, date(2025, 12, 29))
        after = await standing_as_of(session, funding.account_id, date(2025, 12, 30))
    assert (before.disbursed, after.disbursed) == (Decimal("0.00"), Decimal("100.00"))
