"""A proxy in front of PostgreSQL that stands in the way of one COMMIT: of the order, or of its answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy import make_url

Held = Literal["order", "answer"]
"""What does not get through: the COMMIT itself, so that it is not done, or the word that it was done."""

COMMIT = b"COMMIT;"


class Proxy:
    """Passes everything on but the first COMMIT after `after` was said, or its answer: this it keeps for good.

    `committing` is set from then on: the order has not left the proxy, or it is done and the answer has come as far as
    the proxy. The client waits, or with `cuts` its connection is cut.
    """

    def __init__(self, url: str, held: Held, *, after: bytes, cuts: bool) -> None:
        target = make_url(url)
        self._host, self._port = str(target.host), target.port or 5432
        self._target = target
        self._held, self._after, self._cuts = held, after.lower(), cuts
        self._chosen = False
        self.committing = asyncio.Event()
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> asyncio.Server:
        """Listen at `url`."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.url = self._target.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        return server

    async def close(self) -> None:
        """Let go of every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await asyncio.open_connection(self._host, self._port)
            try:
                await self._pass_on(reader, writer, there_reader, there_writer)
            finally:
                await _abort(there_writer)
        finally:
            await _abort(writer)

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there_reader: asyncio.StreamReader,
        there_writer: asyncio.StreamWriter,
    ) -> None:
        """Both ways, until one of them ends."""
        mine = asyncio.Event()

        async def back() -> None:
            while data := await there_reader.read(65536):
                if not mine.is_set():
                    writer.write(data)
                    continue
                self.committing.set()
                if self._cuts:
                    return

        async def forth() -> None:
            said = False
            while data := await reader.read(65536):
                said = said or self._after in data.lower()
                if said and COMMIT in data and not self._chosen:
                    self._chosen = True
                    mine.set()
                    if self._held == "order":
                        self.committing.set()
                        continue
                there_writer.write(data)

        ways = [asyncio.create_task(back()), asyncio.create_task(forth())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


async def _abort(writer: asyncio.StreamWriter) -> None:
    """Cut a connection, and wait until its socket is closed."""
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def committing(url: str, held: Held, *, after: bytes = b"", cuts: bool = False) -> AsyncIterator[Proxy]:
    """A proxy before the database of this URL; fails where it saw no COMMIT."""
    proxy = Proxy(url, held, after=after, cuts=cuts)
    server = await proxy.open()
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
    assert proxy.committing.is_set(), "no commit was seen"
