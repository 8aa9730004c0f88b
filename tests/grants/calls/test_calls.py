"""Calls: planned by the institute, opened for everybody, awarded within their budget."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from grants.calls.model import BudgetExhausted, Call, OutsideTheWindow
from shared.calls import CallNotOpen, CallOpenAlready, WindowOver, WindowReversed
from shared.refusals import Refusal
from tests.grants.builders import MONDAY, a_call
from tests.grants.desk import ELSEWHERE, EXPERTS, OFFICER, Desk, an_applicant, must, refused

TERMS: dict[str, Any] = {
    "title": "Pumps",
    "description": "For makers of pumps.",
    "budget": Decimal("1.00"),
    "opens_on": date(2024, 11, 1),
    "closes_on": date(2024, 12, 31),
}


def an_open_call(**facts: Any) -> Call:
    call = a_call(**facts)
    call.open("officer-1", MONDAY)
    return call


VERBS: dict[str, Callable[[Call], object]] = {
    "amend": lambda call: call.amend(**TERMS),
    "open": lambda call: call.open("officer-2", MONDAY),
    "take in": lambda call: call.require_intake(MONDAY),
    "award": lambda call: call.award(Decimal("1.00")),
}
TABLE: dict[tuple[str, str], type[Refusal] | None] = {
    ("planned", "amend"): None,
    ("planned", "open"): None,
    ("planned", "take in"): CallNotOpen,
    ("planned", "award"): CallNotOpen,
    ("open", "amend"): CallOpenAlready,
    ("open", "open"): CallOpenAlready,
    ("open", "take in"): None,
    ("open", "award"): None,
}


@pytest.mark.parametrize(("status", "verb"), TABLE)
def test_each_verb_in_each_status_is_done_or_refused_by_name(status: str, verb: str) -> None:
    call = a_call() if status == "planned" else an_open_call()
    before = call.model_dump()
    expected = TABLE[status, verb]
    if expected is None:
        VERBS[verb](call)
    else:
        with pytest.raises(expected):
            VERBS[verb](call)
        assert call.model_dump() == before


def test_the_window_includes_its_first_and_its_last_day_in_almaty() -> None:
    call = an_open_call(opens_on=date(2024, 11, 1), closes_on=date(2024, 12, 31))
    call.require_intake(datetime(2024, 10, 31, 19, 0, tzinfo=UTC))
    call.require_intake(datetime(2024, 12, 31, 18, 59, 59, tzinfo=UTC))
    for outside in (datetime(2024, 10, 31, 18, 59, 59, tzinfo=UTC), datetime(2024, 12, 31, 19, 0, tzinfo=UTC)):
        with pytest.raises(OutsideTheWindow):
            call.require_intake(outside)


def test_a_window_runs_forward_and_is_not_over_when_the_call_opens() -> None:
    with pytest.raises(WindowReversed):
        a_call().amend(**{**TERMS, "closes_on": date(2024, 10, 31)})
    with pytest.raises(WindowOver):
        a_call().open("officer-1", datetime(2025, 1, 1, 5, 0, tzinfo=UTC))


def test_awards_come_out_of_the_budget_and_no_further() -> None:
    call = an_open_call(budget=Decimal("100.00"))
    call.award(Decimal("99.99"))
    with pytest.raises(BudgetExhausted):
        call.award(Decimal("0.02"))
    call.award(Decimal("0.01"))
    assert call.awarded == call.budget


PLAN = {
    "title": "Cables",
    "description": "For makers of cables.",
    "budget": "1000.00",
    "opens_on": "2024-11-01",
    "closes_on": "2024-12-31",
}


async def test_a_planned_call_is_the_institutes_own_and_an_open_one_everybodys(desk: Desk) -> None:
    planned = must(await desk.post("/calls", OFFICER, PLAN))
    path = f"/calls/{planned['id']}"
    for other in (desk.applicant, ELSEWHERE, EXPERTS[0]):
        refused(await desk.get(path, other), "call-not-found")
    must(await desk.put(path, OFFICER, {**PLAN, "budget": "2000.00"}))
    must(await desk.post(f"{path}/opening", OFFICER))
    for other in (desk.applicant, ELSEWHERE, EXPERTS[0]):
        assert must(await desk.get(path, other))["budget"] == "2000.00"
    refused(await desk.put(path, OFFICER, PLAN), "call-open-already")
    refused(await desk.post(f"{path}/opening", OFFICER), "call-open-already")


async def test_another_institute_cannot_open_or_amend_a_call(desk: Desk) -> None:
    path = f"/calls/{must(await desk.post('/calls', OFFICER, PLAN))['id']}"
    refused(await desk.post(f"{path}/opening", ELSEWHERE), "call-not-found")
    refused(await desk.put(path, ELSEWHERE, PLAN), "call-not-found")
    for person in (desk.applicant, an_applicant(), EXPERTS[0]):
        assert (await desk.post(f"{path}/opening", person)).status_code == 403
    assert (await desk.post("/calls", EXPERTS[0], PLAN)).status_code == 403


async def test_calls_are_listed_by_status(desk: Desk) -> None:
    planned = must(await desk.post("/calls", OFFICER, PLAN))["id"]
    seen = must(await desk.get("/calls", OFFICER, status="planned", institute="industry", limit=200))["items"]
    assert planned in {call["id"] for call in seen}
    seen = must(await desk.get("/calls", desk.applicant, status="planned"))["items"]
    assert seen == []


async def test_a_draft_is_begun_in_an_open_call_only(desk: Desk) -> None:
    planned = must(await desk.post("/calls", OFFICER, PLAN))["id"]
    body = {"call_id": planned, "applicant": {"name": "Sample", "number": desk.applicant.bin}}
    refused(await desk.post("/applications", desk.applicant, body), "call-not-found")
