"""Money that comes back on a claim, and refunds, in the funding account."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from grants.account.ledger import EntryKind
from grants.account.queries import payments_apart
from grants.agreements.model import Agreement
from grants.course.dossier import dossier
from grants.recoveries.commands import (
    PaymentConflictNotFound,
    PaymentConflictResolved,
    ResolutionNotProposed,
    ResolutionProposedAlready,
    approve_resolution,
    conflict,
    propose_resolution,
    reject_resolution,
)
from grants.recoveries.reactions import on_refund_paid, on_repayment_received
from shared.contracts.obligations import RefundPaid, RepaymentReceived
from shared.contracts.support import Measure
from shared.http.edge import VersionStale
from shared.identity import new_id
from shared.payments import PaymentAlreadyRecorded
from shared.two_people import SecondPersonWanted
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


async def test_money_that_is_not_allocated_yet_is_in_the_account_all_the_same(funding: Funding) -> None:
    agreement = await funding.signed()
    nothing: dict[str, Any] = dict.fromkeys(("to_principal", "to_interest", "overpaid"), Decimal(0))
    await receive(funding, repayment(agreement, "37.21", unallocated=Decimal("37.21"), **nothing))
    assert (await funding.standing()).returned == Decimal("37.21")


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


async def test_a_repayment_under_a_known_reference_is_kept_apart_for_two_to_decide(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    assert (await funding.standing()).returned == 0
    async with funding.database.sessions() as session:
        apart = await conflict(session, funding.account_id, event.repayment_id)
        assert await payments_apart(session, funding.account_id) == 1
    assert (apart.kind, apart.bank_reference, apart.resolved_at) == (EntryKind.RETURN, "BANK-1", None)


async def propose(funding: Funding, event: RepaymentReceived, reference: str | None, version: int = 0) -> None:
    async with funding.work(JULY) as session:
        await propose_resolution(
            session, funding.officer, funding.account_id, event.repayment_id, version=version, bank_reference=reference,
            reason="bank statement of 30 June", at=JULY, by="officer-1",
        )  # fmt: skip


async def approve(funding: Funding, event: RepaymentReceived, version: int = 1, by: str = "officer-2") -> None:
    async with funding.work(JULY) as session:
        await approve_resolution(
            session, funding.officer, funding.account_id, event.repayment_id, version=version, at=JULY, by=by
        )


async def test_a_payment_kept_apart_is_entered_under_its_right_reference_once_by_two(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    with pytest.raises(PaymentAlreadyRecorded):
        await propose(funding, event, "BANK-1")
    with pytest.raises(ResolutionNotProposed):
        await approve(funding, event, version=0)
    await propose(funding, event, "IN-7")
    with pytest.raises(ResolutionProposedAlready):
        await propose(funding, event, "IN-8", version=1)
    with pytest.raises(SecondPersonWanted):
        await approve(funding, event, by="officer-1")
    assert (await funding.standing()).returned == 0, "what one person proposes enters nothing"
    await approve(funding, event)
    assert (await funding.standing()).returned == Decimal("30.00")
    with pytest.raises(VersionStale):
        await approve(funding, event)
    with pytest.raises(PaymentConflictResolved):
        await propose(funding, event, "IN-8", version=2)
    with pytest.raises(PaymentConflictNotFound):
        await propose(funding, repayment(agreement, "1.00"), None)


async def test_a_payment_kept_apart_may_be_the_one_recorded_first(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    await propose(funding, event, None)
    await approve(funding, event)
    assert (await funding.standing()).returned == 0
    async with funding.database.sessions() as session:
        assert await payments_apart(session, funding.account_id) == 0


async def test_a_proposal_about_a_payment_is_rejected_and_another_made(funding: Funding) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    await propose(funding, event, None)
    async with funding.work(JULY) as session:
        await reject_resolution(session, funding.officer, funding.account_id, event.repayment_id, version=1)
    await propose(funding, event, "IN-7", version=2)
    await approve(funding, event, version=3)
    assert (await funding.standing()).returned == Decimal("30.00")


async def test_a_payment_apart_stands_in_the_one_view_of_its_agreement_until_two_have_decided(
    funding: Funding,
) -> None:
    agreement = await funding.signed()
    event = repayment(agreement, "30.00", "BANK-1")
    await receive(funding, event)
    assert await due_about(funding, agreement, event) == ["propose-resolution"]
    await propose(funding, event, None)
    assert await due_about(funding, agreement, event) == ["approve-resolution"]
    await approve(funding, event)
    assert await due_about(funding, agreement, event) == []


async def due_about(funding: Funding, agreement: Agreement, event: RepaymentReceived) -> list[str]:
    """What the one view of the agreement says is due about the payment that it shows apart."""
    async with funding.database.sessions() as session:
        seen = await dossier(session, agreement, ON)
    assert [each.id for each in seen.payments_apart] == [event.repayment_id]
    return [each.what for each in seen.due_next if each.what.endswith("resolution")]


async def test_the_database_takes_no_decision_of_one_person(funding: Funding) -> None:
    agreement = await funding.signed()
    await receive(funding, repayment(agreement, "30.00", "BANK-1"))
    alone = (
        "update payment_conflict set proposed_at = now(), proposed_by = 'one', resolution = 'r', resolved_by = 'one',"
        " resolved_at = now()"
    )
    with pytest.raises(IntegrityError, match="two_people_resolve"):
        await funding.sql(alone)
