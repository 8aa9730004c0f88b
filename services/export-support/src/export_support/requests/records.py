"""Tables under a request: its lines, and the counter of the numbers that signatures get."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.lines.costs import AnyCost
from export_support.record import Record
from export_support.requests.refusals import LineNotFound
from shared.database.columns import Tenge
from shared.http.pages import PageRequest
from shared.identity import new_id
from shared.reference.lookup import rows_of

line_table = Table(
    "cost_line",
    Record.metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, ForeignKey("reimbursement_request.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("category", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", Tenge, nullable=False),
    Column("cost", JSONB, nullable=False),
    UniqueConstraint("request_id", "number"),
    CheckConstraint("number > 0", name="numbered"),
    CheckConstraint("amount > 0", name="amount_positive"),
)
"""A cost line: `cost` as its category has it, `amount` in its currency, `number` its place in the request."""

number_table = Table(
    "request_number",
    Record.metadata,
    Column("institute", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""The last number that a signature got; the row is locked until the signing transaction ends, so none is lost."""


async def next_number(session: AsyncSession, institute: str, year: int) -> str:
    """The next number of the institute in the year, `ER-2025-00001`, in the order in which signatures take effect."""
    first = upsert(number_table).values(institute=institute, year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["institute", "year"], set_={"last": number_table.c.last + 1}
    ).returning(number_table.c.last)
    number = (await (await session.connection()).execute(counted)).scalar_one()
    return f"ER-{year}-{number:05d}"


async def add_lines(session: AsyncSession, request_id: UUID, costs: Sequence[AnyCost]) -> list[UUID]:
    """Put lines behind those that there are; the ids of the new ones, in their order."""
    connection, c = await session.connection(), line_table.c
    last = select(func.coalesce(func.max(c.number), 0)).where(c.request_id == request_id)
    number = (await connection.execute(last)).scalar_one()
    rows = [
        {"id": new_id(), "request_id": request_id, "number": number + n, **_stored(cost)}
        for n, cost in enumerate(costs, start=1)
    ]
    await connection.execute(insert(line_table), rows)
    return [row["id"] for row in rows]


async def write_line(session: AsyncSession, request_id: UUID, line_id: UUID, cost: AnyCost) -> None:
    """Put another cost in place of a line's; raises `LineNotFound`."""
    await _one(session, update(line_table).values(**_stored(cost)), request_id, line_id)


async def remove_line(session: AsyncSession, request_id: UUID, line_id: UUID) -> None:
    """Take a line out; raises `LineNotFound`."""
    await _one(session, delete(line_table), request_id, line_id)


async def remove_lines(session: AsyncSession, request_id: UUID, categories: Collection[str]) -> None:
    """Take all lines of these categories out."""
    c = line_table.c
    removed = delete(line_table).where(c.request_id == request_id, c.category.in_(sorted(categories)))
    await (await session.connection()).execute(removed)


async def lines_of(session: AsyncSession, request_id: UUID) -> list[RowMapping]:
    """All lines of a request, by number."""
    c = line_table.c
    return await rows_of(session, select(line_table).where(c.request_id == request_id).order_by(c.number))


async def lines_page(session: AsyncSession, request_id: UUID, page: PageRequest) -> list[RowMapping]:
    """A page of the lines of a request, by number."""
    c = line_table.c
    return await rows_of(session, page.of(select(line_table).where(c.request_id == request_id), c.number))


async def line_of(session: AsyncSession, request_id: UUID, line_id: UUID) -> RowMapping:
    """One line of a request; raises `LineNotFound`."""
    c = line_table.c
    found = await rows_of(session, select(line_table).where(c.request_id == request_id, c.id == line_id))
    if not found:
        raise LineNotFound(id=line_id)
    return found[0]


async def _one(session: AsyncSession, statement: Any, request_id: UUID, line_id: UUID) -> None:
    c = line_table.c
    changed = statement.where(c.request_id == request_id, c.id == line_id).returning(c.id)
    if (await (await session.connection()).execute(changed)).one_or_none() is None:
        raise LineNotFound(id=line_id)


def _stored(cost: AnyCost) -> dict[str, Any]:
    return {
        "category": cost.category,
        "currency": cost.currency,
        "amount": cost.amount,
        "cost": cost.model_dump(mode="json"),
    }
