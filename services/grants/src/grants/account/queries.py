"""Reads of the funding account: balances as of a day, entries with what they rest on, payments kept apart."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind, Side, Standing, ledger_entry, ledger_posting, payment_conflict
from grants.account.posting import standing_from
from shared.http.pages import PageRequest


async def standing_as_of(
    session: AsyncSession, account_id: UUID, day: date, agreement_id: UUID | None = None
) -> Standing:
    """What the account, or one agreement in it, stood at at the end of a local day, by the days of effect."""
    statement = (
        select(ledger_posting.c.side, func.sum(ledger_posting.c.amount))
        .select_from(ledger_posting.join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry_id))
        .where(ledger_entry.c.account_id == account_id, ledger_entry.c.effective_on <= day)
        .group_by(ledger_posting.c.side)
    )
    if agreement_id is not None:
        own = (Side.COMMITTED, Side.DISBURSED, Side.RETURNED)
        statement = statement.where(ledger_entry.c.agreement_id == agreement_id, ledger_posting.c.side.in_(own))
    return standing_from((await (await session.connection()).execute(statement)).all())


def entries_of(
    account_id: UUID,
    kind: EntryKind | None = None,
    agreement_id: UUID | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> Select[Any]:
    """The entries of the account that fit the filters; days of effect, both included."""
    statement = select(ledger_entry).where(ledger_entry.c.account_id == account_id)
    if kind is not None:
        statement = statement.where(ledger_entry.c.kind == kind)
    if agreement_id is not None:
        statement = statement.where(ledger_entry.c.agreement_id == agreement_id)
    if from_day is not None:
        statement = statement.where(ledger_entry.c.effective_on >= from_day)
    if to_day is not None:
        statement = statement.where(ledger_entry.c.effective_on <= to_day)
    return statement


async def entry_page(session: AsyncSession, page: PageRequest, statement: Select[Any]) -> Sequence[Row[Any]]:
    """The entries of a page, the newest first."""
    ordered: Select[Any] = page.of(statement, ledger_entry.c.number, descending=True)
    rows: Sequence[Row[Any]] = (await (await session.connection()).execute(ordered)).all()
    return rows


async def lines_of_entries(session: AsyncSession, entry_ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """The postings of these entries, in their order."""
    statement = select(ledger_posting).where(ledger_posting.c.entry_id.in_(entry_ids))
    ordered = statement.order_by(ledger_posting.c.entry_id, ledger_posting.c.line)
    found: dict[UUID, list[Row[Any]]] = {entry_id: [] for entry_id in entry_ids}
    for row in (await (await session.connection()).execute(ordered)).all():
        found[row.entry_id].append(row)
    return found


async def payments_apart(session: AsyncSession, account_id: UUID) -> int:
    """How many payments were reported under a known reference and have not been decided about."""
    statement = select(func.count()).where(
        payment_conflict.c.account_id == account_id, payment_conflict.c.resolved_at.is_(None)
    )
    return int((await (await session.connection()).execute(statement)).scalar_one())


async def payments_apart_of(session: AsyncSession, agreement_id: UUID, most: int) -> Sequence[Row[Any]]:
    """The payments under an agreement that were kept apart: those to be decided about first, then the newest."""
    columns = payment_conflict.c
    statement = select(payment_conflict).where(columns.agreement_id == agreement_id)
    ordered = statement.order_by(columns.resolved_at.is_not(None), columns.reported_at.desc(), columns.id).limit(most)
    return (await (await session.connection()).execute(ordered)).all()
