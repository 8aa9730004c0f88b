"""Numbers of agreements: one row of counters, gapless per institute and year."""

from sqlalchemy import Column, Integer, Table, Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.record import Record

agreement_number = Table(
    "agreement_number",
    Record.metadata,
    Column("institute", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""The last number that was given; the row is locked until the giving transaction ends, so none is lost."""


async def next_number(session: AsyncSession, institute: str, year: int) -> str:
    """The next number of the institute in the year, `IG-2025-0001`."""
    first = insert(agreement_number).values(institute=institute, year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["institute", "year"], set_={"last": agreement_number.c.last + 1}
    ).returning(agreement_number.c.last)
    number = (await (await session.connection()).execute(counted)).scalar_one()
    return f"IG-{year}-{number:04d}"
