"""The platform's own job: replies kept for a repeated command are forgotten after the days of the setting."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.http.idempotency import idempotency
from shared.service import Job

BATCH = 500


def forget_replies(days: int) -> Job:
    """Deletes, at most `BATCH` a transaction, the replies older than `days` by the database's clock, which dated them.

    A row that a request is reading now is left for the next round.
    """

    async def forget(session: AsyncSession, at: datetime) -> bool:  # noqa: ARG001
        oldest = (
            select(idempotency.c.scope)
            .where(idempotency.c.recorded_at < func.clock_timestamp() - func.make_interval(0, 0, 0, days))
            .order_by(idempotency.c.recorded_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        connection = await session.connection()
        gone = await connection.execute(delete(idempotency).where(idempotency.c.scope.in_(oldest.scalar_subquery())))
        return gone.rowcount > 0

    return forget
