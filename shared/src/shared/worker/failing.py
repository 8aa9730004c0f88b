"""What scheduled jobs could not do: kept with the reason until it is done, for operators to see."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from shared.database.engine import Database
from shared.database.tables import job_failure

MAX_REASON = 2_000


async def note_failure(database: Database, job: str, unit: UUID, reason: str) -> None:
    """Keep that a unit failed, in a transaction of its own: the unit's was rolled back."""
    row = insert(job_failure).values(job=job, unit=unit, reason=reason[:MAX_REASON])
    again = {
        "reason": row.excluded.reason,
        "attempts": job_failure.c.attempts + 1,
        "last_failed_at": func.clock_timestamp(),
    }
    async with database.engine.begin() as connection:
        await connection.execute(row.on_conflict_do_update(index_elements=["job", "unit"], set_=again))


async def forget_failures(database: Database, job: str, failed: Collection[UUID]) -> None:
    """After a whole round: what did not fail in it was done, or is not due any more."""
    async with database.engine.begin() as connection:
        await connection.execute(delete(job_failure).where(job_failure.c.job == job, job_failure.c.unit.not_in(failed)))


async def failures(database: Database) -> Sequence[RowMapping]:
    """What could not be done, the longest failing first."""
    async with database.engine.connect() as connection:
        statement = select(job_failure).order_by(job_failure.c.failed_at, job_failure.c.unit)
        return (await connection.execute(statement)).mappings().all()
