"""An offer that nobody signs: its money is free again, its award returns to the call, a new offer takes it anew."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements.commands import offer_agreement
from grants.agreements.model import Agreement, AgreementStatus
from grants.calls.model import BudgetExhausted
from shared.calendar.local_days import day_ends
from shared.refusals import Refusal
from tests.grants.agreements.offers import lapse, sign
from tests.grants.facts import terms
from tests.grants.funding import Funding


async def test_an_offer_that_is_not_signed_lapses_and_releases_its_money(funding: Funding) -> None:
    agreement = await funding.offer()
    over = day_ends(agreement.expires_on)
    assert await lapse(funding, over - timedelta(microseconds=1)) == 0
    assert await lapse(funding, over) == 1
    assert (await funding.read(agreement)).status is AgreementStatus.LAPSED
    assert (await funding.standing()).free == Decimal("1000.00")
    assert (await funding.standing(agreement)).committed == 0
    assert (await funding.events(agreement))[-1] == "grants.offer-lapsed.v1"


async def test_after_a_lapse_a_new_offer_can_be_made(funding: Funding) -> None:
    lapsed = await funding.offer()
    at = day_ends(lapsed.expires_on)
    await lapse(funding, at)
    async with funding.work(at) as session:
        again = await offer_agreement(session, funding.officer, lapsed.application_id, terms(), at=at, by="officer-1")
    assert again.status is AgreementStatus.OFFERED


async def test_a_lapse_returns_the_award_to_the_call_and_a_new_offer_takes_it_again(funding: Funding) -> None:
    agreement = await funding.offer()
    assert await awarded(funding, agreement) == Decimal("100.00")
    at = day_ends(agreement.expires_on)
    await lapse(funding, at)
    assert await awarded(funding, agreement) == Decimal("0.00")
    async with funding.work(at) as session:
        await offer_agreement(session, funding.officer, agreement.application_id, terms(), at=at, by="officer-1")
    assert await awarded(funding, agreement) == Decimal("100.00")


async def test_no_new_offer_is_made_where_the_call_has_awarded_the_money_to_another(funding: Funding) -> None:
    agreement = await funding.offer()
    at = day_ends(agreement.expires_on)
    await lapse(funding, at)
    await funding.sql(
        "update call set budget = 99.99 from application a where a.id = :id and call.id = a.call_id",
        id=agreement.application_id,
    )
    with pytest.raises(BudgetExhausted):
        async with funding.work(at) as session:
            await offer_agreement(session, funding.officer, agreement.application_id, terms(), at=at, by="officer-1")
    assert (await funding.standing()).committed == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update call set awarded = awarded - 0.01",
        "update application set approved_amount = approved_amount - 0.01",
        "update application set award_lapsed_on = '2025-01-22', agreement_id = null",
    ],
)
async def test_the_database_itself_keeps_what_a_call_has_awarded(funding: Funding, statement: str) -> None:
    await funding.offer()
    with pytest.raises(IntegrityError, match="awarded"):
        await funding.sql(statement)


async def awarded(funding: Funding, agreement: Agreement) -> Decimal:
    rows = await funding.sql(
        "select awarded from call join application a on a.call_id = call.id where a.id = :id",
        id=agreement.application_id,
    )
    return Decimal(rows[0][0])


async def test_a_signature_and_a_lapse_at_once_leave_one_of_them(funding: Funding) -> None:
    agreement = await funding.offer()
    over = day_ends(agreement.expires_on)
    before = over - timedelta(microseconds=1)
    outcomes = await asyncio.gather(sign(funding, agreement, before), lapse(funding, over), return_exceptions=True)
    signed = (await funding.read(agreement)).status is AgreementStatus.SIGNED
    assert signed is not isinstance(outcomes[0], Refusal)
    committed = (await funding.standing(agreement)).committed
    assert committed == (Decimal("100.00") if signed else Decimal("0.00"))
