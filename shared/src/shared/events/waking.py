"""Wakes the relay after a commit: one coalesced NOTIFY on a connection of its own, at most 200 a second.

A NOTIFY inside each transaction would cost the writers a good part of their throughput, because PostgreSQL commits
notifying transactions one after the other. A wake-up that is lost costs a quarter of a second: the relay polls.
What the worker itself commits wakes the relay without any of this.
"""

import asyncio
import contextlib

import asyncpg

from shared.database.engine import plain_url
from shared.events.lease import WAKE_CHANNEL

PAUSE_SECONDS = 0.005


class Waking:
    """Told of each commit, tells the relay at most so often."""

    def __init__(self, url: str) -> None:
        self._url = plain_url(url)
        self._wanted = asyncio.Event()

    def __call__(self) -> None:
        """There is something to send; costs nothing."""
        self._wanted.set()

    async def run(self) -> None:
        """Notify until cancelled; a database that does not answer is tried again in a second."""
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await self._notify()
            await asyncio.sleep(1)

    async def _notify(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=5)
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await connection.execute(f"notify {WAKE_CHANNEL}")
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            connection.terminate()
