"""One relay at a time: a session advisory lock on a direct connection, and a fencing token in the database."""

import asyncio

import asyncpg
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.engine import Database
from shared.database.tables import relay_lease

WAKE_CHANNEL = "outbox"
"""The channel on which an API process says, coalesced, that there is something to send."""


class LeaseLost(RuntimeError):
    """Another relay has taken over; nothing may be deleted any more on behalf of this one."""


class Lease:
    """Held while this process is the relay of its service's database.

    The lock keeps two relays from working at once; the token makes a relay harmless that was stopped, lost its
    connection and woke up again. `wake` is set whenever an API process says that there is something to send.
    """

    def __init__(self, database: Database, wake: asyncio.Event) -> None:
        self._database = database
        self._connection: asyncpg.Connection | None = None
        self._wake = wake
        self.token = 0
        self.epoch = 0

    async def acquire(self, stop: asyncio.Event) -> bool:
        """Wait until the lock is free, then draw the next token; False when told to stop before that."""
        self._connection = await self._database.direct()
        while not await self._connection.fetchval("select pg_try_advisory_lock(hashtext('tirek.relay'))"):
            if await stopped_within(stop, 0.5):
                return False
        row = await self._connection.fetchrow("update relay_lease set token = token + 1 returning token, epoch")
        assert row is not None, "the migration inserts the row"  # noqa: S101
        self.token, self.epoch = row["token"], row["epoch"]
        await self._connection.add_listener(WAKE_CHANNEL, lambda *_: self._wake.set())
        return True

    def lost(self) -> bool:
        """True where the connection that holds the lock is gone."""
        return self._connection is None or self._connection.is_closed()

    async def check(self, connection: AsyncConnection) -> None:
        """Lock the lease row in the caller's transaction; raises `LeaseLost` where the token is no longer ours."""
        statement = update(relay_lease).where(relay_lease.c.token == self.token).values(token=self.token)
        if (await connection.execute(statement)).rowcount != 1:
            raise LeaseLost(f"token {self.token}")

    async def raise_epoch(self, connection: AsyncConnection) -> None:
        """Begin the next epoch, in the caller's transaction."""
        raised = await connection.execute(
            text("update relay_lease set epoch = epoch + 1 where token = :token returning epoch"), {"token": self.token}
        )
        if (epoch := raised.scalar_one_or_none()) is None:
            raise LeaseLost(f"token {self.token}")
        self.epoch = epoch

    async def release(self) -> None:
        """Give the lock back by closing the connection that holds it."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait at most so long; True as soon as the process is to stop."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
