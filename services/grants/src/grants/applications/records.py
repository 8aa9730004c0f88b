"""Tables under an application: the remarks on it, and the history of what happened, by whom and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import (
    Sequence as DatabaseSequence,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.model import Application
from grants.applications.rules import Remark
from grants.record import Record
from shared.calendar.local_days import local_day
from shared.database.columns import Instant
from shared.events.work import work_of
from shared.http.pages import PageRequest

application_number = DatabaseSequence("application_number", metadata=Record.metadata)

remark_table = Table(
    "application_remark",
    Record.metadata,
    Column("application_id", Uuid, ForeignKey("application.id"), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("pointer", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("answer", Text),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("round > 0 and number > 0", name="numbered"),
)
"""What an officer wants corrected: `round` counts the returns, `pointer` is a JSON pointer into the content."""

history_table = Table(
    "application_history",
    Record.metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("reason", Text),
    Column("details", JSONB, nullable=False),
    Index("ix_application_history_application_id", "application_id", "id"),
)
"""Append-only: who did what to the application, when and why, with the rows that a decision rested on."""


async def next_number(session: AsyncSession, at: datetime) -> str:
    """A number for a new application, `IG-2024-000001`: unique, not gapless."""
    connection = await session.connection()
    drawn = (await connection.execute(select(application_number.next_value()))).scalar_one()
    return f"IG-{local_day(at).year}-{drawn:06d}"


async def note(
    session: AsyncSession,
    application: Application,
    what: str,
    *,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add to the application's history, in the name of whoever the session works for."""
    work = work_of(session)
    connection = await session.connection()
    await connection.execute(
        insert(history_table).values(
            application_id=application.id,
            at=work.at,
            what=what,
            by=work.actor,
            roles=list(work.roles),
            reason=reason,
            details=dict(details or {}),
        )
    )


async def newest_of(session: AsyncSession, application_id: UUID, limit: int) -> Sequence[RowMapping]:
    """What happened to the application last, in order, at most so many entries."""
    connection = await session.connection()
    statement = select(history_table).where(history_table.c.application_id == application_id)
    found = await connection.execute(statement.order_by(history_table.c.id.desc()).limit(limit))
    return found.mappings().all()[::-1]


async def history_page(session: AsyncSession, page: PageRequest, application_id: UUID) -> Sequence[RowMapping]:
    """A page of what happened to the application, the newest first."""
    connection = await session.connection()
    statement = select(history_table).where(history_table.c.application_id == application_id)
    return (await connection.execute(page.of(statement, history_table.c.id, descending=True))).mappings().all()


async def add_remarks(
    session: AsyncSession, application: Application, remarks: Sequence[Remark], *, by: str, at: datetime
) -> None:
    """Store one list of remarks as the next round."""
    connection = await session.connection()
    round_ = await last_round(session, application.id) + 1
    await connection.execute(
        insert(remark_table),
        [
            {
                "application_id": application.id,
                "round": round_,
                "number": number,
                "pointer": remark.pointer,
                "remark": remark.text,
                "made_by": by,
                "made_at": at,
            }
            for number, remark in enumerate(remarks, start=1)
        ],
    )


async def last_round(session: AsyncSession, application_id: UUID) -> int:
    """How often the application was returned."""
    connection = await session.connection()
    statement = select(func.max(remark_table.c.round)).where(remark_table.c.application_id == application_id)
    return int((await connection.execute(statement)).scalar_one() or 0)


async def remarks_of(session: AsyncSession, application_id: UUID) -> Sequence[RowMapping]:
    """Every remark on the application, by round and number."""
    connection = await session.connection()
    statement = select(remark_table).where(remark_table.c.application_id == application_id)
    return (await connection.execute(statement.order_by(remark_table.c.round, remark_table.c.number))).mappings().all()


async def answer_remarks(session: AsyncSession, application_id: UUID, answers: Mapping[int, str]) -> list[int]:
    """Store the applicant's answers to the remarks of the last round; answers the numbers that no remark has."""
    connection = await session.connection()
    round_ = await last_round(session, application_id)
    unknown = []
    for number, answer in answers.items():
        statement = update(remark_table).where(
            remark_table.c.application_id == application_id,
            remark_table.c.round == round_,
            remark_table.c.number == number,
        )
        answered = await connection.execute(statement.values(answer=answer).returning(remark_table.c.number))
        if answered.first() is None:
            unknown.append(number)
    return unknown
