"""Taking and freeing cost documents, one after the other in the order of their keys: of two requests one wins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.documents.keys import DocumentKey
from export_support.documents.refusals import (
    DocumentExceeded,
    DocumentHeld,
    DocumentHeldElsewhere,
    DocumentStatedOtherwise,
)
from export_support.documents.tables import cost_document, cost_document_use
from shared.reference.lookup import rows_of


@dataclass(frozen=True, slots=True)
class Use:
    """What a line asks of a document, with the document as the line states it; amounts in its currency."""

    line_id: UUID
    key: DocumentKey
    supplier: str
    number: str
    on: date
    currency: str
    total: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as signed requests left it."""

    currency: str
    total: Decimal
    left: Decimal


async def standing_of(
    session: AsyncSession, keys: Collection[str], *, but: UUID | None = None
) -> Mapping[str, Standing]:
    """The documents of these keys that signed requests know, without what the request `but` itself takes of them."""
    if not keys:
        return {}
    d, u = cost_document.c, cost_document_use.c
    own = (
        select(func.coalesce(func.sum(u.amount), 0))
        .where(u.document_key == d.key, u.request_id == but, u.freed_at.is_(None))
        .scalar_subquery()
    )
    left = (d.total - d.taken + own).label("left")
    statement = select(d.key, d.currency, d.total, left).where(d.key.in_(sorted(keys)))
    return {
        row["key"]: Standing(row["currency"], row["total"], row["left"]) for row in await rows_of(session, statement)
    }


async def take_documents(session: AsyncSession, request_id: UUID, institute: str, uses: Sequence[Use]) -> None:
    """Take for a request what its lines ask of their documents; a second request for them waits, and then is refused.

    Raises `DocumentStatedOtherwise`, `DocumentExceeded`, `DocumentHeld` (with the request's number, within the own
    institute) or `DocumentHeldElsewhere`.
    """
    by_key: dict[str, list[Use]] = {}
    for use in uses:
        by_key.setdefault(use.key.exact, []).append(use)
    connection = await session.connection()
    for key in sorted(by_key):
        row = await _locked(session, by_key[key][0])
        asked = sum((use.amount for use in by_key[key]), Decimal(0))
        if any((use.currency, use.total) != (row["currency"], row["total"]) for use in by_key[key]):
            raise DocumentStatedOtherwise(number=row["number"], on=row["issued_on"])
        if asked > row["total"]:
            told = {"number": row["number"], "on": row["issued_on"], "currency": row["currency"]}
            raise DocumentExceeded(total=f"{row['total']:.2f}", asked=f"{asked:.2f}", **told)
        if asked > row["total"] - row["taken"]:
            raise await _held(session, row, asked, institute)
        taken = update(cost_document).where(cost_document.c.key == key)
        await connection.execute(taken.values(taken=cost_document.c.taken + asked))
    rows = [
        {"line_id": use.line_id, "document_key": use.key.exact, "request_id": request_id, "amount": use.amount}
        for use in uses
    ]
    await connection.execute(insert(cost_document_use), rows)


async def free_documents(session: AsyncSession, request_id: UUID, at: datetime) -> None:
    """Free what a request that ends unpaid has taken."""
    connection, u = await session.connection(), cost_document_use.c
    statement = select(u.document_key, func.sum(u.amount).label("amount"))
    statement = statement.where(u.request_id == request_id, u.freed_at.is_(None))
    found = await rows_of(session, statement.group_by(u.document_key).order_by(u.document_key))
    for row in found:
        freed = update(cost_document).where(cost_document.c.key == row["document_key"])
        await connection.execute(freed.values(taken=cost_document.c.taken - row["amount"]))
    await connection.execute(
        update(cost_document_use).where(u.request_id == request_id, u.freed_at.is_(None)).values(freed_at=at)
    )


async def _locked(session: AsyncSession, use: Use) -> RowMapping:
    connection = await session.connection()
    stated = upsert(cost_document).values(
        key=use.key.exact,
        near=use.key.near,
        supplier=use.supplier,
        number=use.number,
        issued_on=use.on,
        currency=use.currency,
        total=use.total,
        taken=Decimal(0),
    )
    await connection.execute(stated.on_conflict_do_nothing())
    statement = select(cost_document).where(cost_document.c.key == use.key.exact).with_for_update()
    return (await rows_of(session, statement))[0]


async def _held(
    session: AsyncSession, row: RowMapping, asked: Decimal, institute: str
) -> DocumentHeld | DocumentHeldElsewhere:
    requests = cost_document_use.metadata.tables["reimbursement_request"].c
    u = cost_document_use.c
    statement = (
        select(requests.number)
        .distinct()
        .where(
            requests.id == u.request_id,
            u.document_key == row["key"],
            u.freed_at.is_(None),
            requests.institute == institute,
        )
    )
    numbers = sorted(found["number"] for found in await rows_of(session, statement))
    told = {
        "number": row["number"],
        "on": row["issued_on"],
        "currency": row["currency"],
        "left": f"{row['total'] - row['taken']:.2f}",
        "asked": f"{asked:.2f}",
    }
    return DocumentHeld(held_by=", ".join(numbers), **told) if numbers else DocumentHeldElsewhere(**told)
