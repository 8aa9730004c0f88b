"""What is done to a request: load, decide, publish."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.calls.model import Call
from export_support.calls.queries import read_call
from export_support.documents.taking import Use, free_documents, take_documents
from export_support.lines.costs import AnyCost
from export_support.requests.content import Applicant, Content
from export_support.requests.gathering import Line
from export_support.requests.judging import judge
from export_support.requests.model import Request
from export_support.requests.records import add_lines, lines_of, next_number, remove_line, write_line
from export_support.requests.refusals import ApplicantNotCaller, RequestNotFound
from export_support.visibility import Sight
from shared.access.callers import Role
from shared.calendar.local_days import local_day
from shared.calls import CallNotFound
from shared.clock import Clock
from shared.events.publishing import publish
from shared.reference.importing import share_reference
from shared.values.money import from_tiyn


async def draft_request(
    session: AsyncSession, sight: Sight, call_id: UUID, applicant: Applicant, content: Content, *, at: datetime
) -> Request:
    """Begin a request of the caller's company in an open call."""
    call = await read_call(session, sight, call_id)
    call.require_open()
    recipient = sight.only(Role.APPLICANT).recipient_id
    if recipient is None or applicant.number != sight.caller.bin:
        raise ApplicantNotCaller
    request = Request(
        institute=call.institute,
        call_id=call.id,
        applicant_name=applicant.name,
        applicant_number=applicant.number,
        recipient_id=recipient,
        created_by=sight.subject,
        created_at=at,
        content=content.stored(),
    )
    await publish(session, request)
    return request


async def write_content(session: AsyncSession, sight: Sight, request_id: UUID, content: Content) -> Request:
    """Put new content in place of the old, in a draft."""
    request = await own(session, sight, request_id)
    request.write(content)
    await publish(session, request)
    return request


async def put_in(
    session: AsyncSession, sight: Sight, request_id: UUID, costs: Sequence[AnyCost]
) -> tuple[Request, list[UUID]]:
    """Add lines to a draft, behind those that there are."""
    request = await own(session, sight, request_id)
    request.change_lines(len(costs))
    ids = await add_lines(session, request.id, costs)
    await publish(session, request)
    return request, ids


async def write_anew(session: AsyncSession, sight: Sight, request_id: UUID, line_id: UUID, cost: AnyCost) -> Request:
    """Put another cost in place of a line of a draft."""
    request = await own(session, sight, request_id)
    request.change_lines(0)
    await write_line(session, request.id, line_id, cost)
    await publish(session, request)
    return request


async def take_out(session: AsyncSession, sight: Sight, request_id: UUID, line_id: UUID) -> Request:
    """Take a line out of a draft."""
    request = await own(session, sight, request_id)
    request.change_lines(-1)
    await remove_line(session, request.id, line_id)
    await publish(session, request)
    return request


async def submit_request(session: AsyncSession, sight: Sight, request_id: UUID, clock: Clock) -> Request:
    """Sign the draft: its documents are taken, then it gets its number, by the moment at which that lock is held."""
    request = await own(session, sight, request_id)
    request.require_complete()
    call = await read_call(session, sight, request.call_id)
    call.require_intake(clock.now())
    await share_reference(session)
    uses = [_use(Line.of(row)) for row in await lines_of(session, request.id)]
    await take_documents(session, request.id, request.institute, uses)
    number = await next_number(session, request.institute, local_day(clock.now()).year)
    at = clock.now()
    call.require_intake(at)
    judgement = await judge(session, request, call, at)
    await publish(session, request, request.submit(number, from_tiyn(judgement.estimate.reimbursed), at))
    return request


async def withdraw_request(
    session: AsyncSession, sight: Sight, request_id: UUID, reason: str, *, at: datetime
) -> Request:
    """Take a signed request back; its documents are free again."""
    request = await own(session, sight, request_id)
    event = request.withdraw(reason, at)
    await free_documents(session, request.id, at)
    await publish(session, request, event)
    return request


async def own(session: AsyncSession, sight: Sight, request_id: UUID) -> Request:
    """The request of the caller's company, locked; raises `RequestNotFound`."""
    return await sight.only(Role.APPLICANT).load(session, Request, request_id, RequestNotFound)


async def call_of(session: AsyncSession, request: Request) -> Call:
    """The call of a request; it stays as it was opened."""
    found = await session.get(Call, request.call_id)
    if found is None:
        raise CallNotFound(id=request.call_id)
    return found


def _use(line: Line) -> Use:
    document = line.cost.document
    return Use(
        line_id=line.id,
        key=line.key,
        supplier=document.supplier,
        number=document.number,
        on=document.on,
        currency=line.cost.currency,
        total=document.total,
        amount=line.cost.amount,
    )
