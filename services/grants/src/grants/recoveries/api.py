"""Routes of payments that were kept apart: listing them, and the decision of two people about one."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlalchemy import Row, Select, select

from grants.account.ledger import EntryKind, payment_conflict
from grants.account.model import AccountNotFound, FundingAccount
from grants.account.views import ConflictView, Resolution
from grants.recoveries import commands
from grants.recoveries.commands import (
    PaymentConflictNotFound,
    PaymentConflictResolved,
    ResolutionNotProposed,
    ResolutionProposedAlready,
    conflict,
    revision_of,
)
from grants.visibility import CurrentSight
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.payments import PaymentAlreadyRecorded
from shared.two_people import SecondPersonWanted

router = Router(prefix="/v1/accounts", tags=["account"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]
Decider = Annotated[Caller, Depends(allowed(Role.OFFICER, Role.APPROVER))]
Insider = Annotated[Caller, Depends(allowed(Role.OFFICER, Role.APPROVER, Role.AUDITOR))]

DECIDING = (AccountNotFound, PaymentConflictNotFound, PaymentConflictResolved)


def _answer(response: Response, row: Row[Any]) -> ConflictView:
    tag(response, revision_of(row))
    return ConflictView.of(row)


@router.get("/{account_id}/payment-conflicts", responses=refusals(AccountNotFound))
async def list_payment_conflicts(
    account_id: UUID,
    session: Reading,
    _: Insider,
    sight: CurrentSight,
    page: WantedPage,
    resolved: Annotated[bool | None, Query(description="Only those decided about, or only those that are not.")] = None,
    kind: EntryKind | None = None,
    agreement_id: UUID | None = None,
) -> Page[ConflictView]:
    """List the payments that were reported under a reference that the account knew, the oldest first."""
    account = await sight.read(session, FundingAccount, account_id, AccountNotFound)
    columns = payment_conflict.c
    statement = select(payment_conflict).where(columns.account_id == account.id)
    if resolved is not None:
        statement = statement.where(columns.resolved_at.is_not(None) if resolved else columns.resolved_at.is_(None))
    if kind is not None:
        statement = statement.where(columns.kind == kind)
    if agreement_id is not None:
        statement = statement.where(columns.agreement_id == agreement_id)
    ordered: Select[Any] = page.of(statement, columns.reported_at, columns.id)
    rows: Sequence[Row[Any]] = (await (await session.connection()).execute(ordered)).all()
    return page.page(rows, lambda row: (row.reported_at, row.id), ConflictView.of)


@router.get(
    "/{account_id}/payment-conflicts/{payment_id}", responses=refusals(AccountNotFound, PaymentConflictNotFound)
)
async def read_payment_conflict(
    account_id: UUID, payment_id: UUID, session: Reading, _: Insider, sight: CurrentSight, response: Response
) -> ConflictView:
    """Show a payment that was kept apart; its ETag is what the decision about it rests on."""
    await sight.read(session, FundingAccount, account_id, AccountNotFound)
    return _answer(response, await conflict(session, account_id, payment_id))


@router.post(
    "/{account_id}/payment-conflicts/{payment_id}/resolution-proposal",
    responses=refusals(*DECIDING, ResolutionProposedAlready, PaymentAlreadyRecorded),
)
async def propose_resolution(
    account_id: UUID,
    payment_id: UUID,
    body: Resolution,
    transaction: Transaction,
    caller: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ConflictView:
    """Propose to enter the payment under its right reference, or to take it for the one recorded first."""
    proposed = await commands.propose_resolution(
        transaction, sight, account_id, payment_id, version=version, bank_reference=body.bank_reference,
        reason=body.reason, at=now, by=caller.subject,
    )  # fmt: skip
    return _answer(response, proposed)


@router.post(
    "/{account_id}/payment-conflicts/{payment_id}/resolution-approval",
    responses=refusals(*DECIDING, ResolutionNotProposed, SecondPersonWanted, PaymentAlreadyRecorded),
)
async def approve_resolution(
    account_id: UUID,
    payment_id: UUID,
    transaction: Transaction,
    caller: Decider,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> ConflictView:
    """Approve what another person proposed; what is to be entered is entered and published."""
    resolved = await commands.approve_resolution(
        transaction, sight, account_id, payment_id, version=version, at=now, by=caller.subject
    )
    return _answer(response, resolved)


@router.post(
    "/{account_id}/payment-conflicts/{payment_id}/resolution-rejection",
    responses=refusals(*DECIDING, ResolutionNotProposed),
)
async def reject_resolution(
    account_id: UUID,
    payment_id: UUID,
    transaction: Transaction,
    _: Decider,
    sight: CurrentSight,
    version: IfMatch,
    response: Response,
) -> ConflictView:
    """End a proposal, one's own or another's; the payment stays apart."""
    ended = await commands.reject_resolution(transaction, sight, account_id, payment_id, version=version)
    return _answer(response, ended)
