"""A model of one PostgreSQL database at READ COMMITTED: committed rows, transactions above them, locks on rows."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError

Row = dict[str, Any]
Key = tuple[Any, ...]
LOCK_TIMEOUT = 2.0
DEADLOCK_TIMEOUT = 1.0


class _Said(Exception):
    """What the server says, with its SQLSTATE."""

    def __init__(self, sqlstate: str, words: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(words)


def refused(sqlstate: str, words: str) -> DBAPIError:
    """The error of the server as SQLAlchemy hands it on."""
    kind = IntegrityError if sqlstate.startswith("23") else DBAPIError
    return kind(words, None, _Said(sqlstate, words))


def cut_off() -> DBAPIError:
    """The connection is gone, as SQLAlchemy says it."""
    gone = asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
    return DBAPIError("connection", None, gone, connection_invalidated=True)


class Transaction:
    """What one transaction has changed and locked, unseen by others until it commits."""

    def __init__(self, rows: "Rows", owner: str = "") -> None:
        self.owner = owner
        self.changed: dict[str, dict[Key, Row | None]] = {}
        self.locked: set[tuple[str, Key]] = set()
        self.ended = False
        self.waits_for: Transaction | None = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rows = rows

    def end(self, *, commit: bool) -> None:
        """Make it so, or leave no trace; then let go of the locks."""
        if self.ended:
            return
        self.ended = True
        if commit:
            for table, rows in self.changed.items():
                self._rows.apply(table, rows, self.owner)
        for lock in self.locked:
            self._rows.locks.pop(lock, None)
        self._rows.open.discard(self)
        if not self.over.done():
            self.over.set_result(None)


class Rows:
    """The tables of one database."""

    def __init__(self) -> None:
        self.committed: dict[str, dict[Key, Row]] = {}
        self.sequences: dict[str, int] = {}
        self.locks: dict[tuple[str, Key], Transaction] = {}
        self.open: set[Transaction] = set()
        self.watchers: list[Callable[[str, str, Row | None, Row | None], None]] = []

    def begin(self, owner: str) -> Transaction:
        """A transaction."""
        transaction = Transaction(self, owner)
        self.open.add(transaction)
        return transaction

    def apply(self, table: str, changed: dict[Key, Row | None], owner: str) -> None:
        """What a commit leaves behind."""
        rows = self.committed.setdefault(table, {})
        for key, row in changed.items():
            before = rows.get(key)
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
            for watch in self.watchers:
                watch(owner, table, before, row)

    def next(self, sequence: str) -> int:
        """The next number of a sequence; a rollback does not give it back."""
        self.sequences[sequence] = self.sequences.get(sequence, 0) + 1
        return self.sequences[sequence]

    def seen(self, transaction: Transaction, table: str) -> Iterator[tuple[Key, Row]]:
        """The rows that a statement of the transaction sees now."""
        own = transaction.changed.get(table, {})
        for key, row in list(self.committed.get(table, {}).items()):
            if key not in own:
                yield key, row
        for key, mine in list(own.items()):
            if mine is not None:
                yield key, mine

    def get(self, transaction: Transaction, table: str, key: Key) -> Row | None:
        """One row as the transaction sees it now."""
        own = transaction.changed.get(table, {})
        return own[key] if key in own else self.committed.get(table, {}).get(key)

    def put(self, transaction: Transaction, table: str, key: Key, row: Row | None) -> None:
        """Change or delete (None) a row that the transaction has locked."""
        transaction.changed.setdefault(table, {})[key] = row

    async def lock(self, transaction: Transaction, table: str, key: Key) -> None:
        """Lock a row, after whoever has it; raises what the server says after too long or in a circle."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LOCK_TIMEOUT
        while (holder := self.locks.get((table, key))) not in (None, transaction):
            assert holder is not None
            transaction.waits_for = holder
            try:
                await self._wait(transaction, holder, until - loop.time())
            finally:
                transaction.waits_for = None
        if transaction.ended:
            raise cut_off()
        self.locks[table, key] = transaction
        transaction.locked.add((table, key))

    async def stands(self, transaction: Transaction, table: str, key: Key) -> bool:
        """Whether the row is there, once nobody is about to insert or delete it; locks nothing."""
        holder = self.locks.get((table, key))
        if holder not in (None, transaction) and key in holder.changed.get(table, {}):
            await self.lock(transaction, table, key)
        return self.get(transaction, table, key) is not None

    async def _wait(self, transaction: Transaction, holder: Transaction, seconds: float) -> None:
        await asyncio.wait([holder.over], timeout=min(seconds, DEADLOCK_TIMEOUT))
        if holder.ended:
            return
        if _in_a_circle(transaction):
            raise refused("40P01", "deadlock detected")
        if seconds <= DEADLOCK_TIMEOUT:
            raise refused("55P03", "canceling statement due to lock timeout")

    def unique(self, transaction: Transaction, table: Table, key: Key, row: Row) -> None:
        """Raise where another row has the same values under a unique constraint beside the primary key."""
        for names in _unique_columns(table):
            if any(
                other is not row and at != key and all(other[name] == row[name] for name in names)
                for at, other in self.seen(transaction, table.name)
            ):
                raise refused("23505", f"duplicate key in {table.name}: {', '.join(names)}")


def _in_a_circle(transaction: Transaction) -> bool:
    at, seen = transaction.waits_for, {transaction}
    while at is not None and at not in seen:
        seen.add(at)
        at = at.waits_for
    return at is transaction


_unique: dict[Table, list[list[str]]] = {}


def _unique_columns(table: Table) -> list[list[str]]:
    if table not in _unique:
        named = [[c.name for c in each.columns] for each in table.constraints if isinstance(each, UniqueConstraint)]
        _unique[table] = named + [[c.name] for c in table.columns if c.unique]
    return _unique[table]


def key_of(table: Table, row: Row) -> Key:
    """The primary key of a row."""
    return tuple(row[column.name] for column in table.primary_key.columns)


def sort_key(value: Any) -> Any:
    """Orders what a column holds as the server does."""
    return value.int if isinstance(value, UUID) else value
