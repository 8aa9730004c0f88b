"""Excuses over HTTP: the recipient asks, an officer decides."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from obligations.evidence import Documents, Evidence
from obligations.excuses import commands
from obligations.excuses.model import Excuse, ExcuseStatus
from obligations.excuses.queries import visible_excuse
from obligations.excuses.refusals import ExcuseDecided, ExcuseNotFound, ExcuseRequestedAlready
from obligations.obligations.queries import visible_obligation
from obligations.obligations.refusals import NothingToExcuse, ObligationNotFound, ObligationVoid
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, RoleNotAllowed, allowed
from shared.database.columns import columns
from shared.http.edge import VersionStale
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.two_people import SecondPersonWanted
from shared.values.text import ShortText

router = Router(prefix="/v1", tags=["excuses"])

Recipient = Depends(allowed(Role.APPLICANT))
Officer = Depends(allowed(Role.OFFICER))
Reader = Depends(allowed(*READERS))


class NewExcuse(BaseModel):
    """The cause beyond the recipient's control, and the documents that prove it."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText
    evidence: Documents = Field(default_factory=list)


class NewDecision(BaseModel):
    """The officer's decision and its reason."""

    model_config = ConfigDict(extra="forbid")

    accepted: bool = Field(strict=True)
    reason: ShortText


class ExcuseView(BaseModel):
    """A request to be excused; its ETag is the version of the obligation, on which the decision rests."""

    excuse_id: UUID
    obligation_id: UUID
    agreement_id: UUID
    status: ExcuseStatus
    reason: str
    evidence: list[Evidence]
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None

    @classmethod
    def of(cls, excuse: Excuse) -> Self:
        """The view of a request."""
        stored = excuse.model_dump(include=set(cls.model_fields))
        return cls.model_validate({**stored, "excuse_id": excuse.id})


@router.get(
    "/obligations/{obligation_id}/excuses",
    dependencies=[Reader],
    responses=refusals(RoleNotAllowed, ObligationNotFound),
)
async def list_excuses(
    obligation_id: UUID,
    session: Reading,
    sight: Seen,
    page: WantedPage,
    status: Annotated[ExcuseStatus | None, Query()] = None,
) -> Page[ExcuseView]:
    """List the requests to be excused from an obligation, as they were made."""
    obligation = await visible_obligation(session, obligation_id, sight)
    statement = select(Excuse).where(col(Excuse.obligation_id) == obligation.id)
    if status is not None:
        statement = statement.where(col(Excuse.status) == status)
    rows = (await session.exec(page.of(statement, columns(Excuse).requested_at, columns(Excuse).id))).all()
    return page.page(rows, lambda excuse: (excuse.requested_at, excuse.id), ExcuseView.of)


@router.get("/excuses/{excuse_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, ExcuseNotFound))
async def read_excuse(excuse_id: UUID, session: Reading, sight: Seen, response: Response) -> ExcuseView:
    """Read a request to be excused."""
    excuse = await visible_excuse(session, excuse_id, sight)
    obligation = await visible_obligation(session, excuse.obligation_id, sight)
    tag(response, obligation.version)
    return ExcuseView.of(excuse)


@router.post(
    "/obligations/{obligation_id}/excuses",
    status_code=201,
    dependencies=[Recipient],
    responses=refusals(RoleNotAllowed, ObligationNotFound, ObligationVoid, NothingToExcuse, ExcuseRequestedAlready),
)
async def request_excuse(
    obligation_id: UUID, asked: NewExcuse, transaction: Transaction, sight: Seen, now: Now, response: Response
) -> ExcuseView:
    """Ask to be excused for a cause beyond the recipient's control, also before the report is due."""
    evidence = [one.model_dump(mode="json") for one in asked.evidence]
    excuse, obligation = await commands.request_excuse(
        transaction, obligation_id, asked.reason, evidence, sight=sight, at=now
    )
    tag(response, obligation.version)
    return ExcuseView.of(excuse)


@router.post(
    "/excuses/{excuse_id}/decision",
    dependencies=[Officer],
    responses=refusals(
        RoleNotAllowed, ExcuseNotFound, ExcuseDecided, SecondPersonWanted, ObligationVoid, NothingToExcuse, VersionStale
    ),
)
async def decide_excuse(
    excuse_id: UUID,
    asked: NewDecision,
    transaction: Transaction,
    sight: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> ExcuseView:
    """Accept or reject a request, with a reason. An accepted cause closes the hold and the year counts as 1."""
    excuse, obligation = await commands.decide_excuse(
        transaction,
        excuse_id,
        asked.reason,
        accepted=asked.accepted,
        sight=sight,
        expected=expected,
        at=now,
    )
    tag(response, obligation.version)
    return ExcuseView.of(excuse)
