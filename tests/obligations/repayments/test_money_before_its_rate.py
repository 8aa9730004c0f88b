"""Money comes when it comes: it is recorded before the base rate of its day is known, and allocated once it is."""

from decimal import Decimal
from typing import Any

import pytest

from obligations.claims.status import ClaimStatus
from obligations.refunds.refusals import NothingOverpaid
from shared.payments import PaymentAlreadyRecorded
from tests.obligations.claims.api import Api
from tests.obligations.claims.world import World
from tests.obligations.refunds.test_refunds import propose
from tests.obligations.repayments.test_repayments import pay

PRINCIPAL = Decimal("30000000.00")


@pytest.fixture
async def november(breached: World) -> World:
    """20 November 2026; the base rate is known until 26 October."""
    breached.clock.on("2026-11-20")
    return breached


async def repayments(world: World) -> list[Any]:
    return await world.query("select * from repayment order by ordinal")


async def told(world: World) -> list[dict[str, Any]]:
    rows = await world.query(
        "select data from event where type = 'obligations.repayment-received.v1' order by outbox_id"
    )
    return [row.data for row in rows]


async def test_it_is_recorded_unallocated_and_the_funding_service_is_told_so(november: World) -> None:
    repayment = await pay(november, "50000000.00", reference="KZ-1")
    assert (repayment.unallocated, repayment.amount) == (True, Decimal("50000000.00"))
    (event,) = await told(november)
    assert {name: event[name] for name in ("amount", "to_principal", "to_interest", "overpaid", "unallocated")} == {
        "amount": "50000000.00",
        "to_principal": "0.00",
        "to_interest": "0.00",
        "overpaid": "0.00",
        "unallocated": "50000000.00",
    }
    assert (event["received_on"], event["bank_reference"]) == ("2026-11-20", "KZ-1")
    claim = await november.claim()
    assert (claim.status, claim.principal) == (ClaimStatus.CALCULATED, None)
    assert claim.refusal == "No base rate is known for 2026-10-27."
    with pytest.raises(PaymentAlreadyRecorded):
        await pay(november, "50000000.00", reference="KZ-1")
    with pytest.raises(NothingOverpaid):
        await propose(november)


async def test_it_is_allocated_once_by_the_version_that_has_figures_again(november: World) -> None:
    await pay(november, "50000000.00")
    november.clock.on("2026-12-07")
    await november.know_rates_until("2026-12-31")
    claim = await november.claim()
    assert (claim.status, claim.principal, claim.outstanding) == (ClaimStatus.SETTLED, PRINCIPAL, Decimal("0.00"))
    (row,) = await repayments(november)
    assert (row.to_principal, row.to_interest, row.overpaid) == (PRINCIPAL, claim.interest, claim.overpaid)
    assert row.to_principal + row.to_interest + row.overpaid == Decimal("50000000.00")
    assert len(await told(november)) == 1
    await november.report("80")
    assert (await repayments(november))[0].overpaid == row.overpaid


async def test_what_it_covers_is_as_of_its_own_day(november: World) -> None:
    await pay(november, "10000000.00")
    await november.know_rates_until("2026-12-31")
    claim = await november.claim()
    (row,) = await repayments(november)
    assert (claim.as_of, row.to_interest) == (row.received_on, claim.interest)
    assert row.to_principal == Decimal("10000000.00") - row.to_interest


async def test_several_are_allocated_in_their_order_and_one_of_a_known_day_at_once(november: World) -> None:
    late = await pay(november, "20000000.00", reference="late")
    later = await pay(november, "20000000.00", reference="later")
    known = await pay(november, "1000000.00", on="2026-10-20", reference="of a known day")
    assert [each.unallocated for each in (late, later, known)] == [True, True, False]
    await november.know_rates_until("2026-12-31")
    rows = {row.bank_reference: row for row in await repayments(november)}
    assert known.to_interest == rows["of a known day"].to_interest == Decimal("1000000.00")
    assert rows["late"].to_principal < rows["later"].to_principal
    claim = await november.claim()
    assert sum(row.to_principal for row in rows.values()) == PRINCIPAL
    assert rows["later"].overpaid == claim.overpaid


async def test_the_routes_show_it_unallocated_then_allocated(november: World, api: Api) -> None:
    path = await api.claim_path()
    money = {"amount": "50000000.00", "received_on": "2026-11-20", "bank_reference": "IN-1"}
    recorded = await api.post(f"{path}/repayments", money)
    assert recorded.status_code == 201, recorded.text
    shown = recorded.json()
    assert (shown["unallocated"], shown["to_principal"], shown["to_interest"], shown["overpaid"]) == (
        True,
        None,
        None,
        None,
    )
    await november.settle()
    await november.know_rates_until("2026-12-31")
    (shown,) = (await api.get(f"{path}/repayments")).json()["items"]
    assert (shown["unallocated"], shown["to_principal"]) == (False, "30000000.00")
