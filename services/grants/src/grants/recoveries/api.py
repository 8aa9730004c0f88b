"""The route by which an officer decides about a payment that was kept apart."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from grants.account.api import account_view
from grants.account.model import AccountNotFound
from grants.account.views import AccountView, Resolution
from grants.recoveries.commands import PaymentConflictNotFound, PaymentConflictResolved, resolve_conflict
from grants.visibility import CurrentSight
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Transaction
from shared.payments import PaymentAlreadyRecorded

router = Router(prefix="/v1/accounts", tags=["account"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]


@router.post(
    "/{account_id}/payment-conflicts/{payment_id}/resolution",
    responses=refusals(AccountNotFound, PaymentConflictNotFound, PaymentConflictResolved, PaymentAlreadyRecorded),
)
async def resolve_payment_conflict(
    account_id: UUID,
    payment_id: UUID,
    body: Resolution,
    transaction: Transaction,
    caller: Officer,
    sight: CurrentSight,
    now: Now,
) -> AccountView:
    """Enter the payment under its right reference, or note that it is the one recorded first."""
    account = await resolve_conflict(
        transaction, sight, account_id, payment_id, bank_reference=body.bank_reference, reason=body.reason, at=now,
        by=caller.subject,
    )  # fmt: skip
    return await account_view(transaction, account)
