"""Near matches of a request's cost documents: the same day, a number that is easily misread; for a person to see."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.documents.tables import cost_document, cost_document_use
from shared.http.pages import PageRequest
from shared.reference.lookup import rows_of


async def near_documents(session: AsyncSession, request_id: UUID, page: PageRequest) -> list[RowMapping]:
    """Documents that others use and that look like one of the request's, by the two keys."""
    own, other = cost_document.alias("own"), cost_document.alias("other")
    use = cost_document_use.alias("use")
    theirs = cost_document_use.alias("theirs")
    statement: Select[Any] = (
        select(
            own.c.key.label("own_key"),
            own.c.supplier.label("own_supplier"),
            own.c.number.label("own_number"),
            other.c.key.label("other_key"),
            other.c.supplier,
            other.c.number,
            other.c.issued_on,
            other.c.currency,
            other.c.total,
        )
        .distinct()
        .join(use, and_(use.c.document_key == own.c.key, use.c.request_id == request_id, use.c.freed_at.is_(None)))
        .join(other, and_(other.c.near == own.c.near, other.c.key != own.c.key))
        .join(theirs, and_(theirs.c.document_key == other.c.key, theirs.c.freed_at.is_(None)))
    )
    return await rows_of(session, page.of(statement, own.c.key, other.c.key))
