"""Reading calls: the institute's own, and every open one for everybody."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.calls.model import Call, CallStatus
from grants.visibility import Sight
from shared.calls import CallNotFound
from shared.database.columns import columns
from shared.http.pages import PageRequest


def seen_calls(sight: Sight) -> ColumnElement[bool]:
    """An open call is public; a planned one is seen by its institute."""
    return or_(sight.of(Call), col(Call.status) == CallStatus.OPEN)


async def read_call(session: AsyncSession, sight: Sight, call_id: UUID) -> Call:
    """The call; raises `CallNotFound` where the caller may not see it."""
    found = (await session.exec(select(Call).where(col(Call.id) == call_id, seen_calls(sight)))).one_or_none()
    if found is None:
        raise CallNotFound(id=call_id)
    return found


async def list_calls(
    session: AsyncSession, sight: Sight, page: PageRequest, *, status: CallStatus | None, institute: str | None
) -> list[Call]:
    """The calls that the caller may see, newest first."""
    statement = select(Call).where(seen_calls(sight))
    if status is not None:
        statement = statement.where(col(Call.status) == status)
    if institute is not None:
        statement = statement.where(col(Call.institute) == institute)
    return list((await session.exec(page.of(statement, columns(Call).id, descending=True))).all())
