"""Routes of dated lists and parameters, the same in every service: reading as of a day, and confirmation by two."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from shared.access.callers import Caller, CurrentCaller, Role, RoleNotAllowed, allowed
from shared.http.edge import CursorInvalid
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.reference import lookup
from shared.reference.confirming import confirm, confirm_import
from shared.reference.lists import LISTS, ListDefinition
from shared.reference.refusals import (
    ListUnknown,
    ParameterUnknown,
    ReferenceRowNotFound,
    ReferenceRowSuperseded,
)
from shared.reference.rows import Entry
from shared.reference.tables import reference_list_entry as entries
from shared.reference.views import EntryAnswer, EntryQuestion, EntryView, ImportConfirmationView, ParameterView
from shared.two_people import AlreadyVerified, SecondPersonWanted
from shared.values.dates import Day, Moment

STAFF = (Role.OFFICER, Role.APPROVER, Role.EXPERT, Role.AUDITOR, Role.OPERATOR, Role.SERVICE)
Confirmer = Annotated[Caller, Depends(allowed(Role.OFFICER, Role.APPROVER))]
CONFIRMATION = (
    RoleNotAllowed,
    ReferenceRowNotFound,
    ReferenceRowSuperseded,
    AlreadyVerified,
    SecondPersonWanted,
)
ParameterName = Annotated[str, Path(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=100)]
ListName = Annotated[str, Path(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
OnDay = Annotated[Day, Query(description="The local day that is asked about.")]
KnownAt = Annotated[Moment | None, Query(description="As known at this instant; absent: as known now.")]


def reference_router(definitions: Mapping[str, ListDefinition] = LISTS) -> Router:
    """The routes over the service's own lists; a list with personal keys is for the staff of the programmes only."""
    router = Router(prefix="/v1", tags=["lists and parameters"])

    def readable(list_name: str, caller: Caller) -> ListDefinition:
        if list_name not in definitions:
            raise ListUnknown(list_name=list_name, known=", ".join(sorted(definitions)))
        if definitions[list_name].personal and caller.roles.isdisjoint(STAFF):
            raise RoleNotAllowed(wanted=", ".join(STAFF))
        return definitions[list_name]

    @router.get("/parameters/{name}", responses=refusals(ParameterUnknown))
    async def get_parameter(
        name: ParameterName, on: OnDay, session: Reading, _: CurrentCaller, known_at: KnownAt = None
    ) -> ParameterView:
        """The value of a parameter in force on a day. Refused, never guessed, where none is known."""
        return ParameterView.of(await lookup.parameter(session, name, on, known_at))

    @router.get("/lists/{list_name}/entries", responses=refusals(ListUnknown, RoleNotAllowed, CursorInvalid))
    async def list_reference_entries(
        list_name: ListName,
        on: OnDay,
        session: Reading,
        caller: CurrentCaller,
        page: WantedPage,
        known_at: KnownAt = None,
    ) -> Page[EntryView]:
        """The entries of a list in force on a day, by key."""
        readable(list_name, caller)
        statement = page.of(lookup.on_day(list_name, on, known_at), entries.c.key)
        found = [lookup.entry_of(row, known_at) for row in await lookup.rows_of(session, statement)]
        return page.page(found, lambda entry: (entry.key,), EntryView.of)

    @router.post("/lists/{list_name}/lookups", responses=refusals(ListUnknown, RoleNotAllowed))
    async def look_up_entry(
        list_name: ListName, question: EntryQuestion, session: Reading, caller: CurrentCaller
    ) -> EntryAnswer:
        """Whether a key is on a list on a day. Changes nothing."""
        readable(list_name, caller)
        search = lookup.entry_by_longest_prefix if question.by_longest_prefix else lookup.find_entry
        found: Entry | None = await search(session, list_name, question.key, question.on, question.known_at)
        loaded = found is not None or await lookup.list_is_loaded(session, list_name, question.known_at)
        return EntryAnswer(loaded=loaded, entry=None if found is None else EntryView.of(found))

    @router.post("/reference-rows/{row_id}/confirmation", responses=refusals(*CONFIRMATION))
    async def confirm_reference_row(
        row_id: UUID, transaction: Transaction, caller: Confirmer, now: Now
    ) -> ParameterView | EntryView:
        """Confirm a row; the second confirmation, of another person, verifies it."""
        row = await confirm(transaction, row_id, by=caller.subject, at=now)
        return EntryView.of(row) if isinstance(row, Entry) else ParameterView.of(row)

    @router.post("/list-imports/{import_id}/confirmation", responses=refusals(*CONFIRMATION))
    async def confirm_list_import(
        import_id: UUID, transaction: Transaction, caller: Confirmer, now: Now
    ) -> ImportConfirmationView:
        """Confirm every row of an import that still stands."""
        return ImportConfirmationView.of(await confirm_import(transaction, import_id, by=caller.subject, at=now))

    return router
