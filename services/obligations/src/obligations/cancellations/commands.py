"""Proposing to void an obligation and approving it: two people, one version."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.cancellations.model import Cancellation, CancellationStatus
from obligations.cancellations.refusals import CancellationAlreadyProposed, CancellationNotProposed
from obligations.obligations.model import Obligation
from obligations.obligations.queries import obligation_to_change
from obligations.visibility import Sight
from shared.events.publishing import publish
from shared.http.etag import require_version


async def propose_cancellation(
    session: AsyncSession, obligation_id: UUID, reason: str, *, sight: Sight, expected: int, at: datetime
) -> tuple[Cancellation, Obligation]:
    """Propose to void an obligation that was opened in error.

    Raises `ObligationNotFound`, `VersionStale`, `ObligationVoid`, `CancellationAlreadyProposed`.
    """
    obligation = await obligation_to_change(session, obligation_id, sight)
    require_version(expected, obligation.version)
    obligation.require_standing()
    await _require_no_other(session, obligation)
    cancellation = Cancellation(
        obligation_id=obligation.id,
        obligation_version=obligation.version,
        reason=reason,
        proposed_by=sight.subject,
        proposed_at=at,
    )
    session.add(cancellation)
    await session.flush()
    return cancellation, obligation


async def approve_cancellation(
    session: AsyncSession, obligation_id: UUID, *, sight: Sight, expected: int, at: datetime
) -> tuple[Cancellation, Obligation]:
    """Void what another proposed to void; closes the cause of a hold.

    Raises `ObligationNotFound`, `VersionStale`, `ObligationVoid`, `CancellationNotProposed`,
    `ObligationChangedSince`, `SecondPersonWanted`.
    """
    obligation = await obligation_to_change(session, obligation_id, sight)
    require_version(expected, obligation.version)
    obligation.require_standing()
    cancellation = await _latest(session, obligation.id)
    if cancellation is None:
        raise CancellationNotProposed(status="none")
    cancellation.approve(sight.subject, obligation.version, at)
    session.add(cancellation)
    await publish(session, obligation, obligation.cancel(cancellation.reason, at))
    return cancellation, obligation


async def _require_no_other(session: AsyncSession, obligation: Obligation) -> None:
    latest = await _latest(session, obligation.id)
    if latest is None or latest.status is not CancellationStatus.PROPOSED:
        return
    if latest.obligation_version == obligation.version:
        raise CancellationAlreadyProposed(reason=latest.reason)
    latest.void(f"the obligation came to version {obligation.version}")
    session.add(latest)
    await session.flush()


async def _latest(session: AsyncSession, obligation_id: UUID) -> Cancellation | None:
    statement = select(Cancellation).where(col(Cancellation.obligation_id) == obligation_id)
    statement = statement.order_by(col(Cancellation.id).desc()).limit(1)
    return (await session.exec(statement.execution_options(populate_existing=True))).first()
