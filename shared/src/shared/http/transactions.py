"""Sessions, time and language as arguments of routes: `Transaction`, `Reading`, `Now`, `ServiceClock`, …"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.access.callers import CurrentCaller
from shared.clock import Clock
from shared.http.idempotency import HEADER, Claim
from shared.http.languages import Language
from shared.http.problems import language_of

COMMAND = "tirek.command"


@dataclass
class Command:
    """One attempt at a command: its session, and its claim once the transaction is open."""

    session: AsyncSession
    claim: Claim | None = None
    opened: bool = False


async def transaction(
    request: Request,
    _caller: CurrentCaller,
    _key: Annotated[str | None, Header(alias=HEADER, description="A key of the caller's own for this command.")] = None,
) -> AsyncSession:
    """The session of the command. The route opens its transaction when everything else about the request is right."""
    command: Command | None = request.scope.get(COMMAND)
    if command is None:
        raise RuntimeError("Transaction is for routes of shared.http.routes.Router")
    return command.session


async def reading(request: Request) -> AsyncIterator[AsyncSession]:
    """A session that sees one moment of the database and cannot change it."""
    async with request.app.state.database.sessions() as session:
        await look_again(session)
        yield session


async def look_again(session: AsyncSession) -> None:
    """Let a reading session see the database as it is from now on; what it has loaded stays as it was."""
    session.expunge_all()
    await session.rollback()
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def service_clock(request: Request) -> Clock:
    """The clock of the service, for what becomes known at the instant at which a lock is held."""
    clock: Clock = request.app.state.clock
    return clock


def now(request: Request) -> datetime:
    """The present instant, by the clock of the service; the same throughout one request."""
    return service_clock(request).now()


Transaction = Annotated[AsyncSession, Depends(transaction)]
"""The command's session: what the route does with it, its events and its reply are committed together."""

Reading = Annotated[AsyncSession, Depends(reading, scope="function")]
"""A read-only session, closed before the reply is sent."""

ServiceClock = Annotated[Clock, Depends(service_clock)]
"""The clock itself, to be read under a lock."""

Now = Annotated[datetime, Depends(now)]
"""The instant at which the request happens."""

RequestLanguage = Annotated[Language, Depends(language_of)]
"""The language that the caller wants."""
