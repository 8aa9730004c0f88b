"""How far recovery has come with what this service itself has published of an agreement."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.tables import event
from shared.events.positions import Position, behind

RECOVERY = "recovery"


async def own_facts_behind(session: AsyncSession, agreement_id: UUID) -> list[Position]:
    """The events of the agreement's obligations that recovery has not settled; a claim's own events are no facts."""
    statement = (
        select(event.c.aggregate_id, func.max(event.c.sequence))
        .where(event.c.partition_key == str(agreement_id), event.c.aggregate_type != "Claim")
        .group_by(event.c.aggregate_id)
    )
    rows = (await (await session.connection()).execute(statement)).all()
    return await behind(session, (RECOVERY,), [Position(aggregate_id, sequence) for aggregate_id, sequence in rows])
