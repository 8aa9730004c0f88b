"""Numbers of persons, phones and tokens go in by every door, and come out neither in a log nor in a span."""

import asyncio
from pathlib import Path

from tests.shared.telemetry.conftest import System

IIN = "910101300123"
PHONE = "+77011234567"
NAME = "Aigul-Canary"


async def test_canaries_in_path_query_body_and_failure_show_up_in_no_span_and_no_log(system: System) -> None:
    person = {"phone": PHONE, "name": NAME}
    answers = [
        await system.api.send("POST", f"/v1/people/{IIN}", json=person, params={"iin": IIN}),
        await system.api.send("POST", f"/v1/failures/{IIN}", json=person),
        await system.api.send("POST", f"/v1/{IIN}", json=person),
        await system.api.send("GET", f"/v1/counters/{IIN}", params={"phone": PHONE}),
    ]
    assert [answer.status_code for answer, _ in answers] == [500, 500, 404, 422]
    (counter,) = await system.probe.new_counters(1)
    await system.api.send("GET", f"/v1/counters/{counter}/elsewhere")
    await asyncio.to_thread(system.traces.settle)
    spans = repr(system.traces.spans())
    assert "INSERT person" in spans
    log = await asyncio.to_thread(Path.read_text, system.api.log)
    assert "uq_person_iin" in log
    assert "<number>" in log
    for canary in (IIN, PHONE, PHONE[1:], "7011234567", system.api.token):
        assert canary not in spans
        assert canary not in log


async def test_values_of_a_statement_are_in_no_span_and_a_failure_shows_its_kind_only(system: System) -> None:
    await system.api.send("POST", f"/v1/people/{IIN}", json={"phone": PHONE})
    await asyncio.to_thread(system.traces.settle)
    first, second = [span for span in system.traces.spans() if span.name == "INSERT person"]
    assert first.attributes["db.query.text"] == "insert into person values ($1)"
    assert (first.failed, second.failed) == (False, True)
    assert [dict(attributes) for _, attributes in second.events] == [
        {"exception.type": "asyncpg.exceptions.UniqueViolationError", "exception.escaped": "False"}
    ]
