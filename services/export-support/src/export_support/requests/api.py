"""Routes of requests: drafting, signing, taking back, reading."""

from uuid import UUID

from fastapi import Depends, Response

from export_support.calls.refusals import OutsideTheWindow
from export_support.documents import refusals as held
from export_support.documents.near import near_documents
from export_support.requests import commands, queries
from export_support.requests import refusals as no
from export_support.requests.model import Request, RequestStatus
from export_support.requests.views import NearDocumentView, NewContent, NewRequest, NewWithdrawal, RequestView
from export_support.visibility import CurrentSight
from shared.access.callers import Role, allowed
from shared.calls import CallNotFound, CallNotOpen
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, ServiceClock, Transaction

router = Router(prefix="/v1", tags=["requests"])

applicant = Depends(allowed(Role.APPLICANT))
staff = Depends(allowed(Role.OFFICER, Role.APPROVER, Role.AUDITOR))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))

DOCUMENTS = (held.DocumentHeld, held.DocumentHeldElsewhere, held.DocumentExceeded, held.DocumentStatedOtherwise)


@router.post(
    "/requests",
    status_code=201,
    dependencies=[applicant],
    responses=refusals(CallNotFound, CallNotOpen, no.ApplicantNotCaller),
)
async def draft_request(
    body: NewRequest, transaction: Transaction, sight: CurrentSight, now: Now, response: Response
) -> RequestView:
    """Begin a request in an open call."""
    request = await commands.draft_request(transaction, sight, body.call_id, body.applicant, body.content, at=now)
    return tagged(request, response)


@router.put(
    "/requests/{request_id}/content", dependencies=[applicant], responses=refusals(no.RequestNotFound, no.RequestSigned)
)
async def write_content(
    request_id: UUID,
    body: NewContent,
    transaction: Transaction,
    sight: CurrentSight,
    expected: IfMatch,
    response: Response,
) -> RequestView:
    """Write the content of a draft anew."""
    require_version(expected, (await commands.own(transaction, sight, request_id)).revision)
    request = await commands.write_content(transaction, sight, request_id, body.content)
    return tagged(request, response)


@router.post(
    "/requests/{request_id}/submission",
    dependencies=[applicant],
    responses=refusals(
        no.RequestNotFound,
        no.RequestSigned,
        no.RequestIncomplete,
        no.CostsReimbursedElsewhere,
        CallNotFound,
        CallNotOpen,
        OutsideTheWindow,
        *DOCUMENTS,
    ),
)
async def submit_request(
    request_id: UUID,
    transaction: Transaction,
    sight: CurrentSight,
    clock: ServiceClock,
    expected: IfMatch,
    response: Response,
) -> RequestView:
    """Sign the request: its cost documents are taken, and it gets its number by the moment of the signature."""
    require_version(expected, (await commands.own(transaction, sight, request_id)).revision)
    request = await commands.submit_request(transaction, sight, request_id, clock)
    return tagged(request, response)


@router.post(
    "/requests/{request_id}/withdrawal",
    dependencies=[applicant],
    responses=refusals(no.RequestNotFound, no.RequestNotWithdrawable),
)
async def withdraw_request(
    request_id: UUID,
    body: NewWithdrawal,
    transaction: Transaction,
    sight: CurrentSight,
    now: Now,
    expected: IfMatch,
    response: Response,
) -> RequestView:
    """Take the signed request back: its cost documents are free again."""
    require_version(expected, (await commands.own(transaction, sight, request_id)).revision)
    request = await commands.withdraw_request(transaction, sight, request_id, body.reason, at=now)
    return tagged(request, response)


@router.get("/requests", dependencies=[reader])
async def list_requests(
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    status: RequestStatus | None = None,
    call_id: UUID | None = None,
) -> Page[RequestView]:
    """The requests of the caller's company, or those signed to the caller's institute; newest first."""
    rows = await queries.list_requests(session, sight, page, status=status, call_id=call_id)
    return page.page(rows, lambda request: (request.id,), RequestView.of)


@router.get("/requests/{request_id}", dependencies=[reader], responses=refusals(no.RequestNotFound))
async def read_request(request_id: UUID, session: Reading, sight: CurrentSight, response: Response) -> RequestView:
    """One request; its ETag is the version on which changes of its lines rest too."""
    return tagged(await queries.read_request(session, sight, request_id), response)


@router.get("/requests/{request_id}/near-documents", dependencies=[staff], responses=refusals(no.RequestNotFound))
async def list_near_documents(
    request_id: UUID, session: Reading, sight: CurrentSight, page: WantedPage
) -> Page[NearDocumentView]:
    """Documents in use that look like the request's own: the same day, a number that is easily misread."""
    request = await queries.read_request(session, sight, request_id)
    rows = await near_documents(session, request.id, page)
    return page.page(rows, lambda row: (row["own_key"], row["other_key"]), NearDocumentView.of)


def tagged(request: Request, response: Response) -> RequestView:
    """The view of a request, with its version on the reply."""
    tag(response, request.revision)
    return RequestView.of(request)
