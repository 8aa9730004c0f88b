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


async def read_motions(
    session: AsyncSession, sight: Sight, application_id: UUID
) -> list[tuple[Motion, Sequence[RowMapping]]]:
    """The motions on an application with their votes, in order.

    The institute sees all of them; applicant and experts those that were decided, without the members' votes.
    Raises `ApplicationNotFound`.
    """
    application = await read_application(session, sight, application_id)
    statement = select(Motion).where(col(Motion.application_id) == application.id).order_by(col(Motion.id))
    motions = list((await session.exec(statement)).all())
    if sight.institute is None:
        decided = {MotionStatus.CARRIED, MotionStatus.NOT_CARRIED}
        return [(motion, ()) for motion in motions if motion.status in decided]
    votes = core_select(vote_table).where(vote_table.c.motion_id.in_([motion.id for motion in motions]))
    connection = await session.connection()
    cast = (await connection.execute(votes.order_by(vote_table.c.ordinal))).mappings().all()
    return [(motion, [vote for vote in cast if vote["motion_id"] == motion.id]) for motion in motions]
