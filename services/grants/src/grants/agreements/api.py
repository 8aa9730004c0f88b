"""Routes of agreements: offers, and the positions that another service asks for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy import select
from sqlmodel import col

from grants.account.model import AccountNotFound, FundsShort
from grants.agreements import commands
from grants.agreements.model import Agreement
from grants.agreements.refusals import (
    AdvanceTooHigh,
    AgreementNotFound,
    IndicatorTwice,
    TargetUndefined,
    TooManyTranches,
    TranchesDoNotSum,
    TranchesOutOfOrder,
    WeightsNotOne,
    YearBeyondCalendar,
    YearsInconsistent,
)
from grants.agreements.views import AgreementState, NewOffer, PositionsView
from grants.applications.refusals import ApplicationContractedAlready, ApplicationNotFound, ApplicationStatusWrong
from grants.calls.model import BudgetExhausted
from grants.visibility import CurrentSight
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.calendar.working_days import CalendarUnknown
from shared.events.positions import positions
from shared.http.etag import tag
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown

router = Router(prefix="/v1/agreements", tags=["agreements"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]
AnotherService = Annotated[Caller, Depends(allowed(Role.SERVICE))]


@router.post(
    "",
    status_code=201,
    responses=refusals(
        ApplicationNotFound, ApplicationStatusWrong, ApplicationContractedAlready, AccountNotFound, FundsShort,
        TranchesDoNotSum, TranchesOutOfOrder, YearsInconsistent, YearBeyondCalendar, TargetUndefined, IndicatorTwice,
        WeightsNotOne,
        TooManyTranches, AdvanceTooHigh, BudgetExhausted, ParameterUnknown, CalendarUnknown,
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
    tag(response, agreement.revision)
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
