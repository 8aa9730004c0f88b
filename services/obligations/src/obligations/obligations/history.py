"""Everything that happened to an obligation, from the record of its events."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.obligations.views import Happening
from shared.database.tables import event


async def history_of(session: AsyncSession, obligation_id: UUID) -> list[Happening]:
    """The events of the obligation in order; of those about its reports only what was published."""
    statement = select(event.c.sequence, event.c.type, event.c.occurred_at, event.c.data)
    statement = statement.where(event.c.aggregate_id == obligation_id).order_by(event.c.sequence)
    rows = (await (await session.connection()).execute(statement)).mappings()
    return [Happening.model_validate(dict(row)) for row in rows]
