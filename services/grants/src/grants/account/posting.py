"""Entering into the ledger: the account locked, the standing read, the entry and its lines stored together."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, insert, select
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind, Side, Standing, ledger_balance, ledger_entry, ledger_posting
from grants.account.model import AccountNotFound, FundingAccount
from grants.account.rules import Line, lines_of
from shared.contracts.event import Event
from shared.database.loading import load
from shared.events.delivery import Delivery
from shared.events.work import work_of
from shared.identity import new_id
from shared.payments import PaymentAlreadyRecorded, payment_key
from shared.record import AggregateRecord


@dataclass(frozen=True, slots=True)
class Cause:
    """The event on which an entry rests: its type, the aggregate that it is about, its sequence there."""

    type: str
    subject: UUID
    sequence: int

    @classmethod
    def published(cls, event: Event, aggregate: AggregateRecord) -> "Cause":
        """The event that the aggregate has just published."""
        return cls(event.type, aggregate.id, aggregate.version)

    @classmethod
    def delivered(cls, delivery: Delivery) -> "Cause":
        """The event that is being handled."""
        return cls(delivery.envelope.type, delivery.envelope.subject, delivery.envelope.sequence)


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry to be made: tenge above zero, the local day on which it took effect, and what it rests on."""

    kind: EntryKind
    amount: Decimal
    on: date
    cause: Cause
    agreement_id: UUID | None = None
    tranche_id: UUID | None = None
    claim_id: UUID | None = None
    bank_reference: str | None = None
    act: str | None = None


async def lock_account(session: AsyncSession, account_id: UUID) -> FundingAccount:
    """The account, locked: the last lock that a transaction takes."""
    return await load(session, FundingAccount, account_id, AccountNotFound)


async def account_of(session: AsyncSession, institute: str) -> FundingAccount:
    """The institute's account for industrial grants, not locked; raises `AccountNotFound`."""
    statement = select_rows(FundingAccount).where(col(FundingAccount.institute) == institute)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise AccountNotFound(id=institute)
    return found


async def standing_of(session: AsyncSession, account_id: UUID, holder_id: UUID | None = None) -> Standing:
    """What the account stands at; with `holder_id`, what one agreement stands at in it."""
    columns = ledger_balance.c
    statement = select(columns.side, func.sum(columns.amount)).where(columns.account_id == account_id)
    if holder_id is not None:
        statement = statement.where(columns.holder_id == holder_id)
    connection = await session.connection()
    return standing_from((await connection.execute(statement.group_by(columns.side))).all())


def standing_from(rows: Any) -> Standing:
    """The standing of rows of side and balance; sources are turned so that every figure is zero or more."""
    found = {Side(side): Decimal(amount) for side, amount in rows}
    zero = Decimal("0.00")
    return Standing(
        allocated=-found.get(Side.BUDGET, zero) + zero,
        free=found.get(Side.FREE, zero),
        committed=found.get(Side.COMMITTED, zero),
        disbursed=found.get(Side.DISBURSED, zero),
        returned=-found.get(Side.RETURNED, zero) + zero,
        uncovered=-found.get(Side.UNCOVERED, zero) + zero,
    )


async def payment_recorded(session: AsyncSession, account: FundingAccount, reference: str) -> Row[Any] | None:
    """The entry that bears the bank's reference already, or none."""
    statement = select(ledger_entry).where(
        ledger_entry.c.account_id == account.id,
        payment_key(ledger_entry.c.bank_reference) == payment_key(reference),
    )
    return (await (await session.connection()).execute(statement)).first()


async def require_unrecorded(session: AsyncSession, account: FundingAccount, reference: str) -> None:
    """Raise `PaymentAlreadyRecorded`, which names the first recording, where the account knows the reference.

    The account is locked, so that no other transaction can record it meanwhile.
    """
    first = await payment_recorded(session, account, reference)
    if first is not None:
        raise PaymentAlreadyRecorded(
            bank_reference=first.bank_reference, kind=first.kind, payment_id=first.id, day=first.effective_on
        )


async def enter(session: AsyncSession, account: FundingAccount, movement: Movement) -> UUID:
    """Make the entry in the locked account; answers its id."""
    standing = await standing_of(session, account.id)
    year = account.fiscal_year(movement.on)
    lines = lines_of(movement.kind, movement.amount, standing, year)
    return await store_entry(session, account, movement, lines, year)


async def store_entry(
    session: AsyncSession, account: FundingAccount, movement: Movement, lines: tuple[Line, ...], year: int
) -> UUID:
    """Number the entry and store it with its lines; the database holds that they balance."""
    account.entries += 1
    session.add(account)
    await session.flush()
    work = work_of(session)
    entry_id = new_id()
    connection = await session.connection()
    await connection.execute(
        insert(ledger_entry).values(
            id=entry_id, account_id=account.id, number=account.entries, kind=movement.kind, amount=movement.amount,
            effective_on=movement.on, fiscal_year=year, agreement_id=movement.agreement_id,
            tranche_id=movement.tranche_id, claim_id=movement.claim_id, bank_reference=movement.bank_reference,
            act=movement.act, rests_on=movement.cause.type, rests_on_id=movement.cause.subject,
            rests_on_sequence=movement.cause.sequence, recorded_at=work.at, recorded_by=work.actor,
        )
    )  # fmt: skip
    await connection.execute(
        insert(ledger_posting),
        [
            {"entry_id": entry_id, "line": number, "kind": movement.kind, "side": line.side,
             "fiscal_year": line.year, "amount": line.amount}
            for number, line in enumerate(lines, start=1)
        ],
    )  # fmt: skip
    return entry_id


async def free_of_year(session: AsyncSession, account: FundingAccount, year: int) -> Decimal:
    """The free balance of a fiscal year, in tenge: what its postings leave on the side `free`."""
    statement = (
        select(func.coalesce(func.sum(case((ledger_posting.c.side == Side.FREE, ledger_posting.c.amount))), 0))
        .select_from(ledger_posting.join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry_id))
        .where(ledger_entry.c.account_id == account.id, ledger_posting.c.fiscal_year == year)
    )
    return Decimal((await (await session.connection()).execute(statement)).scalar_one()).quantize(Decimal("0.01"))
