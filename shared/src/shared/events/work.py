"""A unit of work: on whose behalf and for which cause a transaction runs; what it touched."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import Clock
from shared.identity import derived_id, new_id


@dataclass
class Work:
    """Who and why of one transaction: read by `publish` and by the audit row.

    `idempotency_key` is the caller's, or a job's own for each unit: by it the history finds who acted.
    `cause` is (consumer, event id) where a handler runs; then the ids of its events derive from the cause, so that
    handling it again cannot make a second effect. `unit` is the aggregate that a job has in hand, `set_aside` are those
    that failed in this round of it. `at` is when the work began; what becomes known under a lock asks `now` there.
    """

    service: str
    topic: str
    actor: str
    action: str
    at: datetime
    institute: str | None = None
    roles: tuple[str, ...] = ()
    idempotency_key: str | None = None
    fingerprint: str | None = None
    traceparent: str | None = None
    cause: tuple[str, UUID] | None = None
    aggregates: list[str] = field(default_factory=list)
    unit: UUID | None = None
    set_aside: frozenset[UUID] = frozenset()
    clock: Clock | None = None
    _born: int = 0

    def next_event_id(self) -> UUID:
        """An id for the next event of this work."""
        if self.cause is None:
            return new_id()
        self._born += 1
        consumer, causing_event = self.cause
        return derived_id(self.service, consumer, causing_event, self._born)

    def now(self) -> datetime:
        """The present instant, never before the work began; asked under a lock, it lies after what held the lock."""
        if self.clock is None:
            raise RuntimeError(f"{self.action}: work without a clock cannot say what time it is under a lock")
        return max(self.at, self.clock.now())

    @property
    def causation_id(self) -> str | None:
        """The id of the causing event, or the idempotency key of the command."""
        return str(self.cause[1]) if self.cause else self.idempotency_key


def begin_work(session: AsyncSession, work: Work) -> None:
    """Declare on whose behalf the session's transaction runs."""
    session.info["work"] = work


def work_of(session: AsyncSession) -> Work:
    """The work of the session's transaction; nothing is published without one."""
    work: Work = session.info["work"]
    return work
