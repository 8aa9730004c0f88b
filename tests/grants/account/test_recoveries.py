"""Money that comes back on a claim, and refunds, in the funding account."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from grants.account.ledger import EntryKind
from grants.account.queries import payments_apart
from grants.agreements.model import Agreement
from grants.recoveries.commands import (
    PaymentConflictNotFound,
    PaymentConflictResolved,
    conflict,
    resolve_conflict,
)
from grants.recoveries.reactions import on_refund_paid, on_repayment_received
from shared.contracts.obligations import RefundPaid, RepaymentReceived
from shared.contracts.support import Measure
from shared.http.edge import VersionStale
from shared.identity import new_id
from shared.payments import PaymentAlreadyRecorded
from tests.grants.funding import Funding

JULY = datetime(2026, 7, 1, tzinfo=UTC)
ON = date(2026, 6, 30)
CLAIM = new_id()


def repayment(agreement: Agreement, amount: str, reference: str = "IN-1", **facts: Any) -> RepaymentReceived:
    stated: dict[str, Any] = {
        "occurred_at": JULY, "claim_id": CLAIM, "agreement_id": agreement.id, "measure": Measure.INDUSTRIAL_GRANT,
        "recipient_id": agreement.recipient_id, "repayment_id": new_id(), "amount": Decimal(amount),
        "to_principal": Decimal(amount), "to_interest": Decimal(0), "overpaid": Decimal(0), "received_on": ON,
        "bank_reference": reference,
    } | facts  # fmt: skip
    return RepaymentReceived(**stated)


def refund(agreement: Agreement, amount: str, reference: str = "OUT-1") -> RefundPaid:
    return RefundPaid(
        occurred_at=JULY, claim_id=CLAIM, agreement_id=agreement.id, measure=Measure.INDUSTRIAL_GRANT,
        recipient_id=agreement.recipient_id, refund_id=new_id(), amount=Decimal(amount), paid_on=ON,
        bank_reference=reference, proposed_by="a", approved_by="b",
    )  # fmt: skip


async def receive(funding: Funding, event: RepaymentReceived) -> None:
    await funding.tell(on_repayment_received, event, event.claim_id)


async def test_a_repayment_credits_the_account_and_says_on_what_it_rests(funding: Funding) -> None:
    agreement = await funding.signed()
    await receive(funding, repayment(agreement, "37.21"))
    standing = await funding.standing()
    assert (standing.free, standing.returned) == (Decimal("937.21"), Decimal("37.21"))
    row = (await funding.sql("select * from ledger_entry where kind = 'return'"))[0]
    assert (row.rests_on, row.rests_on_id, row.rests_on_sequence) == (
        "obligations.repayment-received.v1", CLAIM, 1,
    )  # fmt: skip
    assert (row.bank_reference, row.effective_on, row.claim_id) == ("IN-1", ON, CLAIM)
    assert (await funding.events(agreement))[-1] == "support.repayment-credited.v1"


async def test_a_refund_debits_the_account(funding: Funding) -> None:
    agreement = await funding.signed()
    await receive(funding, repayment(agreement, "30.00"))
    await funding.tell(on_refund_paid, refund(agreement, "10.00"), CLAIM)
    standing = await funding.standing(agreement)
    assert (standing.returned, (await funding.standing()).free) == (Decimal("20.00"), Decimal("920.00"))
    assert (await funding.events(agreement))[-1] == "support.refund-debited.v1"


async def test_a_refund_beyond_the_free_money_is_shown_as_uncovered_until_money_comes(funding: Funding) -> None:
    agreement = await funding.signed([Decimal("950.00")])
    await funding.tell(on_refund_paid, refund(agreement, "80.00"), CLAIM)
    standing = await funding.standing()
    assert (standing.free, standing.uncovered, standing.at_bank) == (
        Decimal("0.00"), Decimal("30.00"), Decimal("920.00"),
    )  # fmt: skip
    await funding.allocate(Decimal("100.00"))
    standing = await funding.standing()
    assert (standing.free, standing.uncovered) == (Decimal("70.00"), Decimal("0.00"))


async def test_a_repayment_of_another_measure_is_not_ours(funding: Funding) -> None:
    agreement = await funding.signed()
    await receive(funding, repayment(agreement, "1.00", measure=Measure.EXPORT_REIMBURSEMENT))
    assert (await funding.standing()).returned == 0


async def test_a_repayment_under_a_known_reference_is_kept_apart_for_somebody_to_decide(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    assert (await funding.standing()).returned == 0
    async with funding.database.sessions() as session:
        apart = await conflict(session, funding.account_id, event.repayment_id)
        assert await payments_apart(session, funding.account_id) == 1
    assert (apart.kind, apart.bank_reference, apart.resolved_at) == (EntryKind.RETURN, "BANK-1", None)


async def resolve(funding: Funding, event: RepaymentReceived, reference: str | None, version: int = 0) -> None:
    async with funding.work(JULY) as session:
        await resolve_conflict(
            session, funding.officer, funding.account_id, event.repayment_id, version=version, bank_reference=reference,
            reason="bank statement of 30 June", at=JULY, by="officer-1",
        )  # fmt: skip


async def test_a_payment_kept_apart_is_entered_under_its_right_reference_once(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    with pytest.raises(PaymentAlreadyRecorded):
        await resolve(funding, event, "BANK-1")
    await resolve(funding, event, "IN-7")
    assert (await funding.standing()).returned == Decimal("30.00")
    with pytest.raises(VersionStale):
        await resolve(funding, event, "IN-8")
    with pytest.raises(PaymentConflictResolved):
        await resolve(funding, event, "IN-8", version=1)
    with pytest.raises(PaymentConflictNotFound):
        await resolve(funding, repayment(agreement, "1.00"), None)


async def test_a_payment_kept_apart_may_be_the_one_recorded_first(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    await resolve(funding, event, None)
    assert (await funding.standing()).returned == 0
    async with funding.database.sessions() as session:
        assert await payments_apart(session, funding.account_id) == 0
