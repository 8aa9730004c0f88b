"""Confirmation by two different people, neither of them who imported the row; and withdrawal of a mistaken row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.http.etag import require_version
from shared.reference.importing import lock_reference, table_of
from shared.reference.lookup import entry_of, parameter_of, reference_row, rows_of
from shared.reference.refusals import KnownLater, ReferenceRowNotFound, ReferenceRowSuperseded
from shared.reference.rows import Entry, Parameter
from shared.reference.rules import require_current, require_proposed, require_unproposed
from shared.reference.tables import reference_import, reference_list_entry, reference_parameter
from shared.two_people import (
    AlreadyVerified,
    SecondPersonWanted,
    confirmation,
    is_second_confirmation,
    require_another,
)


@dataclass(frozen=True, slots=True)
class ConfirmationReport:
    """What a confirmation of a whole import did: rows confirmed first, rows verified, rows left as they were."""

    import_id: UUID
    first: int
    verified: int
    left: int


async def confirm(
    session: AsyncSession, row_id: UUID, *, by: str, at: datetime, revision: int | None = None
) -> Entry | Parameter:
    """Confirm an entry or a parameter: the first word is noted, the second, of another person, verifies.

    The caller holds the lock of the lists. `revision` is what the person has read. Raises `ReferenceRowNotFound`,
    `ReferenceRowSuperseded`, `AlreadyVerified`, `SecondPersonWanted` or `VersionStale`.
    """
    row, table = await _locked(session, row_id, revision)
    require_current(row)
    second = is_second_confirmation(row, by, brought_in_by=row.imported_by)
    return await _changed(session, table, row_id, confirmation(second=second, by=by, at=at))


async def confirm_import(
    session: AsyncSession, import_id: UUID, *, by: str, at: datetime, revision: int | None = None
) -> ConfirmationReport:
    """Confirm every row of an import that still stands; a row that this person may not confirm further is left.

    The caller holds the lock of the lists. Raises `ReferenceRowNotFound`, `VersionStale`, `SecondPersonWanted`, or,
    where nothing was left to do, `AlreadyVerified` or `ReferenceRowSuperseded`.
    """
    found = await rows_of(session, select(reference_import).where(reference_import.c.id == import_id))
    if not found:
        raise ReferenceRowNotFound(row_id=import_id)
    table = table_of(found[0]["list_name"])
    rows = await rows_of(
        session, select(table).where(table.c.import_id == import_id).order_by(table.c.id).with_for_update()
    )
    if revision is not None:
        require_version(revision, revision_of(rows))
    require_another(by, found[0]["imported_by"])
    standing = [row for row in rows if row["known_to"] is None]
    second = [
        row["id"]
        for row in standing
        if row["second_confirmed_by"] is None and row["first_confirmed_by"] not in (None, by)
    ]
    first = [row["id"] for row in standing if row["first_confirmed_by"] is None]
    if not first and not second:
        raise _nothing_left(standing, import_id)
    connection = await session.connection()
    for ids, is_second in ((second, True), (first, False)):
        words = confirmation(second=is_second, by=by, at=at)
        await connection.execute(update(table).where(table.c.id.in_(ids)).values(**words))
    return ConfirmationReport(import_id, len(first), len(second), len(standing) - len(first) - len(second))


def revision_of(rows: Sequence[RowMapping]) -> int:
    """How often the rows of an import have changed since it came in."""
    changes = ("first_confirmed_at", "second_confirmed_at", "withdrawal_proposed_at", "known_to")
    filled = sum(row[name] is not None for row in rows for name in changes)
    return filled + 2 * sum(int(row["withdrawals_rejected"]) for row in rows)


async def propose_withdrawal(
    session: AsyncSession, row_id: UUID, reason: str, *, by: str, at: datetime, revision: int
) -> Entry | Parameter:
    """Propose to withdraw a row that should never have been: the first of two people.

    Raises `ReferenceRowNotFound`, `VersionStale`, `ReferenceRowSuperseded`, `WithdrawalProposedAlready`.
    """
    row, table = await _locked(session, row_id, revision)
    require_unproposed(row)
    proposed = {"withdrawal_proposed_by": by, "withdrawal_proposed_at": at, "withdrawal_reason": reason}
    return await _changed(session, table, row_id, proposed)


async def approve_withdrawal(
    session: AsyncSession, row_id: UUID, *, by: str, at: datetime, revision: int
) -> Entry | Parameter:
    """Withdraw what another person proposed to withdraw. The caller holds the lock of the lists.

    Raises `ReferenceRowNotFound`, `VersionStale`, `ReferenceRowSuperseded`, `WithdrawalNotProposed`,
    `SecondPersonWanted`, `KnownLater`.
    """
    row, table = await _locked(session, row_id, revision)
    require_proposed(row)
    require_another(by, row.withdrawal_proposed_by)
    return await _ended(session, row, table, at, withdrawn_by=by)


async def reject_withdrawal(session: AsyncSession, row_id: UUID, *, revision: int) -> Entry | Parameter:
    """End a proposal to withdraw: by another person, or by who proposed it. The row stands, and may be proposed again.

    Raises `ReferenceRowNotFound`, `VersionStale`, `ReferenceRowSuperseded`, `WithdrawalNotProposed`.
    """
    row, table = await _locked(session, row_id, revision)
    require_proposed(row)
    ended = dict.fromkeys(("withdrawal_proposed_by", "withdrawal_proposed_at", "withdrawal_reason"))
    return await _changed(session, table, row_id, {**ended, "withdrawals_rejected": row.withdrawals_rejected + 1})


async def withdraw(session: AsyncSession, row_id: UUID, *, at: datetime) -> Entry | Parameter:
    """End what is known of a row that the package itself no longer names: from `at` on it is as if it were not there.

    What was answered before stays explained. Raises `ReferenceRowNotFound`, `ReferenceRowSuperseded`, `KnownLater`.
    """
    await lock_reference(session)
    row, table = await _locked(session, row_id)
    require_current(row)
    return await _ended(session, row, table, at)


async def _ended(
    session: AsyncSession, row: Entry | Parameter, table: Table, at: datetime, **words: Any
) -> Entry | Parameter:
    if row.known_from > at:
        raise KnownLater(list_name=table.name, known_from=row.known_from, at=at)
    return await _changed(session, table, row.id, {"known_to": at, **words})


async def _changed(session: AsyncSession, table: Table, row_id: UUID, words: dict[str, Any]) -> Entry | Parameter:
    connection = await session.connection()
    await connection.execute(update(table).where(table.c.id == row_id).values(**words))
    return await reference_row(session, row_id)


async def _locked(session: AsyncSession, row_id: UUID, revision: int | None = None) -> tuple[Entry | Parameter, Table]:
    for table, as_row in ((reference_list_entry, entry_of), (reference_parameter, parameter_of)):
        found = await rows_of(session, select(table).where(table.c.id == row_id).with_for_update())
        if found:
            row = as_row(found[0], None)
            if revision is not None:
                require_version(revision, row.revision)
            return row, table
    raise ReferenceRowNotFound(row_id=row_id)


def _nothing_left(
    standing: list[RowMapping], import_id: UUID
) -> AlreadyVerified | SecondPersonWanted | ReferenceRowSuperseded:
    if not standing:
        return ReferenceRowSuperseded(row_id=import_id, known_to="a later import")
    if all(row["second_confirmed_by"] is not None for row in standing):
        return AlreadyVerified()
    return SecondPersonWanted()
