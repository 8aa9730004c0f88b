"""Which causes hold an agreement, and whether it may be paid."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.holds.known import known_obligations
from grants.holds.model import hold_cause
from grants.holds.refusals import AgreementOnHold


@dataclass(frozen=True, slots=True)
class HoldCause:
    """A cause of a hold: of which reporting year, since when (as it happened), and by what it was decided last."""

    cause_id: UUID
    cause: str
    reporting_year: int | None
    is_open: bool
    since: datetime
    decided_by: UUID
    decided_by_type: str
    held_at: datetime | None
    released_at: datetime | None


async def causes_of(session: AsyncSession, agreement_id: UUID, *, only_open: bool = False) -> list[HoldCause]:
    """The causes that anything was heard of, by the instant of their deciding fact."""
    columns = [hold_cause.c[name] for name in HoldCause.__slots__]
    statement = select(*columns).where(hold_cause.c.agreement_id == agreement_id)
    if only_open:
        statement = statement.where(hold_cause.c.is_open)
    rows = (
        await (await session.connection()).execute(statement.order_by(hold_cause.c.since, hold_cause.c.cause_id))
    ).all()
    return [HoldCause(*row) for row in rows]


async def require_not_held(session: AsyncSession, agreement_id: UUID) -> None:
    """Raise `AgreementOnHold`, which names the causes, while any is open. The agreement is locked by the caller."""
    causes = await causes_of(session, agreement_id, only_open=True)
    if causes:
        known = {each.obligation_id: each.indicator for each in await known_obligations(session, agreement_id)}
        raise AgreementOnHold(causes=", ".join(_named(cause, known.get(cause.cause_id)) for cause in causes))


def _named(cause: HoldCause, indicator: str | None) -> str:
    """By indicator and year; by its id where the obligation itself has not been heard of yet."""
    return f"{indicator or f'{cause.cause} {cause.cause_id}'} ({cause.reporting_year})"
