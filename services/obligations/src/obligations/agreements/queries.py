"""What is known of an agreement, for those who decide about it and those who read."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.model import Agreement, AgreementFact, Tranche, TrancheStatus
from obligations.agreements.refusals import AgreementNotFound
from obligations.visibility import Sight
from shared.contracts.support import TrancheDisbursed, TrancheReversed
from shared.database.columns import columns
from shared.payments import payment_key


async def agreement_of(session: AsyncSession, agreement_id: UUID) -> Agreement:
    """The agreement, read afresh; raises `AgreementNotFound`."""
    found = await session.get(Agreement, agreement_id, populate_existing=True)
    if found is None:
        raise AgreementNotFound(id=agreement_id)
    return found


async def visible_agreement(session: AsyncSession, agreement_id: UUID, sight: Sight) -> Agreement:
    """The agreement, if the caller may see it; raises `AgreementNotFound`."""
    statement = select(Agreement).where(col(Agreement.id) == agreement_id, sight.of(Agreement))
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise AgreementNotFound(id=agreement_id)
    return found


async def tranches_of(session: AsyncSession, agreement_id: UUID) -> Sequence[Tranche]:
    """All tranches, in order of their numbers."""
    statement = select(Tranche).where(col(Tranche.agreement_id) == agreement_id).order_by(col(Tranche.number))
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


_TOLD = {
    TrancheDisbursed.type: ("disbursement", "disbursed_on"),
    TrancheReversed.type: ("reversal", "reversed_on"),
}
"""The facts that bear a bank's reference: what each says that the payment was, and where it has its day."""


async def payment_told_of(session: AsyncSession, account: str, bank_reference: str) -> dict[str, Any] | None:
    """The payment of a funding service, out or back, that bears the reference in this account; None where none does.

    `account` is institute and measure, `industry/industrial-grant`. What is on its way is not known yet: then the
    funding service keeps the second payment apart.
    """
    data = columns(AgreementFact).data
    statement = select(AgreementFact).where(
        col(AgreementFact.type).in_(_TOLD),
        payment_key(data["bank_reference"].astext) == payment_key(bank_reference),
        func.concat(col(AgreementFact.institute), "/", data["measure"].astext) == account,
    )
    fact = (await session.exec(statement.limit(1))).first()
    if fact is None:
        return None
    kind, day = _TOLD[fact.type]
    return {
        "bank_reference": fact.data["bank_reference"],
        "kind": kind,
        "payment_id": fact.data["tranche_id"],
        "day": fact.data[day],
    }


async def paid_tranches(session: AsyncSession, agreement_id: UUID, by: date | None = None) -> Sequence[Tranche]:
    """The tranches that are paid and not returned, those of the day `by` included, in order of their days."""
    return sorted(
        (
            tranche
            for tranche in await tranches_of(session, agreement_id)
            if tranche.status is TrancheStatus.DISBURSED
            and tranche.disbursed_on is not None
            and (by is None or tranche.disbursed_on <= by)
        ),
        key=lambda tranche: (tranche.disbursed_on, tranche.number),
    )
