"""Routes of changes: requests of the recipient, addenda, termination; a proposal, and another person's approval."""

from uuid import UUID

from fastapi import Depends, Response
from sqlmodel import select

from grants.agreements.model import Agreement
from grants.agreements.refusals import (
    AgreementNotFound,
    AgreementNotSigned,
    IndicatorTwice,
    NothingAmended,
    TargetUndefined,
    TranchesOutOfOrder,
    WeightsNotOne,
    YearClosedForAddendum,
    YearsInconsistent,
)
from grants.agreements.terms import identified
from grants.applications.refusals import BudgetLineOverdrawn, ItemNotEligible, ShareTooHigh
from grants.changes import commands
from grants.changes import refusals as no
from grants.changes.content import ChangeKind, Ending, OtherObligations
from grants.changes.model import Change, ChangeStatus
from grants.changes.views import ChangeRequest, ChangeView, NewAddendum, Reason
from grants.tranches.refusals import PlannedInThePast, TrancheNotPlanned
from grants.visibility import CurrentSight
from shared.access.callers import allowed
from shared.access.roles import Role
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference.refusals import ParameterUnknown
from shared.two_people import SecondPersonWanted

router = Router(prefix="/v1", tags=["changes"])

applicant = Depends(allowed(Role.APPLICANT))
officer = Depends(allowed(Role.OFFICER))
approver = Depends(allowed(Role.APPROVER))
institute = Depends(allowed(Role.OFFICER, Role.APPROVER))
reader = Depends(allowed(Role.APPLICANT, Role.OFFICER, Role.APPROVER, Role.AUDITOR))

AGREEMENT = (AgreementNotFound, AgreementNotSigned, no.ChangeOpenAlready, NothingAmended)
OBLIGATIONS = (YearClosedForAddendum, YearsInconsistent, TargetUndefined, IndicatorTwice, WeightsNotOne)
PLAN = (
    no.TrancheOfAnother, TrancheNotPlanned, PlannedInThePast, TranchesOutOfOrder, ItemNotEligible, BudgetLineOverdrawn,
    no.BudgetLinesOffGrant, ShareTooHigh, ParameterUnknown,
)  # fmt: skip


def _answer(response: Response, change: Change, *, made: bool = False) -> ChangeView:
    tag(response, change.revision)
    if made:
        response.headers["Location"] = f"/v1/changes/{change.id}"
    return ChangeView.of(change)


@router.post(
    "/agreements/{agreement_id}/change-requests",
    status_code=201,
    dependencies=[applicant],
    responses=refusals(*AGREEMENT, *PLAN),
)
async def request_change(
    agreement_id: UUID,
    body: ChangeRequest,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ChangeView:
    """Ask for another schedule of the tranches, or for other budget lines."""
    change = await commands.request_change(
        transaction, sight, agreement_id, body.change, body.reason, version=version, at=now
    )
    return _answer(response, change, made=True)


@router.post(
    "/agreements/{agreement_id}/addenda",
    status_code=201,
    dependencies=[officer],
    responses=refusals(*AGREEMENT, *OBLIGATIONS),
)
async def propose_addendum(
    agreement_id: UUID,
    body: NewAddendum,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ChangeView:
    """Propose an addendum: other counter-obligations for years that are not over, or another rule set."""
    seen = await sight.read(transaction, Agreement, agreement_id, AgreementNotFound)
    terms = [obligation.term(list(seen.reporting_years)) for obligation in body.obligations]
    kept = identified(terms, seen.terms.obligations)
    wanted = OtherObligations(obligations=tuple(kept), rule_set=body.rule_set)
    change = await commands.propose_change(
        transaction, sight, agreement_id, wanted, body.reason, version=version, at=now
    )
    return _answer(response, change, made=True)


@router.post(
    "/agreements/{agreement_id}/termination",
    status_code=201,
    dependencies=[officer],
    responses=refusals(AgreementNotFound, AgreementNotSigned, no.ChangeOpenAlready),
)
async def propose_termination(
    agreement_id: UUID,
    body: Reason,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ChangeView:
    """Propose to end the agreement before its time; approved, it cancels the tranches that are not paid."""
    change = await commands.propose_change(
        transaction, sight, agreement_id, Ending(), body.reason, version=version, at=now
    )
    return _answer(response, change, made=True)


@router.get("/changes", dependencies=[reader])
async def list_changes(
    session: Reading,
    sight: CurrentSight,
    page: WantedPage,
    agreement_id: UUID | None = None,
    kind: ChangeKind | None = None,
    status: ChangeStatus | None = None,
) -> Page[ChangeView]:
    """List changes of agreements, the newest first."""
    statement = select(Change).where(sight.of(Change))
    for name, wanted in (("agreement_id", agreement_id), ("kind", kind), ("status", status)):
        if wanted is not None:
            statement = statement.where(columns(Change)[name] == wanted)
    rows = (await session.exec(page.of(statement, columns(Change).id, descending=True))).all()
    return page.page(rows, lambda change: (change.id,), ChangeView.of)


@router.get("/changes/{change_id}", dependencies=[reader], responses=refusals(no.ChangeNotFound))
async def read_change(change_id: UUID, session: Reading, sight: CurrentSight, response: Response) -> ChangeView:
    """Show a change; its ETag is what a decision rests on."""
    return _answer(response, await sight.read(session, Change, change_id, no.ChangeNotFound))


@router.post(
    "/changes/{change_id}/proposal",
    dependencies=[officer],
    responses=refusals(no.ChangeNotFound, no.ChangeNotRequested, AgreementNotSigned, NothingAmended, *PLAN),
)
async def propose_request(
    change_id: UUID, transaction: Transaction, sight: CurrentSight, version: IfMatch, now: Now, response: Response
) -> ChangeView:
    """Take the recipient's request up: the first of two people."""
    return _answer(response, await commands.propose_request(transaction, sight, change_id, version=version, at=now))


@router.post(
    "/changes/{change_id}/approval",
    dependencies=[approver],
    responses=refusals(
        no.ChangeNotFound, no.ChangeNotProposed, SecondPersonWanted, AgreementNotSigned, NothingAmended, *OBLIGATIONS,
        *PLAN,
    ),
)  # fmt: skip
async def approve_change(
    change_id: UUID, transaction: Transaction, sight: CurrentSight, version: IfMatch, now: Now, response: Response
) -> ChangeView:
    """Approve what another person proposed: it takes effect at once."""
    return _answer(response, await commands.approve_change(transaction, sight, change_id, version=version, at=now))


@router.post(
    "/changes/{change_id}/refusal",
    dependencies=[institute],
    responses=refusals(no.ChangeNotFound, no.ChangeClosed),
)
async def refuse_change(
    change_id: UUID,
    body: Reason,
    transaction: Transaction,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ChangeView:
    """Say no to a change, whoever asked for it."""
    change = await commands.refuse_change(transaction, sight, change_id, body.reason, version=version, at=now)
    return _answer(response, change)


@router.post(
    "/changes/{change_id}/withdrawal",
    dependencies=[applicant],
    responses=refusals(no.ChangeNotFound, no.ChangeClosed, no.WithdrawalByAnother),
)
async def withdraw_change(
    change_id: UUID, transaction: Transaction, sight: CurrentSight, version: IfMatch, now: Now, response: Response
) -> ChangeView:
    """Take one's own request back, as long as it is not decided."""
    return _answer(response, await commands.withdraw_change(transaction, sight, change_id, version=version, at=now))
