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
from shared.two_people import require_another


class PaymentConflictNotFound(NotFound):
    """There is no such payment kept apart."""

    title = "There is no such payment"
    remedy = "Look it up in the account."


class PaymentConflictResolved(Conflict):
    """Two people have decided about it already."""

    title = "The payment has been decided about"
    detail = "The payment was decided about on {resolved_at}."
    remedy = "Look at the entries of the account."


class ResolutionProposedAlready(Conflict):
    """One person proposes; the next step is another's."""

    title = "A decision is proposed already"
    detail = "A decision about the payment was proposed by {proposed_by}."
    remedy = "A second person approves or rejects it; who proposed it may take it back."


class ResolutionNotProposed(Conflict):
    """A decision about a payment is approved after somebody has proposed it."""

    title = "No decision is proposed"
    detail = "Nobody has proposed what becomes of the payment."
    remedy = "Propose it first, with the reason."


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
    """The version in its ETag: how often a decision was proposed, rejected or approved."""
    words = (conflict.proposed_at, conflict.resolved_at)
    return sum(word is not None for word in words) + 2 * int(conflict.proposals_rejected)


async def propose_resolution(
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
    """Propose to enter the payment under its right reference or, without one, to take it for the one recorded first.

    The first of two people. Raises `PaymentConflictResolved`, `ResolutionProposedAlready`, `PaymentAlreadyRecorded`.
    """
    found = await _unresolved(session, sight, account_id, payment_id, version)
    if found.proposed_by is not None:
        raise ResolutionProposedAlready(proposed_by=found.proposed_by)
    if bank_reference is not None:
        await require_unrecorded(session, await lock_account(session, account_id), bank_reference)
    proposed = {"proposed_at": at, "proposed_by": by, "proposed_reference": bank_reference, "resolution": reason}
    return await _changed(session, payment_id, proposed)


async def approve_resolution(
    session: AsyncSession, sight: Sight, account_id: UUID, payment_id: UUID, *, version: int, at: datetime, by: str
) -> Row[Any]:
    """Approve what another person proposed: the payment is entered under its right reference, or not at all.

    Raises `PaymentConflictResolved`, `ResolutionNotProposed`, `SecondPersonWanted`, `PaymentAlreadyRecorded`.
    """
    found = await _unresolved(session, sight, account_id, payment_id, version)
    _require_proposed(found)
    require_another(by, found.proposed_by)
    agreement = await load(session, Agreement, found.agreement_id, AgreementNotFound)
    account = await lock_account(session, account_id)
    if found.proposed_reference is not None:
        await require_unrecorded(session, account, found.proposed_reference)
        movement = Movement(
            EntryKind(found.kind), found.amount, found.effective_on,
            Cause(found.rests_on, found.rests_on_id, found.rests_on_sequence), agreement_id=agreement.id,
            claim_id=found.claim_id, bank_reference=found.proposed_reference, act=found.resolution,
        )  # fmt: skip
        await tell(session, agreement, movement, at)
        await enter(session, account, movement)
    return await _changed(session, payment_id, {"resolved_at": at, "resolved_by": by})


async def reject_resolution(
    session: AsyncSession, sight: Sight, account_id: UUID, payment_id: UUID, *, version: int
) -> Row[Any]:
    """End a proposal, one's own or another's; the payment stays apart, and another decision may be proposed.

    Raises `PaymentConflictResolved`, `ResolutionNotProposed`.
    """
    found = await _unresolved(session, sight, account_id, payment_id, version)
    _require_proposed(found)
    ended: dict[str, Any] = dict.fromkeys(("proposed_at", "proposed_by", "proposed_reference", "resolution"))
    return await _changed(session, payment_id, {**ended, "proposals_rejected": found.proposals_rejected + 1})


async def _unresolved(
    session: AsyncSession, sight: Sight, account_id: UUID, payment_id: UUID, version: int
) -> Row[Any]:
    await sight.read(session, FundingAccount, account_id, AccountNotFound)
    found = await conflict(session, account_id, payment_id, locked=True)
    require_version(version, revision_of(found))
    if found.resolved_at is not None:
        raise PaymentConflictResolved(resolved_at=found.resolved_at.isoformat())
    return found


def _require_proposed(found: Row[Any]) -> None:
    if found.proposed_by is None:
        raise ResolutionNotProposed


async def _changed(session: AsyncSession, payment_id: UUID, words: dict[str, Any]) -> Row[Any]:
    connection = await session.connection()
    here = payment_conflict.c.id == payment_id
    done = await connection.execute(update(payment_conflict).where(here).values(words).returning(payment_conflict))
    changed: Row[Any] = done.one()
    return changed
