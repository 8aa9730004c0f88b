"""The audit row: who did what, in the transaction that did it."""

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.tables import audit
from shared.events.work import Work, work_of


async def record_audit(session: AsyncSession) -> None:
    """Write the audit row of the session's work; where this fails, the work fails with it."""
    connection = await session.connection()
    await connection.execute(insert(audit).values(audit_row(work_of(session))))


def audit_row(work: Work) -> dict[str, object]:
    """The columns of the audit row of a unit of work."""
    return {
        "at": work.at,
        "actor": work.actor,
        "institute": work.institute,
        "roles": list(work.roles),
        "action": work.action,
        "idempotency_key": work.idempotency_key,
        "cause": str(work.cause[1]) if work.cause else None,
        "aggregates": sorted(set(work.aggregates)),
        "fingerprint": work.fingerprint,
        "trace_id": trace_of(work.traceparent),
    }


def trace_of(traceparent: str | None) -> str | None:
    """The trace in a `traceparent`, where there is one."""
    return traceparent.split("-")[1] if traceparent else None
