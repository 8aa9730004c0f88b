"""Routes of the lines of a request: writing them, their check, their estimate."""

from uuid import UUID

from fastapi import Depends, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.requests import commands, queries
from export_support.requests import refusals as no
from export_support.requests.judging import Judged, Judgement, judge
from export_support.requests.model import Request
from export_support.requests.records import line_of, lines_page
from export_support.requests.views import EstimateView, LineCheck, LineEstimate, LineView, NewLine
from export_support.visibility import CurrentSight, Sight
from shared.access.callers import Role, allowed
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, PageRequest, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.http.words import CurrentWords

router = Router(prefix="/v1", tags=["cost lines"])

applicant = Depends(allowed(Role.APPLICANT))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))
WRITING = (no.RequestNotFound, no.RequestSigned)


@router.post(
    "/requests/{request_id}/lines",
    status_code=201,
    dependencies=[applicant],
    responses=refusals(*WRITING, no.LinesFull),
)
async def add_line(
    request_id: UUID,
    body: NewLine,
    transaction: Transaction,
    sight: CurrentSight,
    expected: IfMatch,
    response: Response,
) -> LineView:
    """Add a line to a draft; the ETag of the answer is the request's."""
    require_version(expected, (await commands.own(transaction, sight, request_id)).revision)
    request, ids = await commands.put_in(transaction, sight, request_id, [body.cost])
    return await _line(transaction, request, ids[0], response)


@router.put(
    "/requests/{request_id}/lines/{line_id}", dependencies=[applicant], responses=refusals(*WRITING, no.LineNotFound)
)
async def write_line(
    request_id: UUID,
    line_id: UUID,
    body: NewLine,
    transaction: Transaction,
    sight: CurrentSight,
    expected: IfMatch,
    response: Response,
) -> LineView:
    """Write a line of a draft anew; the version is the request's."""
    require_version(expected, (await commands.own(transaction, sight, request_id)).revision)
    request = await commands.write_anew(transaction, sight, request_id, line_id, body.cost)
    return await _line(transaction, request, line_id, response)


@router.delete(
    "/requests/{request_id}/lines/{line_id}",
    status_code=204,
    dependencies=[applicant],
    responses=refusals(*WRITING, no.LineNotFound),
)
async def remove_line(
    request_id: UUID,
    line_id: UUID,
    transaction: Transaction,
    sight: CurrentSight,
    expected: IfMatch,
    response: Response,
) -> None:
    """Take a line out of a draft; the version is the request's."""
    require_version(expected, (await commands.own(transaction, sight, request_id)).revision)
    request = await commands.take_out(transaction, sight, request_id, line_id)
    tag(response, request.revision)


@router.get("/requests/{request_id}/lines", dependencies=[reader], responses=refusals(no.RequestNotFound))
async def list_lines(request_id: UUID, session: Reading, sight: CurrentSight, page: WantedPage) -> Page[LineView]:
    """The lines of a request, by number."""
    request = await queries.read_request(session, sight, request_id)
    rows = await lines_page(session, request.id, page)
    return page.page(rows, lambda row: (row["number"],), LineView.of)


@router.get(
    "/requests/{request_id}/lines/{line_id}",
    dependencies=[reader],
    responses=refusals(no.RequestNotFound, no.LineNotFound),
)
async def read_line(
    request_id: UUID, line_id: UUID, session: Reading, sight: CurrentSight, response: Response
) -> LineView:
    """One line; its ETag is the version of its request."""
    return await _line(session, await queries.read_request(session, sight, request_id), line_id, response)


@router.get("/requests/{request_id}/check", dependencies=[reader], responses=refusals(no.RequestNotFound))
async def check_request(
    request_id: UUID, session: Reading, sight: CurrentSight, now: Now, page: WantedPage, say: CurrentWords
) -> Page[LineCheck]:
    """What the reviewers' rules say of each line: eligible, not eligible or unknown, with rule, article and remedy."""
    _, judgement = await _judged(session, sight, request_id, now)
    shown = _behind(page, [(each.line.number, each) for each in judgement.lines])
    return page.page(shown, lambda each: (each[0],), lambda each: LineCheck.of(each[1], say))


@router.get("/requests/{request_id}/estimate", dependencies=[reader], responses=refusals(no.RequestNotFound))
async def estimate_request(
    request_id: UUID, session: Reading, sight: CurrentSight, now: Now, response: Response
) -> EstimateView:
    """What would be reimbursed of the whole as it stands now, with the ceiling of the year."""
    request, judgement = await _judged(session, sight, request_id, now)
    tag(response, request.revision)
    return EstimateView.of(request, judgement)


@router.get("/requests/{request_id}/estimate/lines", dependencies=[reader], responses=refusals(no.RequestNotFound))
async def estimate_lines(
    request_id: UUID, session: Reading, sight: CurrentSight, now: Now, page: WantedPage
) -> Page[LineEstimate]:
    """What would be reimbursed of each line, each factor shown with the row that it came from."""
    _, judgement = await _judged(session, sight, request_id, now)
    amounts = judgement.estimate.amounts
    shown = _behind(page, [(each.line.number, each) for each in judgement.lines])
    return page.page(
        shown, lambda each: (each[0],), lambda each: LineEstimate.of(each[1], amounts.get(str(each[1].line.id)))
    )


async def _judged(session: AsyncSession, sight: Sight, request_id: UUID, now: Now) -> tuple[Request, Judgement]:
    request = await queries.read_request(session, sight, request_id)
    return request, await judge(session, request, await commands.call_of(session, request), now)


async def _line(session: AsyncSession, request: Request, line_id: UUID, response: Response) -> LineView:
    tag(response, request.revision)
    return LineView.of(await line_of(session, request.id, line_id))


def _behind(page: PageRequest, numbered: list[tuple[int, Judged]]) -> list[tuple[int, Judged]]:
    """Those behind the page's cursor, one more than the page has."""
    after = 0 if page.after is None else int(page.after[0])
    return [each for each in numbered if each[0] > after][: page.limit + 1]
