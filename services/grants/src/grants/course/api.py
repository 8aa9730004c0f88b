"""Routes of an agreement's course: signature, completion, the list, the one view, the history."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy import exists
from sqlmodel import col, select

from grants.agreements.eligibility import NoLongerEligible
from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.refusals import (
    AgreementNotFound,
    AgreementNotOffered,
    AgreementNotSigned,
    AgreementUnsettled,
    SignatureTooLate,
)
from grants.agreements.views import AgreementState, AgreementSummary
from grants.course import commands
from grants.course.dossier import Dossier, dossier
from grants.holds.model import hold_cause
from grants.visibility import CurrentSight
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.calendar.local_days import local_day
from shared.calendar.working_days import CalendarUnknown
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.history import Happened, story_page, under
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown

router = Router(prefix="/v1/agreements", tags=["agreements"])

Applicant = Annotated[Caller, Depends(allowed(Role.APPLICANT))]
Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]
Reader = Annotated[Caller, Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))]


def _answer(response: Response, agreement: Agreement) -> AgreementState:
    tag(response, agreement.revision)
    return AgreementState.of(agreement)


@router.get("")
async def list_agreements(
    session: Reading,
    _: Reader,
    sight: CurrentSight,
    page: WantedPage,
    status: AgreementStatus | None = None,
    recipient_id: UUID | None = None,
    application_id: UUID | None = None,
    held: bool | None = None,
) -> Page[AgreementSummary]:
    """List agreements, the newest first; `held` asks for those of which a cause of a hold is open, or is not."""
    statement = select(Agreement).where(sight.of(Agreement))
    if status is not None:
        statement = statement.where(col(Agreement.status) == status)
    if recipient_id is not None:
        statement = statement.where(col(Agreement.recipient_id) == recipient_id)
    if application_id is not None:
        statement = statement.where(col(Agreement.application_id) == application_id)
    if held is not None:
        cause = exists().where(hold_cause.c.agreement_id == col(Agreement.id), hold_cause.c.is_open)
        statement = statement.where(cause if held else ~cause)
    rows = (await session.exec(page.of(statement, columns(Agreement).id, descending=True))).all()
    return page.page(rows, lambda agreement: (agreement.id,), AgreementSummary.of)


@router.get("/{agreement_id}", responses=refusals(AgreementNotFound))
async def read_agreement(
    agreement_id: UUID, session: Reading, _: Reader, sight: CurrentSight, now: Now, response: Response
) -> Dossier:
    """Show an agreement and everything under it; its ETag is what an officer's decision rests on."""
    agreement = await sight.read(session, Agreement, agreement_id, AgreementNotFound)
    tag(response, agreement.revision)
    return await dossier(session, agreement, local_day(now))


@router.get("/{agreement_id}/history", responses=refusals(AgreementNotFound))
async def read_history(
    agreement_id: UUID, session: Reading, _: Reader, sight: CurrentSight, page: WantedPage
) -> Page[Happened]:
    """List everything that happened under the agreement, the newest first."""
    agreement = await sight.read(session, Agreement, agreement_id, AgreementNotFound)
    return await story_page(session, page, under(agreement.id))


@router.post(
    "/{agreement_id}/signature",
    responses=refusals(
        AgreementNotFound, AgreementNotOffered, SignatureTooLate, NoLongerEligible, ParameterUnknown, CalendarUnknown
    ),
)
async def sign_agreement(
    agreement_id: UUID,
    transaction: Transaction,
    caller: Applicant,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> AgreementState:
    """Sign the agreement, until the end of the offer's last day."""
    agreement = await commands.sign_agreement(
        transaction, sight, agreement_id, version=version, at=now, by=caller.subject
    )
    return _answer(response, agreement)


@router.post(
    "/{agreement_id}/completion", responses=refusals(AgreementNotFound, AgreementNotSigned, AgreementUnsettled)
)
async def complete_agreement(
    agreement_id: UUID,
    transaction: Transaction,
    _: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> AgreementState:
    """Close an agreement of which everything is done."""
    agreement = await commands.complete_agreement(transaction, sight, agreement_id, version=version, at=now)
    return _answer(response, agreement)
