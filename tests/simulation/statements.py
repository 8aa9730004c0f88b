"""What a statement of SQLAlchemy does to the model's rows, evaluated from its own tree: a changed one acts changed."""

import operator as ops
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.dialects.postgresql.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    ExpressionClauseList,
    Grouping,
    True_,
)
from sqlalchemy.sql.selectable import CTE

from tests.simulation.rows import Key, Row, Rows, Transaction, key_of, refused, sort_key

COMPARE: Mapping[Any, Callable[[Any, Any], Any]] = {
    operators.eq: ops.eq,
    operators.ne: ops.ne,
    operators.lt: ops.lt,
    operators.le: ops.le,
    operators.gt: ops.gt,
    operators.ge: ops.ge,
    operators.add: ops.add,
    operators.in_op: lambda value, among: value in among,
    operators.not_in_op: lambda value, among: value not in among,
}


class NotModelled(NotImplementedError):
    """The product says something to the database that the model does not understand yet."""


class Answer:
    """The result of a statement."""

    def __init__(self, rows: Iterable[Any] = (), names: Sequence[str] = (), rowcount: int = -1) -> None:
        self._rows = [_Record(names, values) for values in rows]
        self.rowcount = rowcount if rowcount >= 0 else len(self._rows)

    def __iter__(self) -> Any:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def scalars(self) -> list[Any]:
        return [row[0] for row in self._rows]

    def scalar_one_or_none(self) -> Any:
        assert len(self._rows) <= 1
        return self._rows[0][0] if self._rows else None


class _Record(tuple[Any, ...]):
    """One row: a tuple whose members have names too."""

    _names: dict[str, int]

    def __new__(cls, names: Sequence[str], values: Iterable[Any]) -> "_Record":
        made = super().__new__(cls, values)
        made._names = {name: at for at, name in enumerate(names)}
        return made

    def __getattr__(self, name: str) -> Any:
        try:
            return self[self._names[name]]
        except KeyError:
            raise AttributeError(name) from None


def value_of(expression: Any, row: Mapping[str, Any], excluded: Mapping[str, Any] | None = None) -> Any:
    """The value of an expression for a row."""
    match expression:
        case BindParameter():
            return expression.value
        case ColumnClause() if excluded is not None and getattr(expression.table, "name", "") == "excluded":
            return excluded[expression.name]
        case ColumnClause():
            return row[expression.name]
        case BinaryExpression() if expression.operator in COMPARE:
            left = value_of(expression.left, row, excluded)
            return COMPARE[expression.operator](left, value_of(expression.right, row, excluded))
        case BooleanClauseList() | ExpressionClauseList() if expression.operator is operators.and_:
            return all(value_of(clause, row, excluded) for clause in expression.clauses)
        case Grouping():
            return value_of(expression.element, row, excluded)
        case True_():
            return True
    if hasattr(expression, "_proxies") or hasattr(expression, "key"):
        return row[expression.key]
    if not hasattr(expression, "compare"):
        return expression
    raise NotModelled(f"{type(expression).__name__}: {expression}")


class Statements:
    """Carries statements out for one transaction."""

    def __init__(self, rows: Rows, transaction: Transaction, now: Callable[[], Any]) -> None:
        self._rows, self._transaction, self._now = rows, transaction, now

    async def execute(self, statement: Any, parameters: Any = None) -> Answer:
        """Do it; may wait for locks."""
        match statement:
            case Insert():
                return await self._insert(statement, parameters)
            case Select():
                return await self._select(statement)
            case Delete() | Update():
                return await self._change(statement)
        raise NotModelled(repr(statement))

    async def _select(self, statement: Select[Any]) -> Answer:
        columns: list[Any] = [
            c for raw in statement._raw_columns for c in (raw.columns if isinstance(raw, Table) else [raw])
        ]
        source = columns[0].table
        if isinstance(source, CTE):
            stored = await self._insert(source.element, None)  # type: ignore[arg-type]
            return Answer([tuple(row) for row in stored], [c.name for c in columns])
        if not isinstance(source, Table):
            raise NotModelled(f"select from {source!r}")
        found = [each for each in self._rows.seen(self._transaction, source.name) if self._fits(statement, each[1])]
        for order in reversed(statement._order_by_clauses):
            found.sort(key=lambda each: sort_key(each[1][order.name]))
        if statement._for_update_arg is not None:
            found = await self._locked(statement, source.name, found)
        rows = [tuple(row[column.name] for column in columns) for _, row in found]
        return Answer(rows, [column.name for column in columns])

    async def _locked(self, statement: Any, table: str, found: list[tuple[Key, Row]]) -> list[tuple[Key, Row]]:
        """Each row locked in turn; what has changed meanwhile is looked at again."""
        kept = []
        for key, _ in found:
            await self._rows.lock(self._transaction, table, key)
            row = self._rows.get(self._transaction, table, key)
            if row is not None and self._fits(statement, row):
                kept.append((key, row))
        return kept

    def _fits(self, statement: Any, row: Row) -> bool:
        return all(value_of(clause, row) for clause in statement._where_criteria)

    async def _change(self, statement: Any) -> Answer:
        table: Table = statement.table
        found = [each for each in self._rows.seen(self._transaction, table.name) if self._fits(statement, each[1])]
        found = await self._locked(statement, table.name, found)
        for key, row in found:
            new = None
            if isinstance(statement, Update):
                new = row | {_name(c): value_of(v, row) for c, v in (statement._values or {}).items()}
            self._rows.put(self._transaction, table.name, key, new)
        return Answer(rowcount=len(found))

    async def _insert(self, statement: Insert, parameters: Any) -> Answer:
        table: Table = statement.table  # type: ignore[assignment]
        stored = [
            row
            for each in await self._given(statement, parameters)
            if (row := await self._store(table, statement, each))
        ]
        returning: Any = statement._returning
        names = [str(c.name) for c in returning]
        returned = [tuple(row[name] for name in names) for row in stored]
        return Answer(returned, names, rowcount=len(stored))

    async def _given(self, statement: Insert, parameters: Any) -> list[Row]:
        if statement.select is not None:
            answer = await self._select(statement.select)
            return [dict(zip(statement._select_names or (), row, strict=True)) for row in answer]
        if statement._multi_values:
            many: Any = statement._multi_values[0]
            return [{_name(c): value_of(v, {}) for c, v in row.items()} for row in many]
        if statement._values:
            return [{_name(c): value_of(v, {}) for c, v in statement._values.items()}]
        return [dict(row) for row in (parameters if isinstance(parameters, list) else [parameters])]

    async def _store(self, table: Table, statement: Insert, given: Row) -> Row | None:
        """The row as it stands then; None where a conflict was left alone."""
        row = self._defaults(table) | given
        key = key_of(table, row)
        conflict = statement._post_values_clause
        if isinstance(conflict, OnConflictDoNothing) and await self._rows.stands(self._transaction, table.name, key):
            return None
        await self._rows.lock(self._transaction, table.name, key)
        before = self._rows.get(self._transaction, table.name, key)
        if before is not None:
            if isinstance(conflict, OnConflictDoNothing):
                return None
            if not isinstance(conflict, OnConflictDoUpdate):
                raise refused("23505", f"duplicate key in {table.name}: {key}")
            changes = conflict.update_values_to_set
            row = before | {_name(c): value_of(v, before, row) for c, v in changes.items()}
        else:
            self._rows.unique(self._transaction, table, key, row)
        if any(row[c.name] is None for c in table.columns if not c.nullable and c.name in row):
            raise refused("23502", f"null in {table.name}: {row}")
        self._rows.put(self._transaction, table.name, key, row)
        return row

    def _defaults(self, table: Table) -> Row:
        row: Row = {}
        for column in table.columns:
            if column.name == "outbox_id":
                row[column.name] = self._rows.next("outbox_order")
            elif column.identity is not None or (column.name == "id" and table.name == "audit"):
                row[column.name] = self._rows.next(f"{table.name}.{column.name}")
            elif column.server_default is not None:
                words = getattr(getattr(column.server_default, "arg", None), "text", "")
                row[column.name] = int(words) if words else self._now()
            else:
                row[column.name] = None
        return row


def _name(column: Any) -> str:
    return column if isinstance(column, str) else str(column.name)
