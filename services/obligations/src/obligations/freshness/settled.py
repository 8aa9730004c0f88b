"""Whether all that is said of an agreement, by its funding service and by ourselves, has been dealt with here."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.freshness.own_facts import own_facts_behind
from obligations.freshness.refusals import FactsStillArriving
from shared.events.positions import Position, behind

LISTENERS = ("monitoring", "recovery")
"""Those who must have settled what a funding service has said: one holds the terms, the other the money."""


async def facts_behind(session: AsyncSession, agreement_id: UUID, said: Iterable[Position]) -> list[Position]:
    """What the funding service says it has said, or we have, of an agreement and is not settled yet."""
    return [*await behind(session, LISTENERS, said), *await own_facts_behind(session, agreement_id)]


async def require_settled(session: AsyncSession, agreement_id: UUID, said: Iterable[Position]) -> None:
    """Raise `FactsStillArriving` where a fact on its way may change what is being decided."""
    late = await facts_behind(session, agreement_id, said)
    if late:
        raise FactsStillArriving(behind=", ".join(f"{each.aggregate_id}:{each.sequence}" for each in late))
