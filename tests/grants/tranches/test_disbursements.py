"""A payment: by two people, of exactly what they saw, on a day that has come, once, and on a fresh answer."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from grants.clearance.answer import Clearance, ClearanceStale, DisbursementNotCleared
from grants.tranches import commands
from grants.tranches.model import Tranche, TrancheStatus
from grants.tranches.refusals import (
    ContentChanged,
    DocumentRepeated,
    PaidBeforeSignature,
    PlannedInThePast,
    ReversedBeforePaid,
    TrancheNotFound,
    TrancheNotProposed,
)
from shared.access.roles import Role
from shared.http.edge import VersionStale
from shared.payments import PaymentAlreadyRecorded, PaymentInFuture
from shared.refusals import Refusal
from shared.two_people import SecondPersonWanted
from tests.grants.facts import document, sight
from tests.grants.funding import PAID, PAID_ON, SIGNED, Funding


async def approved(funding: Funding) -> Tranche:
    agreement = await funding.signed()
    return await funding.approved((await funding.tranches(agreement))[0].id)


async def approve(funding: Funding, tranche: Tranche, by: str, content: str | None = None) -> Tranche:
    async with funding.work(SIGNED, by) as session:
        return await commands.approve_tranche(
            session, funding.officer, tranche.id, content or tranche.content, version=tranche.revision, at=SIGNED,
            by=by,
        )  # fmt: skip


async def test_who_proposed_cannot_approve(funding: Funding) -> None:
    agreement = await funding.signed()
    proposed = await funding.proposed((await funding.tranches(agreement))[0].id)
    with pytest.raises(SecondPersonWanted):
        await approve(funding, proposed, "officer-1")


async def test_an_approval_of_another_content_is_refused(funding: Funding) -> None:
    agreement = await funding.signed()
    proposed = await funding.proposed((await funding.tranches(agreement))[0].id)
    with pytest.raises(ContentChanged):
        await approve(funding, proposed, "approver-1", "0" * 64)


async def test_other_documents_void_the_proposal(funding: Funding) -> None:
    agreement = await funding.signed()
    proposed = await funding.proposed((await funding.tranches(agreement))[0].id)
    async with funding.work(SIGNED, "applicant-1") as session:
        again = await commands.request_tranche(
            session, sight(Role.APPLICANT), proposed.id, [document("another act")], version=proposed.revision, at=SIGNED
        )
    with pytest.raises(VersionStale):
        await approve(funding, proposed, "approver-1")
    with pytest.raises(TrancheNotProposed):
        await approve(funding, again, "approver-1")


async def test_a_document_stands_once_in_a_request(funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    with pytest.raises(DocumentRepeated):
        async with funding.work(SIGNED) as session:
            await commands.request_tranche(
                session,
                sight(Role.APPLICANT),
                tranche.id,
                [document(), document()],
                version=tranche.revision,
                at=SIGNED,
            )


@pytest.mark.parametrize(
    ("day", "refusal"),
    [(PAID_ON + timedelta(days=1), PaymentInFuture), (date(2025, 1, 7), PaidBeforeSignature)],
)
async def test_a_payment_is_neither_in_the_future_nor_before_the_signature(
    funding: Funding, day: date, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await funding.disburse(await approved(funding), on=day)
    assert (await funding.standing()).disbursed == 0


async def test_a_payment_may_be_of_the_day_of_the_signature(funding: Funding) -> None:
    paid = await funding.disburse(await approved(funding), on=date(2025, 1, 8))
    assert paid.status is TrancheStatus.DISBURSED


async def test_a_payment_recorded_again_is_refused_and_names_the_first(funding: Funding) -> None:
    tranche = await approved(funding)
    await funding.disburse(tranche, reference="P-1")
    with pytest.raises(PaymentAlreadyRecorded) as refused:
        await funding.disburse(tranche, reference="P-1")
    assert refused.value.data["day"] == date(2025, 2, 3)
    other = await approved(funding)
    with pytest.raises(PaymentAlreadyRecorded):
        await funding.disburse(other, reference="P-1")
    assert (await funding.standing()).disbursed == Decimal("100.00")


async def test_an_answer_that_is_no_stops_the_payment(funding: Funding) -> None:
    tranche = await approved(funding)
    no = replace(await funding.clearance(tranche.agreement_id), reasons=("unsent: 1",), retry_after=7)
    with pytest.raises(DisbursementNotCleared) as refused:
        await funding.disburse(tranche, clearance=no)
    assert refused.value.retry_after == 7


async def test_an_answer_about_an_earlier_state_is_stale(funding: Funding) -> None:
    agreement = await funding.signed([Decimal("60.00"), Decimal("40.00")])
    first, second = await funding.tranches(agreement)
    tranche = await funding.approved(first.id)
    answer = await funding.clearance(agreement.id)
    await funding.requested(second.id, PAID)
    with pytest.raises(ClearanceStale) as refused:
        await funding.disburse(tranche, clearance=answer)
    assert refused.value.retry_after == 1


async def test_an_answer_about_another_agreement_clears_nothing(funding: Funding) -> None:
    tranche = await approved(funding)
    other = await funding.signed()
    with pytest.raises(ClearanceStale):
        await funding.disburse(tranche, clearance=await funding.clearance(other.id))


async def test_the_tranche_of_another_institute_does_not_exist(funding: Funding) -> None:
    tranche = await approved(funding)
    with pytest.raises(TrancheNotFound):
        async with funding.work(PAID) as session:
            await commands.disburse_tranche(
                session, sight(Role.OFFICER, institute="export"), tranche.id, Clearance(tranche.agreement_id, (), ()),
                version=tranche.revision, on=PAID_ON, bank_reference="P-1", at=PAID,
            )  # fmt: skip


async def test_a_reversal_is_not_before_the_payment(funding: Funding) -> None:
    paid = await funding.disburse(await approved(funding))
    with pytest.raises(ReversedBeforePaid):
        await reverse(funding, paid, PAID_ON - timedelta(days=1))


async def reverse(funding: Funding, tranche: Tranche, on: date = PAID_ON) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.reverse_tranche(
            session, funding.officer, tranche.id, version=tranche.revision, on=on, bank_reference=funding.reference(),
            reason="returned", at=PAID,
        )  # fmt: skip


async def test_returned_money_is_planned_anew_once_and_paid(funding: Funding) -> None:
    paid = await funding.disburse(await approved(funding))
    reversed_ = await reverse(funding, paid)
    with pytest.raises(PlannedInThePast) as past:
        async with funding.work(PAID) as session:
            await commands.replace_tranche(
                session, funding.officer, reversed_.id, version=reversed_.revision,
                planned_on=PAID_ON - timedelta(days=1), at=PAID,
            )  # fmt: skip
    assert past.value.field == "/planned_on"
    async with funding.work(PAID) as session:
        new = await commands.replace_tranche(
            session, funding.officer, reversed_.id, version=reversed_.revision, planned_on=date(2025, 3, 1), at=PAID
        )
    assert (new.number, new.amount, new.replaces) == (2, paid.amount, paid.id)
    again = await funding.disburse(await funding.approved(new.id, PAID))
    assert again.status is TrancheStatus.DISBURSED
    assert (await funding.standing()).disbursed == Decimal("100.00")


# Races: two transactions at once, on connections of their own.


async def test_of_two_payments_of_a_tranche_at_once_one_is_made(funding: Funding) -> None:
    tranche = await approved(funding)
    answer = await funding.clearance(tranche.agreement_id)
    outcomes = await asyncio.gather(
        *(funding.disburse(tranche, clearance=answer) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Tranche) for outcome in outcomes) == 1
    assert all(isinstance(outcome, (Tranche, Refusal)) for outcome in outcomes)
    assert (await funding.standing()).disbursed == Decimal("100.00")


@pytest.mark.parametrize("attempt", range(5))
async def test_of_a_payment_and_a_cancellation_at_once_one_wins(funding: Funding, attempt: int) -> None:
    tranche = await approved(funding)
    answer = await funding.clearance(tranche.agreement_id)

    async def cancel() -> Tranche:
        async with funding.work(PAID) as session:
            return await commands.cancel_tranche(
                session, funding.officer, tranche.id, version=tranche.revision, reason="race", at=PAID
            )

    racers = [funding.disburse(tranche, clearance=answer), cancel()]
    outcomes = await asyncio.gather(*(racers if attempt % 2 else racers[::-1]), return_exceptions=True)
    won = [outcome for outcome in outcomes if isinstance(outcome, Tranche)]
    assert len(won) == 1
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
    standing = await funding.standing()
    paid = won[0].status is TrancheStatus.DISBURSED
    assert (standing.free, standing.disbursed) == (Decimal(900 if paid else 1000), Decimal(100 if paid else 0))


async def test_of_two_payments_with_one_bank_reference_at_once_one_is_recorded(funding: Funding) -> None:
    first, second = await approved(funding), await approved(funding)
    outcomes = await asyncio.gather(
        funding.disburse(first, reference="P-1"), funding.disburse(second, reference="P-1"), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PaymentAlreadyRecorded", "Tranche"]
    assert (await funding.standing()).disbursed == Decimal("100.00")


async def test_offers_at_once_never_commit_more_than_is_free(funding: Funding) -> None:
    outcomes = await asyncio.gather(*(funding.offer([Decimal("300.00")]) for _ in range(5)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Agreement"] * 3 + ["FundsShort"] * 2
    assert (await funding.standing()).free == Decimal("100.00")
