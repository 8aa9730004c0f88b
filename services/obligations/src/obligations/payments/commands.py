"""Recording a payment by the bank's reference, which an account bears once."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.queries import payment_told_of
from obligations.payments.model import BankPayment, PaymentKind, Repayment
from obligations.repayment.result import RepaymentAllocated
from shared.payments import PaymentAlreadyRecorded, payment_key, require_past

if TYPE_CHECKING:
    from shared.contracts.support import Measure


def account_of(institute: str, measure: "Measure") -> str:
    """The funding account: the one through which an institute manages a measure's money (Law 86-VII, Art. 42(5))."""
    return f"{institute}/{measure.value}"


async def record_payment(
    session: AsyncSession,
    *,
    account: str,
    bank_reference: str,
    kind: PaymentKind,
    payment_id: UUID,
    day: date,
    today: date,
) -> None:
    """Take the bank's reference for this payment.

    Two who record the same reference at once: the second waits for the first and is refused, naming it. So is a
    reference under which the funding service has said that it paid, or that the bank returned a tranche. Raises
    `PaymentInFuture`, `PaymentAlreadyRecorded`.
    """
    require_past(day, today)
    said = await payment_told_of(session, account, bank_reference)
    if said is not None:
        raise PaymentAlreadyRecorded(**said)
    taken = await (await session.connection()).execute(
        insert(BankPayment)
        .values(account=account, bank_reference=bank_reference, kind=kind, payment_id=payment_id, day=day)
        .on_conflict_do_nothing(index_elements=["account", text("payment_key(bank_reference)")])
        .returning(BankPayment.__table__.c.payment_id)  # type: ignore[attr-defined]
    )
    if taken.first() is not None:
        return
    statement = select(BankPayment).where(
        col(BankPayment.account) == account, payment_key(col(BankPayment.bank_reference)) == payment_key(bank_reference)
    )
    first = (await session.exec(statement)).one()
    raise PaymentAlreadyRecorded(
        bank_reference=first.bank_reference, kind=first.kind.value, payment_id=first.payment_id, day=first.day
    )


async def repayments_of(session: AsyncSession, claim_id: UUID) -> list[Repayment]:
    """What came back on a claim, in the order in which it was recorded."""
    statement = (
        select(Repayment)
        .where(col(Repayment.claim_id) == claim_id)
        .order_by(col(Repayment.ordinal))
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(statement)).all())


async def allocate_repayments(
    session: AsyncSession, claim_id: UUID, allocated: Mapping[UUID, RepaymentAllocated]
) -> None:
    """Say of the repayments of a claim what they cover, where that could not be said when they were recorded."""
    for repayment in await repayments_of(session, claim_id):
        if repayment.id in allocated:
            repayment.allocate(allocated[repayment.id])
            session.add(repayment)
    await session.flush()
