"""The state of a database in a few figures: for each table how many rows there are and who wrote them last."""

import asyncio

import asyncpg

TABLES = """
    select format('select %L, count(*), coalesce(sum(xmin::text::bigint), 0) from %I.%I', relname, nspname, relname)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname = 'public' order by relname
"""


class Footprint:
    """Reads the figures; any insert, update or delete that was committed changes them."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self._url, self._loop = url, loop
        self._connection: asyncpg.Connection | None = None
        self._statement = ""

    def read(self) -> dict[str, tuple[int, int]]:
        """By table: the number of rows, and the sum of the transactions that wrote them."""
        rows = self._loop.run_until_complete(self._rows())
        return {row[0]: (row[1], int(row[2])) for row in rows}

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._loop.run_until_complete(self._connection.close())

    async def _rows(self) -> list[asyncpg.Record]:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._url)
            tables = await self._connection.fetch(TABLES)
            self._statement = " union all ".join(row[0] for row in tables)
        found: list[asyncpg.Record] = await self._connection.fetch(self._statement)
        return found
