"""What obligations says, as holds of agreements: each handler locks the agreement, then decides about its causes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from grants.holds.model import hold_cause
from grants.holds.rules import CauseState, Fact, take
from shared.contracts.obligations import (
    ClaimCancelled,
    ClaimReopened,
    ClaimSettled,
    ObligationAwaited,
    ObligationBreached,
    ObligationCancelled,
    ObligationExcused,
    ObligationFulfilled,
)
from shared.contracts.support import Measure
from shared.database.loading import load
from shared.events.delivery import Delivery
from shared.events.publishing import publish

BREACH = "breach"


async def on_obligation_breached(session: AsyncSession, event: ObligationBreached, delivery: Delivery) -> None:
    """Hold the agreement, unless this breach was settled before it got here."""
    await _take(session, event, delivery, [event.obligation_id], opens=True, breach=True)


async def on_obligation_closed(
    session: AsyncSession,
    event: ObligationFulfilled | ObligationAwaited | ObligationExcused | ObligationCancelled,
    delivery: Delivery,
) -> None:
    """Close the cause: the obligation is fulfilled, awaited again, excused or void."""
    await _take(session, event, delivery, [event.obligation_id], opens=False)


async def on_claim_closed(session: AsyncSession, event: ClaimSettled | ClaimCancelled, delivery: Delivery) -> None:
    """Close the causes that the claim stood for; one whose breach is still on its way will open nothing."""
    await _take(session, event, delivery, event.obligation_ids, opens=False)


async def on_claim_reopened(session: AsyncSession, event: ClaimReopened, delivery: Delivery) -> None:
    """Hold again: the settled claim grew."""
    await _take(session, event, delivery, event.obligation_ids, opens=True)


_Told = (
    ObligationBreached | ObligationFulfilled | ObligationAwaited | ObligationExcused | ObligationCancelled
    | ClaimSettled | ClaimCancelled | ClaimReopened
)  # fmt: skip


async def _take(
    session: AsyncSession,
    event: _Told,
    delivery: Delivery,
    causes: Iterable[UUID],
    *,
    opens: bool,
    breach: bool = False,
) -> None:
    if event.measure is not Measure.INDUSTRIAL_GRANT:
        return
    agreement = await load(session, Agreement, event.agreement_id, AgreementNotFound)
    envelope = delivery.envelope
    fact = Fact(envelope.subject, envelope.time, opens, event.type, breach, envelope.position)
    for cause_id in sorted(set(causes)):
        before = await state_of(session, agreement.id, cause_id)
        after = take(before, fact)
        await _store(session, agreement.id, cause_id, event.reporting_year, after)
        await _tell(session, agreement, cause_id, before, after, delivery.at)


async def _tell(
    session: AsyncSession,
    agreement: Agreement,
    cause_id: UUID,
    before: CauseState | None,
    after: CauseState,
    at: datetime,
) -> None:
    """Publish what changed for the agreement: held or released, or nothing."""
    was_open = before is not None and before.is_open
    if after.is_open == was_open:
        return
    instants = {"held_at": at, "released_at": None} if after.is_open else {"released_at": at}
    here = (hold_cause.c.agreement_id == agreement.id) & (hold_cause.c.cause_id == cause_id)
    connection = await session.connection()
    await connection.execute(hold_cause.update().where(here).values(instants))
    if after.is_open:
        await publish(session, agreement, agreement.held(cause_id, BREACH, at))
    else:
        left = await open_causes_count(session, agreement.id)
        await publish(session, agreement, agreement.released(cause_id, after.type, left, at))


async def state_of(session: AsyncSession, agreement_id: UUID, cause_id: UUID) -> CauseState | None:
    """What is known of the cause, or none; the agreement's lock keeps it as it is."""
    statement = select(hold_cause).where(hold_cause.c.agreement_id == agreement_id, hold_cause.c.cause_id == cause_id)
    row = (await (await session.connection()).execute(statement)).first()
    if row is None:
        return None
    return CauseState(
        row.is_open, row.since, row.decided_by, row.decided_by_type, row.breached, row.awaited, row.position
    )


async def open_causes_count(session: AsyncSession, agreement_id: UUID) -> int:
    """How many causes hold the agreement."""
    statement = select(func.count()).where(hold_cause.c.agreement_id == agreement_id, hold_cause.c.is_open)
    return int((await (await session.connection()).execute(statement)).scalar_one())


async def _store(
    session: AsyncSession, agreement_id: UUID, cause_id: UUID, reporting_year: int, state: CauseState
) -> None:
    values = {
        "is_open": state.is_open, "since": state.since, "decided_by": state.by, "decided_by_type": state.type,
        "breached": state.breached, "awaited": state.awaited, "position": state.position,
    }  # fmt: skip
    statement = insert(hold_cause).values(
        agreement_id=agreement_id, cause_id=cause_id, cause=BREACH, reporting_year=reporting_year, **values
    )
    connection = await session.connection()
    await connection.execute(statement.on_conflict_do_update(index_elements=["agreement_id", "cause_id"], set_=values))
