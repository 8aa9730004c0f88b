"""Loading an aggregate for change: the row is locked and read afresh."""

from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.record import AggregateRecord
from shared.refusals import NotFound

Aggregate = TypeVar("Aggregate", bound=AggregateRecord)


async def load(session: AsyncSession, kind: type[Aggregate], id_: UUID, missing: type[NotFound]) -> Aggregate:
    """The aggregate, locked until the transaction ends; raises `missing(id=…)` where there is none.

    `populate_existing`, because a session that has seen the row would answer from its memory.
    """
    statement = select(kind).where(col(kind.id) == id_).with_for_update().execution_options(populate_existing=True)
    aggregate = (await session.exec(statement)).one_or_none()
    if aggregate is None:
        raise missing(id=id_)
    return aggregate
