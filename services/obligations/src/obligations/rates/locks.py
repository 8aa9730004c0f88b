"""The lock between those who change base rates and those who calculate with them."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import Clock
from shared.http.transactions import look_again

_KEY = "hashtextextended('tirek.base-rates', 0)"


async def shared_rate_lock(session: AsyncSession) -> None:
    """Calculate with rates that nobody changes until the transaction ends; calculations do not wait for each other."""
    connection = await session.connection()
    await connection.execute(text(f"select pg_advisory_xact_lock_shared({_KEY})"))


async def wait_for_rate_writers(reading: AsyncSession) -> None:
    """Wait for whoever changes the rates at present, then see what they have left behind."""
    await shared_rate_lock(reading)
    await look_again(reading)


async def exclusive_rate_lock(session: AsyncSession, clock: Clock) -> datetime:
    """Wait for every calculation under way, then the instant from which a change becomes known.

    The clock is read under the lock: no answer given before it can be changed by what becomes known now.
    """
    connection = await session.connection()
    await connection.execute(text(f"select pg_advisory_xact_lock({_KEY})"))
    return clock.now()
