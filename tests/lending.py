"""Databases that one test after another gets, each time as their template is: a tenth of the time of new ones."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg

from tirek_local.servers.apart import run_apart
from tirek_local.servers.databases import at_database
from tirek_local.testing import Servers

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CATALOGS = (
    "pg_attribute", "pg_attrdef", "pg_class", "pg_constraint", "pg_db_role_setting", "pg_index", "pg_namespace",
    "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type",
)  # fmt: skip
SHAPE = " union all ".join(f"select '{name}', count(*), sum(xmin::text::bigint) from {name}" for name in CATALOGS)
"""Changes with every table, column, guard and right that is made, altered or dropped."""

TABLES = """
    select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'r' and nspname not like 'pg\\_%' and nspname <> 'information_schema' order by 1
"""
COLUMNS = """
    select quote_ident(attname) from pg_attribute
    where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""
SEQUENCES = """
    select format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value is not null
    from pg_sequences order by 1
"""
ALONE = """
    select pg_terminate_backend(pid, 20000) from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""

Footprint = dict[str, tuple[int, int]]
"""By table, how many rows there are, and the sum of the transactions that wrote them."""


@dataclass
class Kept:
    """A database that is lent: what it is like when nobody has touched it. `contents` is what tables begin with."""

    name: str
    shape: frozenset[Any]
    footprint: Footprint
    sequences: list[Any]
    contents: Mapping[str, bytes]


@dataclass
class Lender:
    """Lends databases of one worker; each is a copy of a template, of which no more are made than are lent at once.

    A test may write whatever it likes. What it wrote is taken back when the database is lent again; a database whose
    tables or guards it changed is not lent again. Only a superuser can take rows back past their guards: on a server
    where we are none, each loan is a new database.
    """

    servers: Servers
    _free: defaultdict[tuple[str, str], list[Kept]] = field(default_factory=lambda: defaultdict(list))
    _lent: dict[str, tuple[tuple[str, str], Kept | None]] = field(default_factory=dict)

    def lend(self, template: str, owner: str) -> str:
        """The name of a database that is as the template, and that the role owns."""
        return run_apart(self._lend((template, owner)))

    def give_back(self, name: str) -> None:
        """The test is over."""
        kind, kept = self._lent.pop(name)
        if kept is None:
            run_apart(self._drop(name))
        else:
            self._free[kind].append(kept)

    async def _lend(self, kind: tuple[str, str]) -> str:
        while self._free[kind]:
            kept = self._free[kind].pop()
            if await self._as_it_was(kept):
                self._lent[kept.name] = (kind, kept)
                return kept.name
            await self._drop(kept.name)
        template, owner = kind
        name = f"{owner}_{uuid.uuid4().hex[:12]}"
        await self._administer(f'create database "{name}" template "{template}" owner "{owner}"')
        self._lent[name] = (kind, await self._look(name))
        return name

    async def _look(self, name: str) -> Kept | None:
        connection = await asyncpg.connect(at_database(self.servers.postgres.admin_url, name))
        try:
            if not await connection.fetchval("select rolsuper from pg_roles where rolname = current_user"):
                return None
            shape, footprint = frozenset(await connection.fetch(SHAPE)), await _footprint(connection)
            contents = {table: await _contents(connection, table) for table, (rows, _) in footprint.items() if rows}
            return Kept(name, shape, footprint, await connection.fetch(SEQUENCES), contents)
        finally:
            await connection.close()

    async def _as_it_was(self, kept: Kept) -> bool:
        """Take back what was written; false where more than rows has changed."""
        connection = await asyncpg.connect(at_database(self.servers.postgres.admin_url, kept.name))
        try:
            await connection.fetch(ALONE)
            if frozenset(await connection.fetch(SHAPE)) != kept.shape:
                return False
            footprint = await _footprint(connection)
            written = [table for table, figures in footprint.items() if figures != kept.footprint[table]]
            if written:
                await _take_back(connection, written, kept.contents)
            if await connection.fetch(SEQUENCES) != kept.sequences:
                await connection.executemany("select setval($1::text::regclass, $2, $3)", kept.sequences)
            kept.footprint = await _footprint(connection)
            return True
        finally:
            await connection.close()

    async def _drop(self, name: str) -> None:
        await self._administer(f'drop database if exists "{name}" with (force)')

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self.servers.postgres.admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def drop_all(self) -> None:
        """Drop everything."""
        names = [*self._lent, *(kept.name for free in self._free.values() for kept in free)]
        self._lent.clear()
        self._free.clear()
        for name in names:
            run_apart(self._drop(name))


async def _footprint(connection: Connection) -> Footprint:
    tables = [row[0] for row in await connection.fetch(TABLES)]
    parts = [f"select '{name}', count(*), coalesce(sum(xmin::text::bigint), 0)::bigint from {name}" for name in tables]
    return {row[0]: (row[1], row[2]) for row in await connection.fetch(" union all ".join(parts))} if parts else {}


async def _take_back(connection: Connection, written: Sequence[str], contents: Mapping[str, bytes]) -> None:
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(";".join(f"delete from {table}" for table in written))
        for table in contents.keys() & written:
            await _restore(connection, table, contents[table])


async def _columns(connection: Connection, table: str) -> str:
    return ", ".join(row[0] for row in await connection.fetch(COLUMNS, table))


async def _contents(connection: Connection, table: str) -> bytes:
    found = bytearray()

    async def take(part: bytes) -> None:
        found.extend(part)

    columns = await _columns(connection, table)
    await connection.copy_from_query(f"select {columns} from {table}", output=take, format="binary")
    return bytes(found)


async def _restore(connection: Connection, table: str, contents: bytes) -> None:
    async def parts() -> Any:
        await asyncio.sleep(0)
        yield contents

    schema, _, name = table.partition(".")
    columns = [row[0].strip('"') for row in await connection.fetch(COLUMNS, table)]
    await connection.copy_to_table(
        name.strip('"'), schema_name=schema.strip('"'), source=parts(), columns=columns, format="binary"
    )
