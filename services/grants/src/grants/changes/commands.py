"""What is done to changes: load, decide, publish. Locks: the agreement, then the change, tranches, the account last."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from grants.changes.content import ChangeKind, Wanted
from grants.changes.effects import require_possible, take_effect
from grants.changes.model import OPEN, Change, ChangeStatus
from grants.changes.refusals import ChangeNotFound, ChangeOpenAlready
from grants.visibility import Sight
from shared.database.loading import load
from shared.events.publishing import publish
from shared.http.etag import require_version

ENDED = "The agreement has ended."


async def request_change(
    session: AsyncSession, sight: Sight, agreement_id: UUID, wanted: Wanted, reason: str, *, version: int, at: datetime
) -> Change:
    """The recipient asks for another schedule or other budget lines."""
    agreement = await sight.load(session, Agreement, agreement_id, AgreementNotFound)
    require_version(version, agreement.revision)
    change = await _new(session, agreement, wanted, reason, at)
    change.requested_by, change.requested_at = sight.subject, at
    await publish(session, change)
    return change


async def propose_change(
    session: AsyncSession, sight: Sight, agreement_id: UUID, wanted: Wanted, reason: str, *, version: int, at: datetime
) -> Change:
    """An officer proposes an addendum or the termination: the first of two people."""
    agreement = await sight.load(session, Agreement, agreement_id, AgreementNotFound)
    require_version(version, agreement.revision)
    change = await _new(session, agreement, wanted, reason, at)
    change.status, change.proposed_by, change.proposed_at = ChangeStatus.PROPOSED, sight.subject, at
    await publish(session, change)
    return change


async def propose_request(
    session: AsyncSession, sight: Sight, change_id: UUID, *, version: int, at: datetime
) -> Change:
    """An officer takes the recipient's request up, where it could still take effect."""
    agreement, change = await _lock(session, sight, change_id, version)
    change.propose(at, sight.subject)
    await require_possible(session, agreement, change.content, at)
    await publish(session, change)
    return change


async def approve_change(session: AsyncSession, sight: Sight, change_id: UUID, *, version: int, at: datetime) -> Change:
    """A second person approves; the change takes effect at once. An agreement that ends leaves no change open."""
    agreement, change = await _lock(session, sight, change_id, version)
    agreement.require_signed()
    change.approve(at, sight.subject)
    await publish(session, change)
    await take_effect(session, agreement, change, at)
    if change.kind is ChangeKind.TERMINATION:
        await close_open(session, agreement, at, sight.subject)
    return change


async def refuse_change(
    session: AsyncSession, sight: Sight, change_id: UUID, reason: str, *, version: int, at: datetime
) -> Change:
    """The institute says no."""
    _, change = await _lock(session, sight, change_id, version)
    change.refuse(reason, at, sight.subject)
    await publish(session, change)
    return change


async def withdraw_change(
    session: AsyncSession, sight: Sight, change_id: UUID, *, version: int, at: datetime
) -> Change:
    """The recipient takes its request back."""
    _, change = await _lock(session, sight, change_id, version)
    change.withdraw(at, sight.subject)
    await publish(session, change)
    return change


async def close_open(session: AsyncSession, agreement: Agreement, at: datetime, by: str) -> None:
    """Refuse what is still open under a locked agreement that ends."""
    statement = select(Change).where(col(Change.agreement_id) == agreement.id, col(Change.status).in_(OPEN))
    for change in (await session.exec(statement.order_by(col(Change.id)).with_for_update())).all():
        change.refuse(ENDED, at, by)
        await publish(session, change)


async def newest_changes(session: AsyncSession, agreement_id: UUID, limit: int) -> list[Change]:
    """The newest changes of the agreement, the newest first; every open one is among them."""
    statement = select(Change).where(col(Change.agreement_id) == agreement_id)
    ordered = statement.order_by(col(Change.status).in_(OPEN).desc(), col(Change.id).desc()).limit(limit)
    return sorted((await session.exec(ordered)).all(), key=lambda change: change.id, reverse=True)


async def _new(session: AsyncSession, agreement: Agreement, wanted: Wanted, reason: str, at: datetime) -> Change:
    await require_possible(session, agreement, wanted, at)
    statement = select(Change).where(
        col(Change.agreement_id) == agreement.id, col(Change.kind) == wanted.kind, col(Change.status).in_(OPEN)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is not None:
        raise ChangeOpenAlready(change_id=found.id, status=found.status.value)
    return Change(
        institute=agreement.institute, agreement_id=agreement.id, recipient_id=agreement.recipient_id,
        kind=wanted.kind, status=ChangeStatus.REQUESTED, wanted=wanted.model_dump(mode="json"), reason=reason,
    )  # fmt: skip


async def _lock(session: AsyncSession, sight: Sight, change_id: UUID, version: int) -> tuple[Agreement, Change]:
    seen = await sight.read(session, Change, change_id, ChangeNotFound)
    agreement = await load(session, Agreement, seen.agreement_id, AgreementNotFound)
    change = await load(session, Change, change_id, ChangeNotFound)
    require_version(version, change.revision)
    return agreement, change
