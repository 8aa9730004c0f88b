"""Obligations over HTTP: lists, one view with all that happened, evaluation of a period, cancellation."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from obligations.obligations import commands
from obligations.obligations.model import Obligation, ObligationStatus
from obligations.obligations.queries import visible_obligation
from obligations.obligations.refusals import ObligationNotFound
from obligations.obligations.views import (
    NEWEST,
    EvaluationView,
    NewEvaluation,
    ObligationDetails,
    ObligationView,
    next_step,
    view_of,
)
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, RoleNotAllowed, allowed
from shared.calendar.local_days import local_day
from shared.contracts.support import Direction, Measure
from shared.database.columns import columns
from shared.http.etag import tag
from shared.http.history import Happened, about, newest, story_page
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.values.dates import Day
from shared.values.decimals import WholeNumber

router = Router(prefix="/v1", tags=["obligations"])

Reader = Depends(allowed(*READERS))
Officer = Depends(allowed(Role.OFFICER))
Approver = Depends(allowed(Role.APPROVER))

AT_ONCE = 200
"""How many obligations one command evaluates at most."""


@router.get("/obligations", dependencies=[Reader], responses=refusals(RoleNotAllowed))
async def list_obligations(
    session: Reading,
    sight: Seen,
    now: Now,
    wanted: WantedPage,
    agreement_id: Annotated[UUID | None, Query()] = None,
    recipient_id: Annotated[UUID | None, Query()] = None,
    measure: Annotated[Measure | None, Query()] = None,
    direction: Annotated[Direction | None, Query()] = None,
    reporting_year: Annotated[WholeNumber | None, Query(ge=2000, le=2100)] = None,
    status: Annotated[ObligationStatus | None, Query()] = None,
    due_by: Annotated[Day | None, Query(description="Only those whose report is due by this day.")] = None,
) -> Page[ObligationView]:
    """List the obligations that the caller may see, by due day."""
    statement = select(Obligation).where(sight.of(Obligation))
    filters = {
        "agreement_id": agreement_id,
        "recipient_id": recipient_id,
        "measure": measure,
        "direction": direction,
        "reporting_year": reporting_year,
        "status": status,
    }
    for name, value in filters.items():
        if value is not None:
            statement = statement.where(columns(Obligation)[name] == value)
    if due_by is not None:
        statement = statement.where(col(Obligation.due_on) <= due_by)
    rows = (await session.exec(wanted.of(statement, columns(Obligation).due_on, columns(Obligation).id))).all()
    today = local_day(now)
    return wanted.page(rows, lambda one: (one.due_on, one.id), lambda one: ObligationView.of(one, today))


@router.get(
    "/obligations/{obligation_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, ObligationNotFound)
)
async def read_obligation(
    obligation_id: UUID, session: Reading, sight: Seen, now: Now, response: Response
) -> ObligationDetails:
    """Read an obligation with what happened to it last and what is due next."""
    obligation = await visible_obligation(session, obligation_id, sight)
    tag(response, obligation.version)
    today = local_day(now)
    return ObligationDetails.model_validate(
        {
            **view_of(obligation, today),
            "history": await newest(session, about(obligation.id), NEWEST),
            "next": next_step(obligation, today),
        }
    )


@router.get(
    "/obligations/{obligation_id}/history",
    dependencies=[Reader],
    responses=refusals(RoleNotAllowed, ObligationNotFound),
)
async def read_history(obligation_id: UUID, session: Reading, sight: Seen, wanted: WantedPage) -> Page[Happened]:
    """List everything that happened to an obligation, the newest first."""
    obligation = await visible_obligation(session, obligation_id, sight)
    return await story_page(session, wanted, about(obligation.id))


@router.post("/period-evaluations", dependencies=[Officer], responses=refusals(RoleNotAllowed))
async def evaluate_period(asked: NewEvaluation, transaction: Transaction, sight: Seen, now: Now) -> EvaluationView:
    """Evaluate what is due of a whole reporting year of the own institute, some two hundred at once."""
    done, left = await commands.evaluate_period(
        transaction, sight.institute or "", asked.reporting_year, now, at_most=AT_ONCE
    )
    return EvaluationView(reporting_year=asked.reporting_year, evaluated=done, left=left)
