"""Deciding about a payment that was kept apart, because its reference was known to the account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind, payment_conflict
from grants.account.model import AccountNotFound, FundingAccount
from grants.account.posting import Cause, Movement, enter, lock_account, require_unrecorded
from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from grants.recoveries.reactions import tell
from grants.visibility import Sight
from shared.database.loading import load
from shared.refusals import Conflict, NotFound


class PaymentConflictNotFound(NotFound):
    """There is no such payment kept apart."""

    title = "There is no such payment"
    remedy = "Look it up in the account."


class PaymentConflictResolved(Conflict):
    """Somebody has decided about it already."""

    title = "The payment has been decided about"
    detail = "The payment was decided about on {resolved_at}."
    remedy = "Look at the entries of the account."


async def resolve_conflict(
    session: AsyncSession,
    sight: Sight,
    account_id: UUID,
    payment_id: UUID,
    *,
    bank_reference: str | None,
    reason: str,
    at: datetime,
    by: str,
) -> FundingAccount:
    """Enter the payment under its right reference; or, without one, note that it is the payment recorded first."""
    await sight.read(session, FundingAccount, account_id, AccountNotFound)
    connection = await session.connection()
    here = (payment_conflict.c.id == payment_id) & (payment_conflict.c.account_id == account_id)
    found = (await connection.execute(select(payment_conflict).where(here).with_for_update())).first()
    if found is None:
        raise PaymentConflictNotFound(id=payment_id)
    if found.resolved_at is not None:
        raise PaymentConflictResolved(resolved_at=found.resolved_at.isoformat())
    agreement = await load(session, Agreement, found.agreement_id, AgreementNotFound)
    account = await lock_account(session, account_id)
    decided = {"resolved_at": at, "resolved_by": by, "resolution": reason}
    await connection.execute(update(payment_conflict).where(here).values(decided))
    if bank_reference is not None:
        await require_unrecorded(session, account, bank_reference)
        movement = Movement(
            EntryKind(found.kind), found.amount, found.effective_on,
            Cause(found.rests_on, found.rests_on_id, found.rests_on_sequence), agreement_id=agreement.id,
            claim_id=found.claim_id, bank_reference=bank_reference, act=reason,
        )  # fmt: skip
        await tell(session, agreement, movement, at)
        await enter(session, account, movement)
    return account
