"""The lock of an agreement: whoever decides about its claims holds it, who answers as known on a day waits for it."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.http.transactions import look_again

_KEY = "hashtextextended('tirek.agreement/' || :id, 0)"


async def lock_agreement(session: AsyncSession, agreement_id: UUID) -> None:
    """Wait for all other work on the agreement, known or not yet known, until this transaction ends."""
    connection = await session.connection()
    await connection.execute(text(f"select pg_advisory_xact_lock({_KEY})"), {"id": str(agreement_id)})


async def wait_for_deciders(reading: AsyncSession, agreement_id: UUID) -> None:
    """Wait for whoever decides about the agreement at present, then see what they have left behind.

    Whoever comes later reads the clock later: what was known at a moment that is over does not change any more.
    """
    connection = await reading.connection()
    await connection.execute(text(f"select pg_advisory_xact_lock_shared({_KEY})"), {"id": str(agreement_id)})
    await look_again(reading)
