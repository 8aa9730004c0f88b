"""Routes of agreements: offers, addenda, lists, and the positions that another service asks for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy import exists, select
from sqlmodel import col
from sqlmodel import select as select_rows

from grants.account.model import AccountNotFound, FundsShort
from grants.agreements import commands
from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.refusals import (
    AgreementNotFound,
    AgreementNotSigned,
    IndicatorTwice,
    NothingAmended,
    TargetUndefined,
    TranchesDoNotSum,
    TranchesOutOfOrder,
    YearClosedForAddendum,
    YearsInconsistent,
)
from grants.agreements.views import AgreementState, AgreementSummary, NewAddendum, NewOffer, PositionsView
from grants.applications.refusals import ApplicationContractedAlready, ApplicationNotFound, ApplicationStatusWrong
from grants.holds.model import hold_cause
from grants.visibility import CurrentSight, columns
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.events.positions import positions
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction

router = Router(prefix="/v1/agreements", tags=["agreements"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]
Approver = Annotated[Caller, Depends(allowed(Role.APPROVER))]
Reader = Annotated[Caller, Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))]
AnotherService = Annotated[Caller, Depends(allowed(Role.SERVICE))]


@router.post(
    "",
    status_code=201,
    responses=refusals(
        ApplicationNotFound, ApplicationStatusWrong, ApplicationContractedAlready, AccountNotFound, FundsShort,
        TranchesDoNotSum, TranchesOutOfOrder, YearsInconsistent, TargetUndefined, IndicatorTwice,
    ),
)  # fmt: skip
async def offer_agreement(
    body: NewOffer, transaction: Transaction, caller: Officer, sight: CurrentSight, now: Now, response: Response
) -> AgreementState:
    """Offer an agreement on an approved application; its money is set aside until it is signed or lapses."""
    agreement = await commands.offer_agreement(
        transaction, sight, body.application_id, body.terms(), at=now, by=caller.subject
    )
    response.headers["Location"] = f"/v1/agreements/{agreement.id}"
    tag(response, agreement.version)
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
    statement = select_rows(Agreement).where(sight.of(Agreement))
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


@router.post(
    "/{agreement_id}/addenda",
    responses=refusals(
        AgreementNotFound, AgreementNotSigned, NothingAmended, YearClosedForAddendum, YearsInconsistent,
        TargetUndefined, IndicatorTwice,
    ),
)  # fmt: skip
async def amend_agreement(
    agreement_id: UUID,
    body: NewAddendum,
    transaction: Transaction,
    _: Approver,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> AgreementState:
    """Conclude an addendum: other counter-obligations for years that are not over, or another rule set."""
    seen = await sight.read(transaction, Agreement, agreement_id, AgreementNotFound)
    known = {term.indicator: term.term_id for term in seen.terms.obligations}
    terms = [obligation.term(list(seen.reporting_years)) for obligation in body.obligations]
    kept = [term.model_copy(update={"term_id": known.get(term.indicator, term.term_id)}) for term in terms]
    agreement = await commands.amend_agreement(
        transaction, sight, agreement_id, kept, body.rule_set, body.reason, version=version, at=now
    )
    tag(response, agreement.version)
    return AgreementState.of(agreement)


@router.get("/{agreement_id}/positions", responses=refusals(AgreementNotFound))
async def read_positions(agreement_id: UUID, session: Reading, _: AnotherService, now: Now) -> PositionsView:
    """Answer another service how far our events about the agreement have come."""
    known = await (await session.connection()).execute(
        select(col(Agreement.id)).where(col(Agreement.id) == agreement_id)
    )
    if known.first() is None:
        raise AgreementNotFound(id=agreement_id)
    found = await positions(session, str(agreement_id))
    shown = [PositionsView.At(aggregate_id=each.aggregate_id, sequence=each.sequence) for each in found]
    return PositionsView(agreement_id=agreement_id, positions=shown, answered_at=now)
