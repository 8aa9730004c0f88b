"""Planning and opening calls."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.calls.model import Call
from export_support.calls.parameters import parameters_of
from export_support.visibility import Sight
from shared.calls import CallNotFound, InstituteMissing
from shared.events.publishing import publish
from shared.reference.importing import share_reference


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
    call = Call(institute=sight.caller.institute, created_by=sight.subject, created_at=at, **asdict(terms))
    call.amend(**asdict(terms))
    call.revision = 1
    await publish(session, call)
    return call


async def amend_call(session: AsyncSession, sight: Sight, call_id: UUID, terms: CallTerms) -> Call:
    """Change the plan of a call that is not open yet."""
    call = await sight.load(session, Call, call_id, CallNotFound)
    call.amend(**asdict(terms))
    await publish(session, call)
    return call


async def open_call(session: AsyncSession, sight: Sight, call_id: UUID, *, at: datetime) -> Call:
    """Open a planned call, with the parameters of its first day as they are known now."""
    call = await sight.load(session, Call, call_id, CallNotFound)
    call.require_openable(at)
    await share_reference(session)
    await publish(session, call, call.open(sight.subject, await parameters_of(session, call.opens_on), at))
    return call
