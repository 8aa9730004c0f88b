"""What recovery says about money, entered in the account: repayments received, refunds paid."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind, payment_conflict
from grants.account.posting import Cause, Movement, enter, lock_account, payment_recorded
from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from shared.contracts.obligations import RefundPaid, RepaymentReceived
from shared.contracts.support import Measure
from shared.database.loading import load
from shared.events.delivery import Delivery
from shared.events.publishing import publish


async def on_repayment_received(session: AsyncSession, event: RepaymentReceived, delivery: Delivery) -> None:
    """Credit the account with money that came back; that it credits this account is an assumption."""
    if event.measure is Measure.INDUSTRIAL_GRANT and event.amount:
        await _enter(
            session, delivery, EntryKind.RETURN, event.agreement_id, event.claim_id, event.amount, event.received_on,
            event.bank_reference, event.repayment_id,
        )  # fmt: skip


async def on_refund_paid(session: AsyncSession, event: RefundPaid, delivery: Delivery) -> None:
    """Debit the account with money that went back to the recipient; the free money may not cover all of it."""
    if event.measure is Measure.INDUSTRIAL_GRANT and event.amount:
        await _enter(
            session, delivery, EntryKind.REFUND, event.agreement_id, event.claim_id, event.amount, event.paid_on,
            event.bank_reference, event.refund_id,
        )  # fmt: skip


async def _enter(
    session: AsyncSession,
    delivery: Delivery,
    kind: EntryKind,
    agreement_id: UUID,
    claim_id: UUID,
    amount: Decimal,
    on: date,
    bank_reference: str,
    payment_id: UUID,
) -> None:
    """Enter the payment and publish it; a reference that the account knows is kept apart, for somebody to decide."""
    agreement = await load(session, Agreement, agreement_id, AgreementNotFound)
    account = await lock_account(session, agreement.account_id)
    cause = Cause.delivered(delivery)
    movement = Movement(
        kind, amount, on, cause, agreement_id=agreement_id, claim_id=claim_id, bank_reference=bank_reference
    )
    first = await payment_recorded(session, account, bank_reference)
    if first is not None:
        await _keep_apart(session, movement, account.id, payment_id, first.id, delivery)
        return
    await tell(session, agreement, movement, delivery.at)
    await enter(session, account, movement)


async def tell(session: AsyncSession, agreement: Agreement, movement: Movement, at: datetime) -> None:
    """Publish that the payment is in the account."""
    assert movement.claim_id is not None  # noqa: S101 - a return and a refund name their claim
    published = agreement.credited if movement.kind is EntryKind.RETURN else agreement.debited
    await publish(session, agreement, published(movement.claim_id, movement.amount, movement.on, at))


async def _keep_apart(
    session: AsyncSession,
    movement: Movement,
    account_id: UUID,
    payment_id: UUID,
    first_entry_id: UUID,
    delivery: Delivery,
) -> None:
    connection = await session.connection()
    await connection.execute(
        insert(payment_conflict).values(
            id=payment_id, account_id=account_id, kind=movement.kind, amount=movement.amount,
            effective_on=movement.on, agreement_id=movement.agreement_id, claim_id=movement.claim_id,
            bank_reference=movement.bank_reference, first_entry_id=first_entry_id, rests_on=movement.cause.type,
            rests_on_id=movement.cause.subject, rests_on_sequence=movement.cause.sequence, reported_at=delivery.at,
        )
    )  # fmt: skip
