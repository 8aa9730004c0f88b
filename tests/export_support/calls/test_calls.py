"""Calls: planned by the institute, opened for everybody with the parameters frozen for them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from export_support.calls.model import Call
from export_support.calls.parameters import Frozen, Name, Parameters
from export_support.calls.refusals import OutsideTheWindow
from shared.calls import CallNotOpen, CallOpenAlready, WindowOver, WindowReversed
from shared.refusals import Refusal
from tests.export_support.desk import ELSEWHERE, MONDAY, OFFICER, PLAN, Desk, an_applicant, must, refused

PARAMETERS = Parameters(
    {name.value: Frozen(name.value, "1", "count", UUID(int=1), date(2025, 1, 1), "a test", False) for name in Name}
)
TERMS: dict[str, Any] = {
    "title": "Exporters", "description": "For exporters.", "budget": Decimal("1.00"),
    "opens_on": date(2025, 3, 1), "closes_on": date(2025, 12, 31),
}  # fmt: skip


def a_call(**facts: Any) -> Call:
    return Call(institute="export", created_by="officer-1", created_at=MONDAY, **TERMS | facts)


def an_open_call(**facts: Any) -> Call:
    call = a_call(**facts)
    call.open("officer-1", PARAMETERS, MONDAY)
    return call


VERBS: dict[str, Callable[[Call], object]] = {
    "amend": lambda call: call.amend(**TERMS),
    "open": lambda call: call.open("officer-2", PARAMETERS, MONDAY),
    "take in": lambda call: call.require_intake(MONDAY),
    "read the parameters": lambda call: call.frozen,
}
TABLE: dict[tuple[str, str], type[Refusal] | None] = {
    ("planned", "amend"): None,
    ("planned", "open"): None,
    ("planned", "take in"): CallNotOpen,
    ("planned", "read the parameters"): CallNotOpen,
    ("open", "amend"): CallOpenAlready,
    ("open", "open"): CallOpenAlready,
    ("open", "take in"): None,
    ("open", "read the parameters"): None,
}


@pytest.mark.parametrize(("status", "verb"), TABLE)
def test_each_verb_in_each_status_is_done_or_refused_by_name(status: str, verb: str) -> None:
    call = a_call() if status == "planned" else an_open_call()
    before, expected = call.model_dump(), TABLE[status, verb]
    if expected is None:
        VERBS[verb](call)
    else:
        with pytest.raises(expected):
            VERBS[verb](call)
        assert call.model_dump() == before


def test_the_first_and_the_last_instant_of_the_window_in_almaty_count() -> None:
    call = an_open_call()
    for inside in (datetime(2025, 2, 28, 19, 0, tzinfo=UTC), datetime(2025, 12, 31, 18, 59, 59, 999_999, tzinfo=UTC)):
        call.require_intake(inside)
    for outside in (datetime(2025, 2, 28, 18, 59, 59, 999_999, tzinfo=UTC), datetime(2025, 12, 31, 19, 0, tzinfo=UTC)):
        with pytest.raises(OutsideTheWindow):
            call.require_intake(outside)


def test_a_window_runs_forward_and_is_not_over_when_the_call_opens() -> None:
    with pytest.raises(WindowReversed):
        a_call().amend(**TERMS | {"closes_on": date(2025, 2, 28)})
    with pytest.raises(WindowOver):
        a_call().open("officer-1", PARAMETERS, datetime(2026, 1, 1, 5, 0, tzinfo=UTC))


async def test_a_planned_call_is_the_institutes_own_and_an_open_one_everybodys(desk: Desk) -> None:
    planned = must(await desk.post("/calls", OFFICER, PLAN))
    path, applicant = f"/calls/{planned['id']}", an_applicant()
    assert planned["parameters"] is None
    for other in (applicant, ELSEWHERE):
        refused(await desk.get(path, other), "call-not-found")
    must(await desk.put(path, OFFICER, PLAN | {"budget": "2000.00"}))
    must(await desk.post(f"{path}/opening", OFFICER))
    for other in (applicant, ELSEWHERE):
        assert must(await desk.get(path, other))["budget"] == "2000.00"
    refused(await desk.put(path, OFFICER, PLAN), "call-open-already")
    refused(await desk.post(f"{path}/opening", OFFICER), "call-open-already")


async def test_another_institute_or_an_applicant_neither_opens_nor_amends_a_call(desk: Desk) -> None:
    path = f"/calls/{must(await desk.post('/calls', OFFICER, PLAN))['id']}"
    refused(await desk.post(f"{path}/opening", ELSEWHERE), "call-not-found")
    refused(await desk.put(path, ELSEWHERE, PLAN), "call-not-found")
    assert (await desk.post(f"{path}/opening", an_applicant())).status_code == 403


async def test_the_parameters_of_an_open_call_stay_when_the_register_is_corrected(desk: Desk) -> None:
    call_id = await desk.open_call(opens_on="2025-06-02")
    ceiling = must(await desk.get(f"/calls/{call_id}"))["parameters"]["export.ceiling"]
    assert ceiling["value"] == "75000"
    csv = "name,effective_from,value,unit,mark,source\nexport.ceiling,2025-06-01,80000,MCI,assumed,a test\n"
    must(await desk.post("/list-imports", OFFICER, {"list_name": "parameters", "csv": csv}))
    assert must(await desk.get(f"/calls/{call_id}"))["parameters"]["export.ceiling"] == ceiling
    later = await desk.open_call(title="The next one", opens_on="2025-06-02")
    assert must(await desk.get(f"/calls/{later}"))["parameters"]["export.ceiling"]["value"] == "80000"


async def test_a_call_is_not_opened_where_a_parameter_of_its_first_day_is_not_known(desk: Desk) -> None:
    plan = PLAN | {"opens_on": "2014-12-31"}
    path = f"/calls/{must(await desk.post('/calls', OFFICER, plan))['id']}"
    refused(await desk.post(f"{path}/opening", OFFICER), "parameter-unknown")


async def test_the_database_keeps_an_open_call_as_it_was_announced(desk: Desk) -> None:
    call_id = await desk.open_call()
    for change in ("update call set budget = 1", "update call set parameters = '{}'", "delete from call"):
        async with desk.app.state.database.sessions() as session:
            with pytest.raises(IntegrityError, match="as it was announced"):
                await (await session.connection()).execute(text(f"{change} where id = '{call_id}'"))
