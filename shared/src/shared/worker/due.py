"""The next unit of a scheduled job: one aggregate, or one row of work, that is due."""

from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.events.work import work_of


class Unit(Protocol):
    """What a job takes one of: an aggregate, or a row that says what is to be done."""

    id: UUID


DueUnit = TypeVar("DueUnit", bound=Unit)


async def next_due(
    session: AsyncSession, kind: type[DueUnit], *due: ColumnElement[bool], by: Any, lock: bool = True
) -> DueUnit | None:
    """The first one of these conditions, in the order of `by`, locked and read afresh; or none.

    Passed over is what another worker has in hand, and what has failed in this round: one unit that cannot be done
    keeps no other waiting. Without `lock` the job locks by itself, and looks again whether there is something to do.
    """
    work = work_of(session)
    statement = select(kind).where(*due).order_by(by, col(kind.id)).limit(1)
    if work.set_aside:
        statement = statement.where(col(kind.id).not_in(work.set_aside))
    if lock:
        statement = statement.with_for_update(skip_locked=True)
    found = (await session.exec(statement.execution_options(populate_existing=True))).one_or_none()
    work.unit = None if found is None else found.id
    return found
