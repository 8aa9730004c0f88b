"""Excuse requests as a caller sees them."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.excuses.model import Excuse
from obligations.excuses.refusals import ExcuseNotFound
from obligations.visibility import Sight


async def visible_excuse(session: AsyncSession, excuse_id: UUID, sight: Sight) -> Excuse:
    """The request, if the caller may see it; raises `ExcuseNotFound`."""
    found = (await session.exec(select(Excuse).where(col(Excuse.id) == excuse_id, sight.of(Excuse)))).one_or_none()
    if found is None:
        raise ExcuseNotFound(id=excuse_id)
    return found
