"""The model of PostgreSQL as the product meets it: an engine, sessions, and a direct connection."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql.elements import TextClause

from tests.simulation.rows import Row, Rows, Transaction, cut_off, key_of, refused
from tests.simulation.statements import Answer, Statements, value_of
from tests.simulation.texts import execute_text, pending
from tests.simulation.world import Process, World

BEGINNING = datetime(2025, 2, 3, 5, tzinfo=UTC)


class ModelServer:
    """A PostgreSQL server with one database, as all processes of a service share it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = Rows()
        self.down = False
        self.connections: set[ModelConnection] = set()
        self.lock_held_by: ModelDirect | None = None
        self.directs: set[ModelDirect] = set()
        self.rows.apply("relay_lease", {(1,): {"one": 1, "token": 0, "epoch": 1}}, "migration")

    def now(self) -> datetime:
        """The server's clock."""
        return BEGINNING + timedelta(seconds=self.world.loop.time())

    def cut_all(self) -> None:
        """Every connection breaks: what is committed stays, all else is undone."""
        for connection in sorted(self.connections, key=lambda each: each.number):
            connection.cut()
        for direct in sorted(self.directs, key=lambda each: each.number):
            direct.terminate()


class ModelDatabase:
    """Stands where `shared.database.engine.Database` stands, for one process."""

    def __init__(self, server: ModelServer, process: Process) -> None:
        self.server, self.process = server, process
        self.engine = self
        self.stale = 0

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["ModelConnection"]:
        connection = ModelConnection(self)
        try:
            yield connection
        finally:
            connection.leave()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["ModelConnection"]:
        async with self.connect() as connection:
            yield connection
            await connection.commit()

    def sessions(self) -> "ModelSession":
        return ModelSession(self)

    async def direct(self) -> "ModelDirect":
        await self.server.world.reach(self.process, "direct")
        if self.server.down:
            raise ConnectionRefusedError("the database is down")
        return ModelDirect(self.server, self.process)


class ModelConnection:
    """One connection of the pool, from its first statement to its return."""

    count = 0

    def __init__(self, database: ModelDatabase) -> None:
        ModelConnection.count += 1
        self.number = ModelConnection.count
        self._database, self._server, self._process = database, database.server, database.process
        self._world = self._server.world
        self._transaction: Transaction | None = None
        self._broken = False
        self._server.connections.add(self)
        self._process.on_death.append(self._orphaned)

    def _orphaned(self) -> None:
        """The server learns of the death at once, or later."""
        self._world.loop.call_later(self._world.draw.choice([0.0, 0.0, 0.1, 3.0]), self.cut)

    def cut(self) -> None:
        """The connection breaks and the server undoes what was not committed."""
        self._broken = True
        if self._transaction is not None:
            self._transaction.end(commit=False)

    def leave(self) -> None:
        """Back to the pool; a dead process does not come that far."""
        if self._process.alive:
            self._process.on_death.remove(self._orphaned)
            if self._transaction is not None:
                self._transaction.end(commit=False)
        self._server.connections.discard(self)

    async def _statement(self, point: str = "statement") -> Transaction:
        kind = await self._world.reach(self._process, point)
        if self._server.down or kind in ("cut before", "cut after"):
            self.cut()
        if self._database.stale:
            self._database.stale -= 1
            self.cut()
        if self._broken:
            raise cut_off()
        if self._transaction is None:
            self._transaction = self._server.rows.begin(self._process.name)
        return self._transaction

    async def execute(self, statement: Any, parameters: Any = None) -> Answer:
        transaction = await self._statement()
        if isinstance(statement, TextClause):
            given = {name: bound.value for name, bound in statement._bindparams.items()} | (parameters or {})
            return await execute_text(self._server.rows, transaction, statement.text, given)
        return await Statements(self._server.rows, transaction, self._server.now).execute(statement, parameters)

    async def commit(self) -> None:
        """COMMIT: done or not done, and whoever is cut off meanwhile does not know."""
        transaction = self._transaction
        if transaction is None:
            return
        if self._broken:
            raise cut_off()

        def effect() -> None:
            if transaction.ended:
                raise cut_off()
            transaction.end(commit=True)

        await self._world.ask(self._process, "commit", effect, cut_off())
        self._transaction = None

    async def get_raw_connection(self) -> Any:
        return SimpleNamespace(driver_connection=self)

    async def fetch(self, words: str, in_flight: list[int], limit: int) -> list[Row]:
        transaction = await self._statement()
        rows = pending(self._server.rows, transaction, words, in_flight, limit)
        return [row | {"data": json.dumps(row["data"])} for row in rows]


class ModelDirect:
    """A connection beside the pool, with its session lock."""

    count = 0

    def __init__(self, server: ModelServer, process: Process) -> None:
        ModelDirect.count += 1
        self.number = ModelDirect.count
        self._server, self._process, self._closed = server, process, False
        server.directs.add(self)
        process.on_death.append(self._orphaned)

    def _orphaned(self) -> None:
        world = self._server.world
        world.loop.call_later(world.draw.choice([0.0, 0.0, 0.1, 3.0]), self.terminate)

    async def _reach(self) -> None:
        await self._server.world.reach(self._process, "direct")
        if self._closed or self._server.down:
            raise ConnectionResetError("connection lost")

    async def fetchval(self, words: str) -> bool:
        assert words == "select pg_try_advisory_lock(hashtext('tirek.relay'))"
        await self._reach()
        if self._server.lock_held_by is None:
            self._server.lock_held_by = self
        return self._server.lock_held_by is self

    async def fetchrow(self, words: str) -> Any:
        await self._reach()
        transaction = self._server.rows.begin(self._process.name)
        try:
            answer = await execute_text(self._server.rows, transaction, words, {})
        except BaseException:
            transaction.end(commit=False)
            raise
        transaction.end(commit=True)
        row = answer.all()[0]
        await self._reach()
        return {"token": row.token, "epoch": row.epoch}

    async def add_listener(self, channel: str, heard: Callable[..., None]) -> None:
        """Wake-ups by NOTIFY are left out: the product must live without them."""

    def is_closed(self) -> bool:
        return self._closed

    def terminate(self) -> None:
        self._closed = True
        if self._server.lock_held_by is self:
            self._server.lock_held_by = None
        self._server.directs.discard(self)
        if self._process.alive and self._orphaned in self._process.on_death:
            self._process.on_death.remove(self._orphaned)


class ModelSession:
    """A session of the ORM over one connection: identity map, flush, load for change."""

    def __init__(self, database: ModelDatabase) -> None:
        self.info: dict[str, Any] = {}
        self._database = database
        self._connection: ModelConnection | None = None
        self._objects: dict[tuple[str, Any], tuple[Any, Row | None]] = {}

    async def __aenter__(self) -> "ModelSession":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.leave()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["ModelSession"]:
        yield self
        await self.flush()
        if self._connection is not None:
            await self._connection.commit()

    async def connection(self) -> ModelConnection:
        if self._connection is None:
            self._connection = ModelConnection(self._database)
        return self._connection

    def add(self, record: Any) -> None:
        place = (record.__tablename__, record.id)
        self._objects.setdefault(place, (record, None))

    async def flush(self) -> None:
        for place, (record, before) in list(self._objects.items()):
            row = {name: getattr(record, name) for name in type(record).model_fields}
            if row == before:
                continue
            connection = await self.connection()
            transaction = await connection._statement()
            rows = self._database.server.rows
            key = key_of(record.__table__, row)
            await rows.lock(transaction, place[0], key)
            if before is None and rows.get(transaction, place[0], key) is not None:
                raise refused("23505", f"duplicate key in {place[0]}: {key}")
            rows.put(transaction, place[0], key, row)
            self._objects[place] = (record, row)

    async def exec(self, statement: Any) -> Any:
        kind = statement.column_descriptions[0]["entity"]
        connection = await self.connection()
        transaction = await connection._statement()
        rows, table = self._database.server.rows, kind.__table__
        found = [(key, row) for key, row in rows.seen(transaction, table.name) if _fits(statement, row)]
        if statement._for_update_arg is not None:
            found = await _lock(rows, transaction, table, statement, found)
        fresh = statement._execution_options.get("populate_existing", False)
        records = [self._record(kind, table, row, fresh=fresh) for _, row in found]
        return SimpleNamespace(one_or_none=lambda: records[0] if records else None, all=lambda: records)

    def _record(self, kind: Any, table: Table, row: Row, *, fresh: bool) -> Any:
        place = (table.name, row["id"])
        if place not in self._objects:
            self._objects[place] = (kind(**row), dict(row))
        elif fresh:
            for name, value in row.items():
                setattr(self._objects[place][0], name, value)
            self._objects[place] = (self._objects[place][0], dict(row))
        return self._objects[place][0]


def _fits(statement: Any, row: Row) -> bool:
    return all(value_of(clause, row) for clause in statement._where_criteria)


async def _lock(rows: Rows, transaction: Transaction, table: Table, statement: Any, found: list[Any]) -> list[Any]:
    kept = []
    for key, _ in found:
        await rows.lock(transaction, table.name, key)
        row = rows.get(transaction, table.name, key)
        if row is not None and _fits(statement, row):
            kept.append((key, row))
    return kept
