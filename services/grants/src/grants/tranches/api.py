"""Routes of tranches: requested by the recipient, proposed and approved by two people, paid, cancelled, reversed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from sqlmodel import col, select

from grants.account.model import FundsShort
from grants.agreements.eligibility import NoLongerEligible
from grants.agreements.refusals import AgreementNotSigned
from grants.clearance.answer import Clearance, ClearanceStale, DisbursementNotCleared
from grants.clearance.question import Obligations
from grants.holds.refusals import AgreementOnHold
from grants.tranches import commands, views
from grants.tranches import refusals as no
from grants.tranches.model import Tranche, TrancheStatus
from grants.tranches.views import TrancheView
from grants.visibility import CurrentSight
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.calendar.local_days import local_day
from shared.calendar.working_days import CalendarUnknown
from shared.database.columns import columns
from shared.events.positions import positions
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.payments import PaymentAlreadyRecorded, PaymentInFuture
from shared.reference.refusals import ParameterUnknown
from shared.two_people import SecondPersonWanted
from shared.values.dates import Day

router = Router(prefix="/v1/tranches", tags=["tranches"])

Applicant = Annotated[Caller, Depends(allowed(Role.APPLICANT))]
Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]
Approver = Annotated[Caller, Depends(allowed(Role.APPROVER))]
Reader = Annotated[Caller, Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))]


TERM = (ParameterUnknown, CalendarUnknown)


async def cleared(
    tranche_id: UUID, request: Request, _: Officer, sight: CurrentSight, obligations: Obligations
) -> Clearance | None:
    """What obligations says, asked before the command's transaction begins; none where there is no such tranche.

    The answer is a value: a no is said inside the command, so that the repetition of a payment already made is
    answered as it was, whatever obligations says by then.
    """
    async with request.app.state.database.sessions() as session:
        found = (await session.exec(select(Tranche).where(col(Tranche.id) == tranche_id, sight.of(Tranche)))).first()
        seen = [] if found is None else await positions(session, str(found.agreement_id))
    return None if found is None else await obligations.ask(found.agreement_id, seen)


Cleared = Annotated[Clearance | None, Depends(cleared)]


def _answer(response: Response, tranche: Tranche, now: datetime) -> TrancheView:
    tag(response, tranche.revision)
    return TrancheView.of(tranche, local_day(now))


@router.get("")
async def list_tranches(
    session: Reading,
    _: Reader,
    sight: CurrentSight,
    page: WantedPage,
    now: Now,
    status: TrancheStatus | None = None,
    agreement_id: UUID | None = None,
    planned_until: Annotated[Day | None, Query(description="Planned on this local day or before.")] = None,
    due_until: Annotated[Day | None, Query(description="To be reviewed or paid by this local day or before.")] = None,
) -> Page[TrancheView]:
    """List tranches by the day for which they are planned."""
    statement = select(Tranche).where(sight.of(Tranche))
    if status is not None:
        statement = statement.where(col(Tranche.status) == status)
    if agreement_id is not None:
        statement = statement.where(col(Tranche.agreement_id) == agreement_id)
    if planned_until is not None:
        statement = statement.where(col(Tranche.planned_on) <= planned_until)
    if due_until is not None:
        statement = statement.where(col(Tranche.due_on) <= due_until)
    today = local_day(now)
    rows = (await session.exec(page.of(statement, columns(Tranche).planned_on, columns(Tranche).id))).all()
    return page.page(
        rows, lambda tranche: (tranche.planned_on, tranche.id), lambda tranche: TrancheView.of(tranche, today)
    )


@router.get("/{tranche_id}", responses=refusals(no.TrancheNotFound))
async def read_tranche(
    tranche_id: UUID, session: Reading, _: Reader, sight: CurrentSight, now: Now, response: Response
) -> TrancheView:
    """Show a tranche; its ETag is what an officer's decision rests on."""
    return _answer(response, await sight.read(session, Tranche, tranche_id, no.TrancheNotFound), now)


@router.post(
    "/{tranche_id}/request",
    responses=refusals(no.TrancheNotFound, AgreementNotSigned, no.TrancheNotPlanned, no.DocumentRepeated, *TERM),
)
async def request_tranche(
    tranche_id: UUID,
    body: views.TrancheRequest,
    transaction: Transaction,
    _: Applicant,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Ask for the tranche with its documents; other documents later void a proposal made meanwhile."""
    tranche = await commands.request_tranche(transaction, sight, tranche_id, body.read(), version=version, at=now)
    return _answer(response, tranche, now)


@router.post(
    "/{tranche_id}/proposal",
    responses=refusals(no.TrancheNotFound, AgreementNotSigned, no.TrancheNotRequested, no.ProposedAlready),
)
async def propose_tranche(
    tranche_id: UUID,
    transaction: Transaction,
    caller: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Propose the payment: the first of two people."""
    tranche = await commands.propose_tranche(transaction, sight, tranche_id, version=version, at=now, by=caller.subject)
    return _answer(response, tranche, now)


@router.post(
    "/{tranche_id}/approval",
    responses=refusals(
        no.TrancheNotFound, AgreementNotSigned, AgreementOnHold, no.TrancheNotRequested, no.TrancheNotProposed,
        SecondPersonWanted, no.ContentChanged, NoLongerEligible, *TERM,
    ),
)  # fmt: skip
async def approve_tranche(
    tranche_id: UUID,
    body: views.Approval,
    transaction: Transaction,
    caller: Approver,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Approve exactly what another person proposed."""
    tranche = await commands.approve_tranche(
        transaction, sight, tranche_id, body.content, version=version, at=now, by=caller.subject
    )
    return _answer(response, tranche, now)


@router.post(
    "/{tranche_id}/disbursement",
    responses=refusals(
        no.TrancheNotFound, AgreementNotSigned, no.TrancheNotApproved, AgreementOnHold, DisbursementNotCleared,
        ClearanceStale, PaymentAlreadyRecorded, PaymentInFuture, no.PaidBeforeSignature, NoLongerEligible,
    ),
)  # fmt: skip
async def disburse_tranche(
    tranche_id: UUID,
    body: views.Disbursement,
    clearance: Cleared,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Record that the bank paid the tranche; obligations is asked before whether a breach is on its way."""
    if clearance is None:
        raise no.TrancheNotFound(id=tranche_id)
    tranche = await commands.disburse_tranche(
        transaction, sight, tranche_id, clearance, version=version, on=body.disbursed_on,
        bank_reference=body.bank_reference, at=now,
    )  # fmt: skip
    return _answer(response, tranche, now)


@router.post(
    "/{tranche_id}/reversal",
    responses=refusals(
        no.TrancheNotFound, no.TrancheNotDisbursed, PaymentAlreadyRecorded, PaymentInFuture, no.ReversedBeforePaid
    ),
)
async def reverse_tranche(
    tranche_id: UUID,
    body: views.Reversal,
    transaction: Transaction,
    _: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Record that the bank returned the payment: it counts as never made, and the money is free again."""
    tranche = await commands.reverse_tranche(
        transaction, sight, tranche_id, version=version, on=body.reversed_on, bank_reference=body.bank_reference,
        reason=body.reason, at=now,
    )  # fmt: skip
    return _answer(response, tranche, now)


@router.post(
    "/{tranche_id}/cancellation",
    responses=refusals(no.TrancheNotFound, AgreementNotSigned, no.TrancheNotCancellable),
)
async def cancel_tranche(
    tranche_id: UUID,
    body: views.Cancellation,
    transaction: Transaction,
    _: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Give up a tranche that is not paid; its commitment is released."""
    tranche = await commands.cancel_tranche(transaction, sight, tranche_id, version=version, reason=body.reason, at=now)
    return _answer(response, tranche, now)


@router.post(
    "/{tranche_id}/replacement",
    status_code=201,
    responses=refusals(
        no.TrancheNotFound, AgreementNotSigned, no.TrancheNotReversed, no.TrancheReplacedAlready, no.PlannedInThePast,
        FundsShort,
    ),
)  # fmt: skip
async def replace_tranche(
    tranche_id: UUID,
    body: views.Replacement,
    transaction: Transaction,
    _: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> TrancheView:
    """Plan a tranche that the bank returned anew, as one more of the same amount."""
    tranche = await commands.replace_tranche(
        transaction, sight, tranche_id, version=version, planned_on=body.planned_on, at=now
    )
    response.headers["Location"] = f"/v1/tranches/{tranche.id}"
    return _answer(response, tranche, now)
