"""What a verb changed: the whole database before and after, and the difference in words."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]
Rows = dict[str, Row]

OF_THE_COMMAND = frozenset({"idempotency", "audit", "outbox", "gate", "inbox"})
"""Written by every accepted command or heard event, whatever it does; a refused one writes not even these."""

COUNTERS = frozenset({"version", "revision", "entries"})
ANOTHER_VERSION = ": another version"
"""Goes without saying, where something else is said."""
STANDING = ("status", "standing")
CLAIM_FIGURES = frozenset({"number", "outstanding", "overpaid"})
"""Told with their values."""
SOURCES = {"budget": "allocated", "returned": "returned", "uncovered": "uncovered"}
"""Sides of the ledger that give what others gain, by the word for what they have given."""

KEYS = """
    select relation.relname, array_agg(attribute.attname::text order by attribute.attname)
    from pg_class relation
    join pg_namespace on pg_namespace.oid = relation.relnamespace and nspname = 'public'
    join pg_index on indrelid = relation.oid and indisprimary
    join pg_attribute attribute on attribute.attrelid = relation.oid and attribute.attnum = any(indkey)
    where relation.relkind in ('r', 'p') and relation.relname not like 'alembic%'
    group by relation.relname
"""
TOUCHED = "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables"


@dataclass
class Change:
    """The rows of one table that are new, gone or different."""

    table: str
    added: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)


class Snapshot:
    """The whole database at a moment; `changes` tells what has become different since."""

    def __init__(self, connection: AsyncConnection, keys: Mapping[str, list[str]]) -> None:
        self._connection, self._keys = connection, keys
        self._rows: dict[str, Rows] = {}
        self._taken: dict[str, int] = {}
        self._touched: dict[str, int] = {}

    @classmethod
    async def take(cls, connection: AsyncConnection, earlier: "Snapshot | None" = None) -> "Snapshot":
        """The database as it is now; what nobody has written to since an earlier snapshot is not read again."""
        keys = earlier._keys if earlier else {row[0]: list(row[1]) for row in await connection.execute(text(KEYS))}
        self = cls(connection, keys)
        self._taken = self._touched = await self._count()
        for table in keys:
            same = earlier is not None and earlier._taken.get(table, 0) == self._taken.get(table, 0)
            self._rows[table] = earlier._rows[table] if earlier and same else await self._read(table)
        return self

    def rows(self, table: str) -> list[Row]:
        """The rows of a table."""
        return list(self._rows[table].values())

    async def changes(self) -> list[Change]:
        """What is different now, by table, in the order of their names."""
        count = await self._count()
        touched = [table for table in sorted(self._keys) if count.get(table, 0) != self._touched.get(table, 0)]
        self._touched = count
        found = [_between(table, self._rows[table], await self._read(table)) for table in touched]
        return [change for change in found if change.added or change.removed or change.changed]

    async def _read(self, table: str) -> Rows:
        rows = await self._connection.execute(text(f'select to_jsonb(here)::text from "{table}" here'))
        read = [json.loads(row[0], parse_float=Decimal) for row in rows]
        return {json.dumps([row[key] for key in self._keys[table]], default=str): row for row in read}

    async def _count(self) -> dict[str, int]:
        return {row[0]: row[1] for row in await self._connection.execute(text(TOUCHED))}


def _between(table: str, before: Rows, after: Rows) -> Change:
    both = before.keys() & after.keys()
    return Change(
        table,
        [row for key, row in after.items() if key not in before],
        [row for key, row in before.items() if key not in after],
        [(before[key], after[key]) for key in both if before[key] != after[key]],
    )


def standing_of(row: Row) -> str | None:
    """The status of a row, where it has one."""
    return next((str(row[name]) for name in STANDING if row.get(name) is not None), None)


def in_words(changes: Iterable[Change]) -> list[str]:
    """Each effect as a phrase: events, then the money, holds and claims, then every other row that is different."""
    by_table = {change.table: change for change in changes if change.table not in OF_THE_COMMAND}
    words = [*_events(by_table.pop("event", None)), *_account(by_table), *_holds(by_table.pop("hold_cause", None))]
    words += _claim(by_table.get("claim"))
    for change in by_table.values():
        words += _rows(change)
    return [word for word in words if not word.endswith(ANOTHER_VERSION)] or words


def _events(change: Change | None) -> Iterator[str]:
    rows = sorted(change.added if change else [], key=lambda row: int(row["outbox_id"]))
    for kind, same in groupby(str(row["type"]).removesuffix(".v1") for row in rows):
        times = len(list(same))
        yield f"publishes {kind}" if times == 1 else f"publishes {times} × {kind}"


def _account(by_table: dict[str, Change]) -> Iterator[str]:
    """The figures of the ledger; its entries and lines make them and are not told apart."""
    balance, entries = by_table.pop("ledger_balance", None), by_table.pop("ledger_entry", None)
    by_table.pop("ledger_posting", None)
    moved: dict[str, Decimal] = {}
    pairs = [] if balance is None else [*(({}, row) for row in balance.added), *balance.changed]
    for before, after in pairs:
        difference = Decimal(after["amount"]) - Decimal(before.get("amount", 0))
        side = SOURCES.get(after["side"], after["side"])
        moved[side] = moved.get(side, Decimal(0)) + (-difference if after["side"] in SOURCES else difference)
    figures = [f"{side} {_signed(amount)}" for side, amount in sorted(moved.items()) if amount]
    if entries is not None:
        kinds = ", ".join(row["kind"] for row in sorted(entries.added, key=lambda row: int(row["number"])))
        yield f"account: {kinds}: {', '.join(figures) or 'no figure moves'}"


def _holds(change: Change | None) -> Iterator[str]:
    if change is None:
        return
    for before, after in [*(({"is_open": False}, row) for row in change.added), *change.changed]:
        if before["is_open"] != after["is_open"]:
            yield "hold opened" if after["is_open"] else "hold lifted"
        else:
            yield "a cause of a hold is noted, " + ("open" if after["is_open"] else "closed")


def _claim(change: Change | None) -> Iterator[str]:
    for row in change.added if change else []:
        yield f"claim opened: version {row['number']}, outstanding {_money(row['outstanding'])}"
    for before, after in change.changed if change else []:
        for name in sorted(CLAIM_FIGURES):
            if before[name] != after[name]:
                shown = "version" if name == "number" else name
                yield f"claim: {shown} {_money(before[name])} → {_money(after[name])}"


def _rows(change: Change) -> Iterator[str]:
    name = change.table.replace("_", " ")
    yield from _counted(f"new {name}" + _in_brackets(row) for row in change.added)
    yield from _counted(f"{name} removed" + _in_brackets(row) for row in change.removed)
    yield from _counted(_changed(name, before, after) for before, after in change.changed)


def _changed(name: str, before: Row, after: Row) -> str:
    if standing_of(before) != standing_of(after):
        return f"{name} {standing_of(before)} → {standing_of(after)}"
    told = COUNTERS | CLAIM_FIGURES if name == "claim" else COUNTERS
    different = [column for column in after if after[column] != before[column] and column not in told]
    return f"{name}: {', '.join(sorted(different))}" if different else f"{name}{ANOTHER_VERSION}"


def _in_brackets(row: Row) -> str:
    found = standing_of(row)
    return f" ({found})" if found else ""


def _counted(phrases: Iterable[str]) -> Iterator[str]:
    for phrase, times in sorted(Counter(phrases).items()):
        yield phrase if times == 1 else f"{times} × {phrase}"


def _money(value: Any) -> str:
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else '−'}{abs(amount):,}"
