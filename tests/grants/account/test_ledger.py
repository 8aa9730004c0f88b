"""The funding account as a ledger: what each step does to it."""

from datetime import date
from decimal import Decimal

import pytest

from grants.account.model import FundsShort
from shared.payments import PaymentAlreadyRecorded
from tests.grants.facts import WHOLE
from tests.grants.funding import Funding


async def test_allocated_money_is_free(funding: Funding) -> None:
    standing = await funding.standing()
    assert (standing.allocated, standing.free, standing.at_bank) == (Decimal("1000.00"),) * 3


async def test_an_offer_sets_its_money_aside(funding: Funding) -> None:
    agreement = await funding.offer([WHOLE, Decimal("50.00")])
    assert (await funding.standing()).free == Decimal("850.00")
    assert (await funding.standing(agreement)).committed == Decimal("150.00")


async def test_an_offer_is_refused_when_the_free_funds_are_short(funding: Funding) -> None:
    with pytest.raises(FundsShort) as refused:
        await funding.offer([Decimal("1000.01")])
    assert refused.value.data == {"wanted": "1000.01", "free": "1000.00"}
    assert (await funding.standing()).free == Decimal("1000.00")
    assert await funding.sql("select 1 from agreement") == []


async def test_a_disbursement_moves_committed_money_out_of_the_account(funding: Funding) -> None:
    agreement = await funding.signed()
    await funding.disbursed((await funding.tranches(agreement))[0].id)
    standing = await funding.standing(agreement)
    assert (standing.committed, standing.disbursed) == (Decimal("0.00"), WHOLE)
    assert (await funding.standing()).at_bank == Decimal("900.00")


async def test_an_allocation_recorded_again_is_refused_and_names_the_first(funding: Funding) -> None:
    await funding.allocate(Decimal("5.00"), reference="R-1")
    with pytest.raises(PaymentAlreadyRecorded) as refused:
        await funding.allocate(Decimal("6.00"), reference="R-1")
    assert refused.value.data["day"] == date(2025, 1, 6)
    assert (await funding.standing()).allocated == Decimal("1005.00")
