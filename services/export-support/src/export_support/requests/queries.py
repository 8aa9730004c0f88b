"""Reading requests: lists by filter, and one."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.requests.model import Request, RequestStatus
from export_support.requests.refusals import RequestNotFound
from export_support.visibility import Sight
from shared.database.columns import columns
from shared.http.pages import PageRequest


async def read_request(session: AsyncSession, sight: Sight, request_id: UUID) -> Request:
    """The request; raises `RequestNotFound` where the caller may not see it."""
    return await sight.read(session, Request, request_id, RequestNotFound)


async def list_requests(
    session: AsyncSession,
    sight: Sight,
    page: PageRequest,
    *,
    status: RequestStatus | None,
    call_id: UUID | None,
) -> Sequence[Request]:
    """The requests that the caller may see, newest first; drafts are their applicants' only."""
    statement = select(Request).where(sight.of(Request))
    if status is not None:
        statement = statement.where(col(Request.status) == status)
    if call_id is not None:
        statement = statement.where(col(Request.call_id) == call_id)
    return (await session.exec(page.of(statement, columns(Request).id, descending=True))).all()
