"""Routes of dated lists and parameters, the same in every service: what there is, and reading as of a day."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Path, Query

from shared.access.callers import Caller, CurrentCaller, RoleNotAllowed
from shared.http.edge import CursorInvalid
from shared.http.known import KnownAt, MomentNotReached, require_reached
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading
from shared.reference import lookup
from shared.reference.lists import LISTS, PARAMETERS, ListDefinition
from shared.reference.refusals import ListUnknown, ParameterUnknown
from shared.reference.rows import Entry
from shared.reference.tables import reference_list_entry as entries
from shared.reference.tables import reference_parameter as parameters
from shared.reference.upkeep import STAFF, add_upkeep
from shared.reference.views import EntryAnswer, EntryQuestion, EntryView, ListView, ParameterView
from shared.values.dates import Day

ParameterName = Annotated[str, Path(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=100)]
ListName = Annotated[str, Path(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
OnDay = Annotated[Day, Query(description="The local day that is asked about.")]


def reference_router(definitions: Mapping[str, ListDefinition] = LISTS) -> Router:
    """The routes over the service's own lists; a list with personal keys is for the staff of the programmes only."""
    router = Router(prefix="/v1", tags=["lists and parameters"])

    def readable(list_name: str, caller: Caller) -> ListDefinition:
        if list_name not in definitions:
            raise ListUnknown(list_name=list_name, known=", ".join(sorted(definitions)))
        if definitions[list_name].personal and caller.roles.isdisjoint(STAFF):
            raise RoleNotAllowed(wanted=", ".join(STAFF))
        return definitions[list_name]

    @router.get("/lists", responses=refusals(CursorInvalid))
    async def list_lists(_: CurrentCaller, page: WantedPage) -> Page[ListView]:
        """The lists that the service keeps, with the columns of their files; `parameters` is imported as a list is."""
        after = "" if page.after is None else page.after[0]
        known = {**definitions, PARAMETERS: None}
        names = [name for name in sorted(known) if name > after][: page.limit + 1]
        return page.page(names, lambda name: (name,), lambda name: ListView.of(name, known[name]))

    @router.get("/parameters", responses=refusals(CursorInvalid))
    async def list_parameters(
        on: OnDay, session: Reading, _: CurrentCaller, page: WantedPage, known_at: KnownAt
    ) -> Page[ParameterView]:
        """The values in force on a day, by name."""
        statement = page.of(lookup.parameters_in_force(on, known_at), parameters.c.name)
        found = [lookup.parameter_of(row, known_at) for row in await lookup.rows_of(session, statement)]
        return page.page(found, lambda value: (value.name,), ParameterView.of)

    @router.get("/parameters/{name}", responses=refusals(ParameterUnknown))
    async def get_parameter(
        name: ParameterName, on: OnDay, session: Reading, _: CurrentCaller, known_at: KnownAt
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
        known_at: KnownAt,
    ) -> Page[EntryView]:
        """The entries of a list in force on a day, by key."""
        readable(list_name, caller)
        statement = page.of(lookup.on_day(list_name, on, known_at), entries.c.key)
        found = [lookup.entry_of(row, known_at) for row in await lookup.rows_of(session, statement)]
        return page.page(found, lambda entry: (entry.key,), EntryView.of)

    @router.post("/lists/{list_name}/lookups", responses=refusals(ListUnknown, RoleNotAllowed, MomentNotReached))
    async def look_up_entry(
        list_name: ListName, question: EntryQuestion, session: Reading, caller: CurrentCaller, now: Now
    ) -> EntryAnswer:
        """Whether a key is on a list on a day. Changes nothing."""
        readable(list_name, caller)
        require_reached(question.known_at, now)
        search = lookup.entry_by_longest_prefix if question.by_longest_prefix else lookup.find_entry
        found: Entry | None = await search(session, list_name, question.key, question.on, question.known_at)
        loaded = found is not None or await lookup.list_is_loaded(session, list_name, question.known_at)
        return EntryAnswer(loaded=loaded, entry=None if found is None else EntryView.of(found))

    add_upkeep(router, definitions)
    return router
