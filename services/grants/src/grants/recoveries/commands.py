"""Deciding about a payment that was kept apart, because its reference was known to the account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind, payment_conflict
from grants.account.model import AccountNotFound, FundingAccount
from grants.account.posting import Cause, Movement, enter, lock_account, require_unrecorded
from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from grants.recoveries.reactions import tell
from grants.visibility import Sight
from shared.database.loading import load
from shared.http.etag import require_version
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


async def conflict(session: AsyncSession, account_id: UUID, payment_id: UUID, *, locked: bool = False) -> Row[Any]:
    """The payment that was kept apart; raises `PaymentConflictNotFound` where the account has no such payment."""
    statement = select(payment_conflict).where(
        payment_conflict.c.id == payment_id, payment_conflict.c.account_id == account_id
    )
    connection = await session.connection()
    found = (await connection.execute(statement.with_for_update() if locked else statement)).first()
    if found is None:
        raise PaymentConflictNotFound(id=payment_id)
    return found


def revision_of(conflict: Row[Any]) -> int:
    """The version in its ETag: it changes once, when it is decided about."""
    return 0 if conflict.resolved_at is None else 1


async def resolve_conflict(
    session: AsyncSession,
    sight: Sight,
    account_id: UUID,
    payment_id: UUID,
    *,
    version: int,
    bank_reference: str | None,
    reason: str,
    at: datetime,
    by: str,
) -> Row[Any]:
    """Enter the payment under its right reference; or, without one, note that it is the payment recorded first."""
    await sight.read(session, FundingAccount, account_id, AccountNotFound)
    connection = await session.connection()
    found = await conflict(session, account_id, payment_id, locked=True)
    require_version(version, revision_of(found))
    if found.resolved_at is not None:
        raise PaymentConflictResolved(resolved_at=found.resolved_at.isoformat())
    agreement = await load(session, Agreement, found.agreement_id, AgreementNotFound)
    account = await lock_account(session, account_id)
    decided = {"resolved_at": at, "resolved_by": by, "resolution": reason}
    here = payment_conflict.c.id == payment_id
    resolved = await connection.execute(
        update(payment_conflict).where(here).values(decided).returning(payment_conflict)
    )
    if bank_reference is not None:
        await require_unrecorded(session, account, bank_reference)
        movement = Movement(
            EntryKind(found.kind), found.amount, found.effective_on,
            Cause(found.rests_on, found.rests_on_id, found.rests_on_sequence), agreement_id=agreement.id,
            claim_id=found.claim_id, bank_reference=bank_reference, act=reason,
        )  # fmt: skip
        await tell(session, agreement, movement, at)
        await enter(session, account, movement)
    decision: Row[Any] = resolved.one()
    return decision
