"""Money paid under an agreement, as recovery has heard of it: what all principals together may never exceed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Uuid
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.record import Entry
from shared.contracts.support import TrancheDisbursed, TrancheReversed
from shared.database.columns import Tenge


class Disbursement(Entry, table=True):
    """A tranche that was paid, in tenge, on a local day; reversed, it counts as never paid.

    Kept by the consumer that derives the claims, in the transaction that derives them, so that the database can hold
    the bound: the principals of all years' claims never exceed what was paid.
    """

    __tablename__ = "disbursement"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount_not_negative"),)

    tranche_id: UUID = Field(primary_key=True, sa_type=Uuid)
    agreement_id: UUID = Field(sa_type=Uuid, index=True)
    number: int
    amount: Decimal = Field(sa_type=Tenge)
    disbursed_on: date
    event_id: UUID = Field(sa_type=Uuid)
    reversed_on: date | None = None
    reversal_event_id: UUID | None = Field(default=None, sa_type=Uuid)


async def record_disbursement(session: AsyncSession, event: TrancheDisbursed, event_id: UUID) -> None:
    """Record that a tranche was paid, for the first time or again after the bank had returned it."""
    paid = {
        "agreement_id": event.agreement_id,
        "number": event.number,
        "amount": event.amount,
        "disbursed_on": event.disbursed_on,
        "event_id": event_id,
        "reversed_on": None,
        "reversal_event_id": None,
    }
    statement = insert(Disbursement).values(tranche_id=event.tranche_id, **paid)
    statement = statement.on_conflict_do_update(index_elements=["tranche_id"], set_=paid)
    await (await session.connection()).execute(statement)


async def record_reversal(session: AsyncSession, event: TrancheReversed, event_id: UUID) -> None:
    """Record that the bank returned a tranche."""
    await (await session.connection()).execute(
        update(Disbursement)
        .where(col(Disbursement.tranche_id) == event.tranche_id, col(Disbursement.reversed_on).is_(None))
        .values(reversed_on=event.reversed_on, reversal_event_id=event_id)
    )


async def disbursements_of(session: AsyncSession, agreement_id: UUID) -> list[Disbursement]:
    """What was paid under an agreement, reversed or not, in the order of days and numbers."""
    statement = (
        select(Disbursement)
        .where(col(Disbursement.agreement_id) == agreement_id)
        .order_by(col(Disbursement.disbursed_on), col(Disbursement.number))
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(statement)).all())
