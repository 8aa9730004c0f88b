"""Lookups as of a day, and as known at an instant: `known_at=None` asks what is known now."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.reference.refusals import EntryUnknown, ParameterUnknown, ReferenceRowNotFound
from shared.reference.rows import Entry, Parameter
from shared.reference.rules import prefixes
from shared.reference.tables import reference_list_entry as entries
from shared.reference.tables import reference_parameter as parameters


async def parameter(session: AsyncSession, name: str, on: date, known_at: datetime | None = None) -> Parameter:
    """The value in force on the day; raises `ParameterUnknown`, never takes another day's."""
    found = await parameters_on(session, [name], on, known_at)
    if name not in found:
        raise ParameterUnknown(name=name, on=on)
    return found[name]


async def parameter_of_case(session: AsyncSession, name: str, on: date, since: datetime | None) -> Parameter:
    """The value for a case that began at `since`: as it was known then; one that was learned only later, as now.

    So no later import changes the rules of a case under way. Raises `ParameterUnknown`.
    """
    if since is not None and (found := await parameters_on(session, [name], on, since)):
        return found[name]
    return await parameter(session, name, on)


async def members_of_case(session: AsyncSession, list_name: str, on: date, since: datetime | None) -> list[Entry]:
    """The entries of the day for a case that began at `since`: as known then; where none was, as they are now."""
    return (since is not None and await members(session, list_name, on, since)) or await members(session, list_name, on)


async def parameters_on(
    session: AsyncSession, names: Collection[str], on: date, known_at: datetime | None = None
) -> dict[str, Parameter]:
    """The values in force on the day by name, in one query; a name without a value is left out."""
    statement = parameters_in_force(on, known_at).where(parameters.c.name.in_(names))
    found = [parameter_of(row, known_at) for row in await rows_of(session, statement)]
    return {each.name: each for each in found}


def parameters_in_force(on: date, known_at: datetime | None) -> Select[Any]:
    """The select of the values in force on the day, one a name, by name, as known at the instant.

    A value that came in after two people had verified an earlier one waits behind it until it is verified itself.
    """
    return (
        select(parameters)
        .ext(distinct_on(parameters.c.name))
        .where(parameters.c.effective_from <= on, known_then(parameters, known_at), not_(_waits(known_at)))
        .order_by(parameters.c.name, parameters.c.effective_from.desc())
    )


def _waits(known_at: datetime | None) -> ColumnElement[bool]:
    """Whether a value of a parameter is unverified and came in behind a verified one; `rules.waits` says the same."""
    verified = parameters.alias("verified")
    behind = exists().where(
        verified.c.name == parameters.c.name,
        verified.c.effective_from <= parameters.c.effective_from,
        verified.c.second_confirmed_at <= parameters.c.known_from,
        known_then(verified, known_at),
    )
    confirmed_at = parameters.c.second_confirmed_at
    return and_(confirmed_at.is_(None) if known_at is None else func.coalesce(confirmed_at > known_at, true()), behind)


async def parameter_history(session: AsyncSession, name: str) -> list[Parameter]:
    """Every row of the name, superseded ones too, by day and then as they became known."""
    statement = select(parameters).where(parameters.c.name == name)
    ordered = statement.order_by(parameters.c.effective_from, parameters.c.known_from)
    return [parameter_of(row, None) for row in await rows_of(session, ordered)]


async def find_entry(
    session: AsyncSession, list_name: str, key: str, on: date, known_at: datetime | None = None
) -> Entry | None:
    """The entry of the key on the day, or None; whether the list was ever loaded is `list_is_loaded`'s question."""
    found = await rows_of(session, on_day(list_name, on, known_at).where(entries.c.key == key))
    return entry_of(found[0], known_at) if found else None


async def entry(session: AsyncSession, list_name: str, key: str, on: date, known_at: datetime | None = None) -> Entry:
    """The entry of the key on the day; raises `EntryUnknown`."""
    found = await find_entry(session, list_name, key, on, known_at)
    if found is None:
        raise EntryUnknown(list_name=list_name, key=key, on=on)
    return found


async def entry_by_longest_prefix(
    session: AsyncSession, list_name: str, code: str, on: date, known_at: datetime | None = None
) -> Entry | None:
    """The entry whose key is the longest heading of an FEA CN code on the day, or None."""
    statement = on_day(list_name, on, known_at).where(entries.c.key.in_(prefixes(code)))
    found = await rows_of(session, statement.order_by(func.length(entries.c.key).desc()).limit(1))
    return entry_of(found[0], known_at) if found else None


async def entries_during(
    session: AsyncSession,
    list_name: str,
    keys: Collection[str],
    first: date,
    last: date,
    known_at: datetime | None = None,
) -> list[Entry]:
    """The entries of these keys in force on any of the days from `first` to `last`, in one query."""
    c = entries.c
    statement = select(entries).where(
        c.list_name == list_name,
        c.key == func.any(cast(list(keys), ARRAY(Text))),
        c.effective_from <= last,
        or_(c.effective_to.is_(None), c.effective_to >= first),
        known_then(entries, known_at),
    )
    return [entry_of(row, known_at) for row in await rows_of(session, statement)] if keys else []


async def periods_of(
    session: AsyncSession, list_name: str, known_at: datetime | None = None
) -> list[tuple[date, date | None]]:
    """The spans of days for which the list has entries: on another day "not on the list" would be a guess."""
    c = entries.c
    statement = select(c.effective_from, c.effective_to).where(c.list_name == list_name, known_then(entries, known_at))
    return [(row["effective_from"], row["effective_to"]) for row in await rows_of(session, statement.distinct())]


async def members(
    session: AsyncSession,
    list_name: str,
    on: date,
    known_at: datetime | None = None,
    *,
    after: str = "",
    limit: int | None = None,
) -> list[Entry]:
    """The entries of the list on the day, by key; `after` and `limit` cut a page."""
    statement = on_day(list_name, on, known_at).where(entries.c.key > after).order_by(entries.c.key).limit(limit)
    return [entry_of(row, known_at) for row in await rows_of(session, statement)]


async def entry_history(session: AsyncSession, list_name: str, key: str) -> list[Entry]:
    """Every row of the key, superseded ones too, by day and then as they became known."""
    statement = select(entries).where(entries.c.list_name == list_name, entries.c.key == key)
    ordered = statement.order_by(entries.c.effective_from, entries.c.known_from)
    return [entry_of(row, None) for row in await rows_of(session, ordered)]


async def list_is_loaded(session: AsyncSession, list_name: str, known_at: datetime | None = None) -> bool:
    """Whether anything of the list is known: where nothing is, "not on the list" would be a guess."""
    statement = select(entries).where(entries.c.list_name == list_name, known_then(entries, known_at)).limit(1)
    return bool(await rows_of(session, statement))


async def reference_row(session: AsyncSession, row_id: UUID) -> Entry | Parameter:
    """The row with this identity, superseded or not; raises `ReferenceRowNotFound`."""
    if found := await rows_of(session, select(entries).where(entries.c.id == row_id)):
        return entry_of(found[0], None)
    if found := await rows_of(session, select(parameters).where(parameters.c.id == row_id)):
        return parameter_of(found[0], None)
    raise ReferenceRowNotFound(row_id=row_id)


def known_then(table: FromClause, known_at: datetime | None) -> ColumnElement[bool]:
    """The condition that a row was known at the instant, or is known now."""
    if known_at is None:
        return table.c.known_to.is_(None)
    return and_(table.c.known_from <= known_at, or_(table.c.known_to.is_(None), table.c.known_to > known_at))


async def rows_of(session: AsyncSession, statement: Select[Any]) -> list[RowMapping]:
    """Run a Core select in the session's transaction."""
    connection = await session.connection()
    return list((await connection.execute(statement)).mappings())


def entry_of(row: RowMapping, known_at: datetime | None) -> Entry:
    """The entry of a stored row, verified or not as of the instant."""
    return Entry(**row, verified=_verified(row, known_at))


def parameter_of(row: RowMapping, known_at: datetime | None) -> Parameter:
    """The parameter of a stored row, verified or not as of the instant."""
    return Parameter(**row, verified=_verified(row, known_at))


def _verified(row: RowMapping, known_at: datetime | None) -> bool:
    confirmed_at = row["second_confirmed_at"]
    return confirmed_at is not None and (known_at is None or confirmed_at <= known_at)


def on_day(list_name: str, on: date, known_at: datetime | None) -> Select[Any]:
    """The select of the list's entries in force on the day, as known at the instant."""
    c = entries.c
    return select(entries).where(
        c.list_name == list_name,
        c.effective_from <= on,
        or_(c.effective_to.is_(None), c.effective_to >= on),
        known_then(entries, known_at),
    )
