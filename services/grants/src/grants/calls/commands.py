"""Planning and opening calls."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from grants.calls.model import Call
from grants.visibility import Sight
from shared.calls import CallNotFound, InstituteMissing
from shared.events.publishing import publish


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What a call announces. `budget` in tenge; the days of the window are local days, both included."""

    title: str
    description: str
    budget: Decimal
    opens_on: date
    closes_on: date


async def plan_call(session: AsyncSession, sight: Sight, terms: CallTerms, *, at: datetime) -> Call:
    """Plan a call of the caller's institute."""
    if sight.caller.institute is None:
        raise InstituteMissing
    call = Call(institute=sight.caller.institute, created_by=sight.subject, created_at=at, **_fields(terms))
    call.amend(**_fields(terms))
    call.revision = 1
    await publish(session, call)
    return call


async def amend_call(session: AsyncSession, sight: Sight, call_id: UUID, terms: CallTerms) -> Call:
    """Change the plan of a call that is not open yet."""
    call = await sight.load(session, Call, call_id, CallNotFound)
    call.amend(**_fields(terms))
    await publish(session, call)
    return call


async def open_call(session: AsyncSession, sight: Sight, call_id: UUID, *, at: datetime) -> Call:
    """Open a planned call."""
    call = await sight.load(session, Call, call_id, CallNotFound)
    await publish(session, call, call.open(sight.subject, at))
    return call


def _fields(terms: CallTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in CallTerms.__slots__}
