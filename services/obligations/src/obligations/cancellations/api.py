"""Routes of cancellations: one officer proposes to void an obligation, an approver voids it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from obligations.cancellations import commands
from obligations.cancellations.model import Cancellation, CancellationStatus
from obligations.cancellations.refusals import (
    CancellationAlreadyProposed,
    CancellationNotProposed,
    ObligationChangedSince,
)
from obligations.obligations.queries import visible_obligation
from obligations.obligations.refusals import ObligationNotFound, ObligationVoid
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

router = Router(prefix="/v1", tags=["cancellations"])

Reader = Depends(allowed(*READERS))
Officer = Depends(allowed(Role.OFFICER))
Approver = Depends(allowed(Role.APPROVER))


class NewCancellation(BaseModel):
    """Why the obligation is void."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class CancellationView(BaseModel):
    """A proposal to void an obligation as it stood at a version, and who stood for it."""

    cancellation_id: UUID
    obligation_id: UUID
    obligation_version: int
    status: CancellationStatus
    reason: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    void_reason: str | None

    @classmethod
    def of(cls, cancellation: Cancellation) -> Self:
        """The view of a cancellation."""
        stored = cancellation.model_dump(include=set(cls.model_fields))
        return cls.model_validate({**stored, "cancellation_id": cancellation.id})


@router.post(
    "/obligations/{obligation_id}/cancellation-proposal",
    status_code=201,
    dependencies=[Officer],
    responses=refusals(RoleNotAllowed, ObligationNotFound, ObligationVoid, CancellationAlreadyProposed, VersionStale),
)
async def propose_cancellation(
    obligation_id: UUID,
    proposed: NewCancellation,
    transaction: Transaction,
    sight: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> CancellationView:
    """Propose to void an obligation that was opened in error, as it stands. Nothing changes until it is approved."""
    cancellation, obligation = await commands.propose_cancellation(
        transaction, obligation_id, proposed.reason, sight=sight, expected=expected, at=now
    )
    tag(response, obligation.version)
    return CancellationView.of(cancellation)


@router.post(
    "/obligations/{obligation_id}/cancellation-approval",
    dependencies=[Approver],
    responses=refusals(
        RoleNotAllowed,
        ObligationNotFound,
        ObligationVoid,
        CancellationNotProposed,
        ObligationChangedSince,
        SecondPersonWanted,
        VersionStale,
    ),
)
async def approve_cancellation(
    obligation_id: UUID, transaction: Transaction, sight: Seen, expected: IfMatch, now: Now, response: Response
) -> CancellationView:
    """Void what another proposed to void. It holds no payment any longer, and its claim is made anew."""
    cancellation, obligation = await commands.approve_cancellation(
        transaction, obligation_id, sight=sight, expected=expected, at=now
    )
    tag(response, obligation.version)
    return CancellationView.of(cancellation)


@router.get(
    "/obligations/{obligation_id}/cancellations",
    dependencies=[Reader],
    responses=refusals(RoleNotAllowed, ObligationNotFound),
)
async def list_cancellations(
    obligation_id: UUID, session: Reading, sight: Seen, page: WantedPage
) -> Page[CancellationView]:
    """List the proposals to void an obligation, as they were made."""
    obligation = await visible_obligation(session, obligation_id, sight)
    statement = select(Cancellation).where(col(Cancellation.obligation_id) == obligation.id)
    keys = columns(Cancellation)
    rows = (await session.exec(page.of(statement, keys.proposed_at, keys.id))).all()
    return page.page(rows, lambda one: (one.proposed_at, one.id), CancellationView.of)
