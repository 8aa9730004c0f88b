"""A proxy in front of PostgreSQL that loses the answer to the first COMMIT."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url


class CuttingProxy:
    """Passes everything on; the answer to the first COMMIT it drops, together with the client's connection."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cut = False
        self.tasks: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.create_task(self.serve(reader, writer)))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self.host, self.port)
        losing = asyncio.Event()

        async def back() -> None:
            while data := await there_reader.read(65536):
                if losing.is_set():
                    break
                writer.write(data)

        async def forth() -> None:
            while data := await reader.read(65536):
                if b"COMMIT;" in data and not self.cut:
                    self.cut = True
                    losing.set()
                there_writer.write(data)

        ways = [asyncio.create_task(back()), asyncio.create_task(forth())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.transport.abort()
            there_writer.transport.abort()


@asynccontextmanager
async def cut_after_commit(url: str) -> AsyncIterator[str]:
    """The URL of a database whose first commit is done, and its answer lost."""
    target = make_url(url)
    proxy = CuttingProxy(str(target.host), target.port or 5432)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield target.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        server.close()
        for task in proxy.tasks:
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
    assert proxy.cut, "no commit was seen"
