"""Import of a list or of parameters from CSV: all or nothing, repeatable, every row unverified whatever the file says.

A row of the file whose key and first day are known and whose content differs corrects the known row: it becomes
superseded, the new one is known from now on and starts unverified. What the file does not name stays as it is.
A row that two people have verified is no one person's to correct: another has proposed its withdrawal first.
What an installation brings corrects nothing: a row of a key and first day that was ever known is left as it is.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, case, insert, select, text, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.calendar.local_days import day_begins
from shared.identity import new_id
from shared.reference.cells import CellError, FileRow, overlapping, read_file
from shared.reference.lists import LISTS, PARAMETERS, ListDefinition
from shared.reference.lookup import rows_of
from shared.reference.refusals import KnownLater, ListFileRefused, ListUnknown
from shared.reference.tables import reference_import, reference_list_entry, reference_parameter
from shared.values.wrong import Words

REFERENCE_LOCK = 7_311_042_001
"""The advisory lock: writers take it exclusively, an answer "as known now" that is kept shares it."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. With errors nothing was taken; `import_id` is None where nothing changed."""

    list_name: str
    digest: str
    rows: int = 0
    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    waiting: int = 0
    import_id: UUID | None = None
    errors: list[CellError] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether the file was without errors."""
        return not self.errors

    def require_accepted(self) -> "ImportReport":
        """The report itself; raises `ListFileRefused` where the file has errors."""
        if self.errors:
            raise ListFileRefused(self.errors, list_name=self.list_name)
        return self


@dataclass(slots=True)
class _Plan:
    new: list[tuple[FileRow, datetime]] = field(default_factory=list)
    superseded: list[UUID] = field(default_factory=list)
    withdrawn: list[UUID] = field(default_factory=list)
    unchanged: int = 0
    waiting: int = 0
    errors: list[CellError] = field(default_factory=list)


async def import_list(
    session: AsyncSession,
    list_name: str,
    content: bytes,
    *,
    at: datetime,
    by: str | None = None,
    person: str | None = None,
    installation: bool = False,
    definitions: Mapping[str, ListDefinition] = LISTS,
) -> ImportReport:
    """Take a CSV file into a list, or into the parameters (`list_name="parameters"`); the caller commits.

    Every row becomes known at `at`. A row that is verified gives way only where `person`, whom a token names, is the
    second to want it gone; a parameter's value that comes in behind a verified one waits until it is verified. With
    `installation` a row without any history is known since the day in its column `known_from`, else since its first
    day: what was announced before the system existed was known before it. Raises `ListUnknown`; whatever is wrong with
    the file is in the report.
    """
    if list_name != PARAMETERS and list_name not in definitions:
        raise ListUnknown(list_name=list_name, known=", ".join(sorted((*definitions, PARAMETERS))))
    digest = hashlib.sha256(content).hexdigest()
    rows, errors = read_file(None if list_name == PARAMETERS else definitions[list_name], content)
    if not installation:
        errors += [
            CellError(row.line, "known_from", f'"{row.known_on}"', "nothing: only an installation tells it")
            for row in rows
            if row.known_on is not None
        ]
    if errors:
        return ImportReport(list_name, digest, len(rows), errors=errors)
    await lock_reference(session)
    past = await _history(session, list_name, rows)
    plan = _plan(list_name, rows, past, at, person=person, installation=installation)
    if plan.errors:
        return ImportReport(list_name, digest, len(rows), errors=plan.errors)
    import_id = await _write(session, list_name, plan, digest, at, by, person) if plan.new else None
    added, corrected = len(plan.new) - len(plan.superseded), len(plan.superseded)
    return ImportReport(list_name, digest, len(rows), added, corrected, plan.unchanged, plan.waiting, import_id)


async def lock_reference(session: AsyncSession) -> None:
    """Keep every other writer and every sharing reader out until the end of the transaction."""
    connection = await session.connection()
    await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": REFERENCE_LOCK})


async def share_reference(session: AsyncSession) -> None:
    """Keep writers out until the end of the transaction, so that what is read as known now stays the answer."""
    connection = await session.connection()
    await connection.execute(text("select pg_advisory_xact_lock_shared(:key)"), {"key": REFERENCE_LOCK})


def table_of(list_name: str) -> Table:
    """The table that holds the list."""
    return reference_parameter if list_name == PARAMETERS else reference_list_entry


async def _history(session: AsyncSession, list_name: str, rows: list[FileRow]) -> dict[str, list[RowMapping]]:
    table = table_of(list_name)
    statement = select(table)
    if list_name != PARAMETERS:
        statement = statement.where(table.c.list_name == list_name)
    keys = {row.key for row in rows}
    history: dict[str, list[RowMapping]] = {key: [] for key in keys}
    for stored in await rows_of(session, statement):
        if _key(stored) in keys:
            history[_key(stored)].append(stored)
    return history


def _key(stored: RowMapping) -> str:
    return str(stored["key"] if "key" in stored else stored["name"])


def _plan(
    list_name: str,
    rows: list[FileRow],
    history: dict[str, list[RowMapping]],
    at: datetime,
    *,
    person: str | None,
    installation: bool,
) -> _Plan:
    plan = _Plan()
    named = {(row.key, row.effective_from) for row in rows}
    for row in rows:
        past = history[row.key]
        if installation and any(stored["effective_from"] == row.effective_from for stored in past):
            plan.unchanged += 1
            continue
        current = {stored["effective_from"]: stored for stored in past if stored["known_to"] is None}
        if list_name != PARAMETERS:
            others = [stored for day, stored in current.items() if (row.key, day) not in named]
            plan.errors += [
                overlapping(
                    row,
                    Words(
                        '"{day}" while the known row of {since} still holds',
                        day=row.effective_from,
                        since=o["effective_from"],
                    ),
                )
                for o in others
                if _meet(row, o)
            ]
        same = current.get(row.effective_from)
        if same is not None and _content(same) == _content_of(row, list_name):
            plan.unchanged += 1
            continue
        later = [when for stored in past if (when := stored["known_to"] or stored["known_from"]) > at]
        if later:
            raise KnownLater(list_name=list_name, known_from=max(later), at=at)
        if same is not None:
            _supersede(plan, row, same, person)
        if list_name == PARAMETERS:
            plan.waiting += _comes_behind(row, current)
        known_from = at
        if installation and not past:
            known_from = min(at, day_begins(row.known_on or row.effective_from))
        plan.new.append((row, known_from))
    return plan


def _supersede(plan: _Plan, row: FileRow, stored: RowMapping, person: str | None) -> None:
    """Plan the end of a row; a verified one gives way to a second person, after another has proposed to withdraw it."""
    if stored["second_confirmed_by"] is not None:
        if person is None or stored["withdrawal_proposed_by"] in (None, person):
            there = Words('"{day}", which two people have confirmed with another content', day=row.effective_from)
            wanted = Words("a withdrawal that another person has proposed")
            plan.errors.append(CellError(row.line, "effective_from", there, wanted))
        plan.withdrawn.append(stored["id"])
    plan.superseded.append(stored["id"])


def _comes_behind(row: FileRow, current: Mapping[date, RowMapping]) -> bool:
    """Whether an earlier value of the parameter is verified, so that this one waits until it is verified too."""
    return any(
        day < row.effective_from and stored["second_confirmed_by"] is not None for day, stored in current.items()
    )


def _meet(row: FileRow, stored: RowMapping) -> bool:
    last, stored_last = row.effective_to or date.max, stored["effective_to"] or date.max
    return bool(row.effective_from <= stored_last and stored["effective_from"] <= last)


def _content(stored: RowMapping) -> dict[str, Any]:
    names = ("value", "unit") if "value" in stored else ("effective_to", "attributes")
    return {name: stored[name] for name in (*names, "mark", "source")}


def _content_of(row: FileRow, list_name: str) -> dict[str, Any]:
    if list_name == PARAMETERS:
        return {**row.content, "mark": row.mark, "source": row.source}
    dated = {"effective_to": row.effective_to, "attributes": row.content}
    return {**dated, "mark": row.mark, "source": row.source}


async def _write(
    session: AsyncSession,
    list_name: str,
    plan: _Plan,
    digest: str,
    at: datetime,
    by: str | None,
    person: str | None,
) -> UUID:
    connection = await session.connection()
    table, import_id = table_of(list_name), new_id()
    await connection.execute(
        insert(reference_import).values(
            id=import_id,
            list_name=list_name,
            digest=digest,
            rows=len(plan.new) + plan.unchanged,
            added=len(plan.new) - len(plan.superseded),
            corrected=len(plan.superseded),
            unchanged=plan.unchanged,
            imported_by=by,
            imported_at=at,
        )
    )
    if plan.superseded:
        gone = case((table.c.id.in_(plan.withdrawn), person))
        await connection.execute(
            update(table).where(table.c.id.in_(plan.superseded)).values(known_to=at, withdrawn_by=gone)
        )
    await connection.execute(
        insert(table),
        [
            {
                "id": new_id(),
                **({"name": row.key} if list_name == PARAMETERS else {"list_name": list_name, "key": row.key}),
                "effective_from": row.effective_from,
                **_content_of(row, list_name),
                "known_from": known_from,
                "import_id": import_id,
                "imported_by": by,
            }
            for row, known_from in plan.new
        ],
    )
    return import_id
