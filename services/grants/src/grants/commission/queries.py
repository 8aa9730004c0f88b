"""Reading what was before the commission."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.queries import read_application
from grants.commission.model import Motion, MotionStatus, vote_table
from grants.visibility import Sight
from shared.database.columns import columns
from shared.http.pages import PageRequest


async def read_motions(
    session: AsyncSession, sight: Sight, page: PageRequest, application_id: UUID, status: MotionStatus | None = None
) -> list[tuple[Motion, Sequence[RowMapping]]]:
    """A page of the motions on an application with their votes, in order.

    The institute sees all of them; applicant and experts those that were decided, without the members' votes.
    Raises `ApplicationNotFound`.
    """
    application = await read_application(session, sight, application_id)
    statement = select(Motion).where(col(Motion.application_id) == application.id)
    if status is not None:
        statement = statement.where(col(Motion.status) == status)
    if sight.institute is None:
        statement = statement.where(col(Motion.status).in_((MotionStatus.CARRIED, MotionStatus.NOT_CARRIED)))
    motions = (await session.exec(page.of(statement, columns(Motion).id))).all()
    if sight.institute is None:
        return [(motion, ()) for motion in motions]
    votes = core_select(vote_table).where(vote_table.c.motion_id.in_([motion.id for motion in motions]))
    connection = await session.connection()
    cast = (await connection.execute(votes.order_by(vote_table.c.ordinal))).mappings().all()
    return [(motion, [vote for vote in cast if vote["motion_id"] == motion.id]) for motion in motions]
