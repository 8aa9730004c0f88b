"""A service's database inside one outer transaction: each command is a savepoint, and a state can be gone back to."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.engine import Database


class _Checked(Session):
    """A session whose commit checks what the database defers to a commit, since here only a savepoint is released."""


@event.listens_for(_Checked, "before_commit")
def _check_deferred(session: Session) -> None:
    session.flush()
    connection = session.connection()
    connection.execute(text("set constraints all immediate"))
    connection.execute(text("set constraints all deferred"))


class _InOne(AsyncSession):
    """A session that leaves the isolation of the outer transaction as it is."""

    sync_session_class = _Checked

    async def connection(
        self,
        bind_arguments: Mapping[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> AsyncConnection:
        return await super().connection(bind_arguments=bind_arguments, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def one_transaction(url: str) -> AsyncIterator[tuple[Database, AsyncConnection]]:
    """The database whose sessions share one connection; at the end everything that they did is rolled back."""
    database = Database(url, application_name="tests", pool_size=1, max_overflow=0)
    try:
        async with database.engine.connect() as connection:
            await connection.begin()
            database.sessions = async_sessionmaker(
                bind=connection,
                class_=_InOne,
                expire_on_commit=False,
                autoflush=False,
                join_transaction_mode="create_savepoint",
            )
            yield database, connection
            await connection.rollback()
    finally:
        await database.close()
