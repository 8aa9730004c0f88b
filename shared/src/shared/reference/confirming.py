"""Confirmation by two different people, neither of them who imported the row; and withdrawal of a mistaken row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.reference.importing import lock_reference, table_of
from shared.reference.lookup import entry_of, parameter_of, reference_row, rows_of
from shared.reference.refusals import (
    AlreadyVerified,
    ImporterMayNotConfirm,
    KnownLater,
    ReferenceRowNotFound,
    ReferenceRowSuperseded,
    SamePersonTwice,
)
from shared.reference.rows import Entry, Parameter
from shared.reference.rules import is_second_confirmation
from shared.reference.tables import reference_import, reference_list_entry, reference_parameter


@dataclass(frozen=True, slots=True)
class ConfirmationReport:
    """What a confirmation of a whole import did: rows confirmed first, rows verified, rows left as they were."""

    import_id: UUID
    first: int
    verified: int
    left: int


async def confirm(session: AsyncSession, row_id: UUID, *, by: str, at: datetime) -> Entry | Parameter:
    """Confirm an entry or a parameter: the first word is noted, the second, of another person, verifies.

    Raises `ReferenceRowNotFound`, `ReferenceRowSuperseded`, `AlreadyVerified`, `ImporterMayNotConfirm` or
    `SamePersonTwice`.
    """
    row, table = await _locked(session, row_id)
    if is_second_confirmation(row, by):
        words: dict[str, Any] = {"verified_by": by, "verified_at": at}
    else:
        words = {"first_confirmed_by": by, "first_confirmed_at": at}
    connection = await session.connection()
    await connection.execute(update(table).where(table.c.id == row_id).values(**words))
    return await reference_row(session, row_id)


async def confirm_import(session: AsyncSession, import_id: UUID, *, by: str, at: datetime) -> ConfirmationReport:
    """Confirm every row of an import that still stands; a row that this person may not confirm further is left.

    Raises `ReferenceRowNotFound`, `ImporterMayNotConfirm`, or, where nothing was left to do, `SamePersonTwice`,
    `AlreadyVerified` or `ReferenceRowSuperseded`.
    """
    found = await rows_of(session, select(reference_import).where(reference_import.c.id == import_id))
    if not found:
        raise ReferenceRowNotFound(row_id=import_id)
    if found[0]["imported_by"] == by:
        raise ImporterMayNotConfirm(row_id=import_id)
    table = table_of(found[0]["list_name"])
    current = (table.c.import_id == import_id, table.c.known_to.is_(None))
    standing = await rows_of(session, select(table).where(*current).order_by(table.c.id).with_for_update())
    second = [
        row["id"] for row in standing if row["verified_by"] is None and row["first_confirmed_by"] not in (None, by)
    ]
    first = [row["id"] for row in standing if row["first_confirmed_by"] is None]
    if not first and not second:
        raise _nothing_left(standing, import_id)
    connection = await session.connection()
    await connection.execute(update(table).where(table.c.id.in_(second)).values(verified_by=by, verified_at=at))
    words = {"first_confirmed_by": by, "first_confirmed_at": at}
    await connection.execute(update(table).where(table.c.id.in_(first)).values(**words))
    return ConfirmationReport(import_id, len(first), len(second), len(standing) - len(first) - len(second))


async def withdraw(session: AsyncSession, row_id: UUID, *, at: datetime) -> Entry | Parameter:
    """End what is known of a row that should never have been: from `at` on it is as if it were not there.

    What was answered before stays explained. Raises `ReferenceRowNotFound`, `ReferenceRowSuperseded`, `KnownLater`.
    """
    await lock_reference(session)
    row, table = await _locked(session, row_id)
    if row.known_to is not None:
        raise ReferenceRowSuperseded(row_id=row_id, known_to=row.known_to)
    if row.known_from > at:
        raise KnownLater(list_name=table.name, known_from=row.known_from, at=at)
    connection = await session.connection()
    await connection.execute(update(table).where(table.c.id == row_id).values(known_to=at))
    return await reference_row(session, row_id)


async def _locked(session: AsyncSession, row_id: UUID) -> tuple[Entry | Parameter, Table]:
    for table, as_row in ((reference_list_entry, entry_of), (reference_parameter, parameter_of)):
        found = await rows_of(session, select(table).where(table.c.id == row_id).with_for_update())
        if found:
            return as_row(found[0], None), table
    raise ReferenceRowNotFound(row_id=row_id)


def _nothing_left(
    standing: list[RowMapping], import_id: UUID
) -> AlreadyVerified | SamePersonTwice | ReferenceRowSuperseded:
    if not standing:
        return ReferenceRowSuperseded(row_id=import_id, known_to="a later import")
    if all(row["verified_by"] is not None for row in standing):
        return AlreadyVerified(row_id=import_id)
    return SamePersonTwice(row_id=import_id)
