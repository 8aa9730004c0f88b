"""Asking to be excused, and deciding about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.excuses.model import Excuse, ExcuseStatus
from obligations.excuses.refusals import ExcuseNotFound, ExcuseRequestedAlready
from obligations.obligations.model import Obligation
from obligations.obligations.queries import obligation_to_change
from obligations.visibility import Sight
from shared.events.publishing import publish
from shared.http.etag import require_version


async def request_excuse(
    session: AsyncSession,
    obligation_id: UUID,
    reason: str,
    evidence: Sequence[dict[str, Any]],
    *,
    sight: Sight,
    at: datetime,
) -> tuple[Excuse, Obligation]:
    """Ask to be excused from an obligation that is not fulfilled, or will not be."""
    obligation = await obligation_to_change(session, obligation_id, sight)
    obligation.require_excusable()
    open_one = select(Excuse.id).where(
        col(Excuse.obligation_id) == obligation_id, col(Excuse.status) == ExcuseStatus.REQUESTED
    )
    found = (await session.exec(open_one)).one_or_none()
    if found is not None:
        raise ExcuseRequestedAlready(excuse_id=found)
    excuse = Excuse(
        obligation_id=obligation.id,
        agreement_id=obligation.agreement_id,
        institute=obligation.institute,
        recipient_id=obligation.recipient_id,
        reason=reason,
        evidence=list(evidence),
        requested_by=sight.subject,
        requested_at=at,
    )
    session.add(excuse)
    await session.flush()
    return excuse, obligation


async def decide_excuse(
    session: AsyncSession,
    excuse_id: UUID,
    reason: str,
    *,
    accepted: bool,
    sight: Sight,
    expected: int,
    at: datetime,
) -> tuple[Excuse, Obligation]:
    """Accept or reject a request; `expected` is the version of the obligation on which the decision rests."""
    obligation_id = (
        await session.exec(select(Excuse.obligation_id).where(col(Excuse.id) == excuse_id, sight.of(Excuse)))
    ).one_or_none()
    if obligation_id is None:
        raise ExcuseNotFound(id=excuse_id)
    obligation = await obligation_to_change(session, obligation_id, sight)
    require_version(expected, obligation.version)
    excuse = await session.get_one(Excuse, excuse_id, populate_existing=True)
    session.add(excuse)
    if not accepted:
        excuse.reject(reason, sight.subject, at)
        await session.flush()
        return excuse, obligation
    excuse.accept(reason, sight.subject, at)
    await publish(session, obligation, obligation.excuse(excuse.id, reason, at))
    return excuse, obligation
