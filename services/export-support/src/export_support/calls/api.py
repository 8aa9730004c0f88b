"""Routes and views of calls."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from export_support.calls import commands, queries
from export_support.calls.commands import CallTerms
from export_support.calls.model import Call, CallStatus
from export_support.visibility import CurrentSight
from shared.access.callers import Role, allowed
from shared.calls import CallNotFound, CallOpenAlready, InstituteMissing, WindowOver, WindowReversed
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown
from shared.values.dates import Day, Moment
from shared.values.money import Money, PositiveMoney
from shared.values.text import LongText, Name

router = Router(prefix="/v1", tags=["calls"])

officer = Depends(allowed(Role.OFFICER))
anybody = Depends(allowed(*(role for role in Role if role is not Role.SERVICE)))


class CallContent(BaseModel):
    """What a call announces. Amounts in tenge; the days of the window are local days, both included."""

    model_config = ConfigDict(extra="forbid")

    title: Name
    description: LongText
    budget: PositiveMoney
    opens_on: Day
    closes_on: Day

    def terms(self) -> CallTerms:
        """The same for the command."""
        return CallTerms(self.title, self.description, self.budget, self.opens_on, self.closes_on)


class FrozenView(BaseModel):
    """A parameter as it was when the call opened, with the row that it came from."""

    value: str
    unit: str
    row: UUID
    effective_from: Day
    source: str
    verified: bool


class CallView(BaseModel):
    """A call. `parameters` are those by which its requests are calculated, from the day it opened; by name."""

    id: UUID
    institute: str
    title: str
    description: str
    budget: Money
    opens_on: Day
    closes_on: Day
    status: CallStatus
    opened_at: Moment | None
    parameters: dict[str, FrozenView] | None

    @classmethod
    def of(cls, call: Call) -> "CallView":
        """The view of a call."""
        return cls.model_validate({name: getattr(call, name) for name in cls.model_fields})


@router.post("/calls", status_code=201, dependencies=[officer], responses=refusals(WindowReversed, InstituteMissing))
async def plan_call(
    body: CallContent, transaction: Transaction, sight: CurrentSight, now: Now, response: Response
) -> CallView:
    """Plan a call: nobody outside the institute sees it yet."""
    call = await commands.plan_call(transaction, sight, body.terms(), at=now)
    tag(response, call.revision)
    return CallView.of(call)


@router.put(
    "/calls/{call_id}",
    dependencies=[officer],
    responses=refusals(CallNotFound, CallOpenAlready, WindowReversed),
)
async def amend_call(
    call_id: UUID,
    body: CallContent,
    transaction: Transaction,
    sight: CurrentSight,
    expected: IfMatch,
    response: Response,
) -> CallView:
    """Change the plan of a call that is not open yet."""
    require_version(expected, (await sight.load(transaction, Call, call_id, CallNotFound)).revision)
    call = await commands.amend_call(transaction, sight, call_id, body.terms())
    tag(response, call.revision)
    return CallView.of(call)


@router.post(
    "/calls/{call_id}/opening",
    dependencies=[officer],
    responses=refusals(CallNotFound, CallOpenAlready, WindowOver, ParameterUnknown),
)
async def open_call(
    call_id: UUID, transaction: Transaction, sight: CurrentSight, now: Now, expected: IfMatch, response: Response
) -> CallView:
    """Open the call: requests are taken within its window, by the parameters that are frozen now."""
    require_version(expected, (await sight.load(transaction, Call, call_id, CallNotFound)).revision)
    call = await commands.open_call(transaction, sight, call_id, at=now)
    tag(response, call.revision)
    return CallView.of(call)


@router.get("/calls", dependencies=[anybody])
async def list_calls(
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    status: CallStatus | None = None,
    institute: Annotated[str | None, Query(pattern="^[a-z][a-z0-9-]{0,59}$")] = None,
) -> Page[CallView]:
    """The open calls, and those that the caller's institute plans; newest first."""
    rows = await queries.list_calls(session, sight, page, status=status, institute=institute)
    return page.page(rows, lambda call: (call.id,), CallView.of)


@router.get("/calls/{call_id}", dependencies=[anybody], responses=refusals(CallNotFound))
async def read_call(call_id: UUID, session: Reading, sight: CurrentSight, response: Response) -> CallView:
    """One call."""
    call = await queries.read_call(session, sight, call_id)
    tag(response, call.revision)
    return CallView.of(call)
