"""Routes by which officers keep the lists and parameters: import, confirmation by two, withdrawal by two."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlalchemy import Select, literal, select, union_all

from shared.access.callers import Caller, Role, RoleNotAllowed, allowed
from shared.http.edge import CursorInvalid
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, ServiceClock, Transaction
from shared.reference import confirming, lookup
from shared.reference.importing import import_list, lock_reference, table_of
from shared.reference.lists import PARAMETERS, ListDefinition
from shared.reference.refusals import (
    KnownLater,
    ListFileRefused,
    ListUnknown,
    ReferenceRowNotFound,
    ReferenceRowSuperseded,
    WithdrawalNotProposed,
    WithdrawalProposedAlready,
)
from shared.reference.rows import Entry, Parameter
from shared.reference.tables import reference_import as imports
from shared.reference.tables import reference_list_entry as entries
from shared.reference.tables import reference_parameter as parameters
from shared.reference.views import (
    EntryView,
    ImportConfirmationView,
    ImportView,
    NewImport,
    NewWithdrawal,
    ParameterView,
    ReportView,
)
from shared.two_people import AlreadyVerified, SecondPersonWanted
from shared.values.text import Name

STAFF = (Role.OFFICER, Role.APPROVER, Role.EXPERT, Role.AUDITOR, Role.OPERATOR, Role.SERVICE)
Keeper = Annotated[Caller, Depends(allowed(Role.OFFICER, Role.APPROVER))]
Reader = Depends(allowed(*STAFF))
CONFIRMATION = (RoleNotAllowed, ReferenceRowNotFound, ReferenceRowSuperseded, AlreadyVerified, SecondPersonWanted)
OfList = Annotated[Name | None, Query(description="Only of this list; `parameters` are the parameters.")]
OfImport = Annotated[UUID | None, Query(description="Only what this import brought in.")]
IsVerified = Annotated[bool | None, Query(description="Only rows that two people have confirmed, or not.")]


def add_upkeep(router: Router, definitions: Mapping[str, ListDefinition]) -> None:
    """Add the routes by which the rows of these lists come in, are confirmed and withdrawn."""
    _add_imports(router, definitions)
    _add_rows(router)
    _add_withdrawal(router)


def _add_imports(router: Router, definitions: Mapping[str, ListDefinition]) -> None:
    @router.post(
        "/list-imports", status_code=201, responses=refusals(RoleNotAllowed, ListUnknown, ListFileRefused, KnownLater)
    )
    async def import_reference_list(
        asked: NewImport, transaction: Transaction, caller: Keeper, clock: ServiceClock
    ) -> ReportView:
        """Take a CSV file into a list or the parameters, whole or not at all; every row comes in unverified.

        A verified row is corrected only by a second person: after another has proposed to withdraw it.
        """
        await lock_reference(transaction)
        report = await import_list(
            transaction,
            asked.list_name,
            asked.csv.encode(),
            at=clock.now(),
            by=caller.subject,
            person=caller.subject,
            definitions=definitions,
        )
        return ReportView.model_validate(report.require_accepted())

    @router.get("/list-imports", dependencies=[Reader], responses=refusals(RoleNotAllowed, CursorInvalid))
    async def list_imports(session: Reading, page: WantedPage, list_name: OfList = None) -> Page[ImportView]:
        """The files that changed something, the newest first."""
        statement = select(imports)
        if list_name is not None:
            statement = statement.where(imports.c.list_name == list_name)
        found = await lookup.rows_of(session, page.of(statement, imports.c.imported_at, imports.c.id, descending=True))
        return page.page(found, lambda row: (row["imported_at"], row["id"]), lambda row: ImportView.of(dict(row)))

    @router.get(
        "/list-imports/{import_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, ReferenceRowNotFound)
    )
    async def read_list_import(import_id: UUID, session: Reading, response: Response) -> ImportView:
        """One file that changed something; its ETag counts what has happened to its rows since."""
        found = await lookup.rows_of(session, select(imports).where(imports.c.id == import_id))
        if not found:
            raise ReferenceRowNotFound(row_id=import_id)
        table = table_of(found[0]["list_name"])
        rows = await lookup.rows_of(session, select(table).where(table.c.import_id == import_id))
        tag(response, confirming.revision_of(rows))
        return ImportView.of(dict(found[0]))

    @router.post("/list-imports/{import_id}/confirmation", responses=refusals(*CONFIRMATION))
    async def confirm_list_import(
        import_id: UUID, transaction: Transaction, caller: Keeper, clock: ServiceClock, revision: IfMatch
    ) -> ImportConfirmationView:
        """Confirm every row of an import that still stands."""
        await lock_reference(transaction)
        report = await confirming.confirm_import(
            transaction, import_id, by=caller.subject, at=clock.now(), revision=revision
        )
        return ImportConfirmationView.of(report)


def _add_rows(router: Router) -> None:
    @router.get("/reference-rows", dependencies=[Reader], responses=refusals(RoleNotAllowed, CursorInvalid))
    async def list_reference_rows(
        session: Reading,
        page: WantedPage,
        list_name: OfList = None,
        import_id: OfImport = None,
        verified: IsVerified = None,
    ) -> Page[ParameterView | EntryView]:
        """The rows that are known now, of all lists and the parameters, the oldest import first."""
        known = union_all(_known(list_name, import_id, verified, of_parameters=False),
                          _known(list_name, import_id, verified, of_parameters=True)).subquery()  # fmt: skip
        ids = [row["id"] for row in await lookup.rows_of(session, page.of(select(known.c.id), known.c.id))]
        rows: dict[UUID, Entry | Parameter] = {
            row["id"]: lookup.entry_of(row, None)
            for row in await lookup.rows_of(session, select(entries).where(entries.c.id.in_(ids)))
        }
        rows |= {
            row["id"]: lookup.parameter_of(row, None)
            for row in await lookup.rows_of(session, select(parameters).where(parameters.c.id.in_(ids)))
        }
        return page.page([rows[each] for each in ids], lambda row: (row.id,), _view)

    @router.get(
        "/reference-rows/{row_id}", dependencies=[Reader], responses=refusals(RoleNotAllowed, ReferenceRowNotFound)
    )
    async def read_reference_row(row_id: UUID, session: Reading, response: Response) -> ParameterView | EntryView:
        """One row, superseded or not."""
        row = await lookup.reference_row(session, row_id)
        tag(response, row.revision)
        return _view(row)

    @router.post("/reference-rows/{row_id}/confirmation", responses=refusals(*CONFIRMATION))
    async def confirm_reference_row(
        row_id: UUID,
        transaction: Transaction,
        caller: Keeper,
        clock: ServiceClock,
        revision: IfMatch,
        response: Response,
    ) -> ParameterView | EntryView:
        """Confirm a row; the second confirmation, of another person, verifies it."""
        await lock_reference(transaction)
        row = await confirming.confirm(transaction, row_id, by=caller.subject, at=clock.now(), revision=revision)
        tag(response, row.revision)
        return _view(row)


def _add_withdrawal(router: Router) -> None:
    @router.post(
        "/reference-rows/{row_id}/withdrawal-proposal",
        responses=refusals(RoleNotAllowed, ReferenceRowNotFound, ReferenceRowSuperseded, WithdrawalProposedAlready),
    )
    async def propose_withdrawal(
        row_id: UUID,
        asked: NewWithdrawal,
        transaction: Transaction,
        caller: Keeper,
        now: Now,
        revision: IfMatch,
        response: Response,
    ) -> ParameterView | EntryView:
        """Propose to withdraw a row that should never have been. Nothing changes until another person approves."""
        row = await confirming.propose_withdrawal(
            transaction, row_id, asked.reason, by=caller.subject, at=now, revision=revision
        )
        tag(response, row.revision)
        return _view(row)

    @router.post(
        "/reference-rows/{row_id}/withdrawal-approval",
        responses=refusals(
            RoleNotAllowed,
            ReferenceRowNotFound,
            ReferenceRowSuperseded,
            WithdrawalNotProposed,
            SecondPersonWanted,
            KnownLater,
        ),
    )
    async def approve_withdrawal(
        row_id: UUID,
        transaction: Transaction,
        caller: Keeper,
        clock: ServiceClock,
        revision: IfMatch,
        response: Response,
    ) -> ParameterView | EntryView:
        """Withdraw what another person proposed to withdraw. What was answered before stays explained."""
        await lock_reference(transaction)
        row = await confirming.approve_withdrawal(
            transaction, row_id, by=caller.subject, at=clock.now(), revision=revision
        )
        tag(response, row.revision)
        return _view(row)

    @router.post(
        "/reference-rows/{row_id}/withdrawal-rejection",
        dependencies=[Depends(allowed(Role.OFFICER, Role.APPROVER))],
        responses=refusals(RoleNotAllowed, ReferenceRowNotFound, ReferenceRowSuperseded, WithdrawalNotProposed),
    )
    async def reject_withdrawal(
        row_id: UUID, transaction: Transaction, revision: IfMatch, response: Response
    ) -> ParameterView | EntryView:
        """End a proposal to withdraw, one's own or another's. The row stands; its ETag has moved on."""
        row = await confirming.reject_withdrawal(transaction, row_id, revision=revision)
        tag(response, row.revision)
        return _view(row)


def _known(list_name: str | None, import_id: UUID | None, verified: bool | None, *, of_parameters: bool) -> Select[Any]:
    """The ids of the rows that are known now, of the lists or of the parameters."""
    table = parameters if of_parameters else entries
    statement = select(table.c.id).where(table.c.known_to.is_(None))
    if list_name is not None:
        same = literal(PARAMETERS) if of_parameters else table.c.list_name
        statement = statement.where(same == list_name)
    if import_id is not None:
        statement = statement.where(table.c.import_id == import_id)
    if verified is not None:
        statement = statement.where(table.c.second_confirmed_by.is_not(None) == verified)
    return statement


def _view(row: Entry | Parameter) -> ParameterView | EntryView:
    return EntryView.of(row) if isinstance(row, Entry) else ParameterView.of(row)
