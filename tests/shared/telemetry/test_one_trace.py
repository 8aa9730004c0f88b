"""One trace from the request to the last handler, on real processes, PostgreSQL and Kafka."""

import asyncio
import io
import re

from rich.console import Console

from tests.shared.telemetry.conftest import System
from tirek_local.traces import ReceivedSpan

HANDLE = "handle probe.counter-raised.v1"


def named(spans: list[ReceivedSpan], name: str) -> list[ReceivedSpan]:
    return [span for span in spans if span.name == name]


def complete(spans: list[ReceivedSpan], count: int) -> bool:
    """Two consumers have handled each event, and the echo's has been sent."""
    sent = named(spans, "send probe.v1")
    return len(named(spans, HANDLE)) >= 2 * count and len(sent) >= 2 * count


async def test_three_requests_give_exactly_three_traces_down_to_the_last_handler(system: System) -> None:
    counters = await system.probe.new_counters(3)
    begun = []
    for counter in counters:
        answer, trace_id = await system.api.send("POST", f"/v1/counters/{counter}/rise")
        assert answer.json() == {"value": 1}
        begun.append(trace_id)
    assert await asyncio.to_thread(system.traces.wait, lambda spans: complete(spans, 3), 30)
    await asyncio.to_thread(system.traces.settle)
    assert sorted(system.traces.trace_ids()) == sorted(begun)
    for trace_id in begun:
        spans = system.traces.spans(trace_id)
        by_id = {span.span_id: span for span in spans}
        (request,) = [span for span in spans if span.kind == "server"]
        assert request.name == "POST /v1/counters/{counter_id}/rise"
        assert request.attributes["http.response.status_code"] == 200
        handled = named(spans, HANDLE)
        assert {span.attributes["tirek.consumer"] for span in handled} == {"notes", "echoes"}
        for span in handled:
            send = by_id[span.parent_id]
            assert (send.name, send.parent_id) == ("send probe.v1", request.span_id)
        (notes,) = [span for span in handled if span.attributes["tirek.consumer"] == "notes"]
        (echoes,) = [span for span in handled if span.attributes["tirek.consumer"] == "echoes"]
        assert "INSERT effect" in [span.name for span in spans if span.parent_id == notes.span_id]
        assert "send probe.v1" in [span.name for span in spans if span.parent_id == echoes.span_id]
        assert "INSERT event" in [span.name for span in spans if span.parent_id == request.span_id]
        assert {span.service for span in spans} == {"probe-api", "probe-worker"}


async def test_what_a_batch_shares_stands_under_one_span_linked_to_every_cause(system: System) -> None:
    counters = await system.probe.new_counters(5)
    sent = await asyncio.gather(*(system.api.send("POST", f"/v1/counters/{counter}/rise") for counter in counters))
    begun = {trace_id for _, trace_id in sent}
    assert await asyncio.to_thread(system.traces.wait, lambda spans: complete(spans, 5), 30)
    await asyncio.to_thread(system.traces.settle)
    assert set(system.traces.trace_ids()) == begun
    settled = named(system.traces.spans(), "settle notes")
    assert {trace_id for span in settled for trace_id, _ in span.links} == begun
    for span in settled:
        assert span.trace_id in {trace_id for trace_id, _ in span.links}
        below = [each.name for each in system.traces.spans(span.trace_id) if each.parent_id == span.span_id]
        assert "INSERT inbox" in below
        assert "COMMIT" in below


async def test_a_service_that_asks_another_has_one_trace_into_the_others_database(system: System) -> None:
    (counter,) = await system.probe.new_counters(1)
    answer, trace_id = await system.api.send("GET", f"/v1/counters/{counter}/elsewhere")
    assert answer.json() == {"value": 0}
    await asyncio.to_thread(system.traces.settle)
    assert system.traces.trace_ids() == [trace_id]
    spans = system.traces.spans(trace_id)
    asking, asked = [span for span in spans if span.kind == "server"]
    (call,) = [span for span in spans if span.kind == "client" and span.parent_id == asking.span_id]
    assert asked.parent_id == call.span_id
    assert "SELECT counter" in [span.name for span in spans if span.parent_id == asked.span_id]
    assert call.attributes["url.full"] == f"{system.api.client.base_url}/v1/counters/{counter}"


async def test_processes_without_work_make_no_trace_at_all(system: System) -> None:
    for _ in range(5):
        await system.api.client.get("/health/ready")
        await asyncio.sleep(0.5)
    await asyncio.to_thread(system.traces.settle, 3)
    assert system.traces.spans() == []


async def test_a_problem_bears_the_id_of_its_trace_and_a_refusal_is_no_failure(system: System) -> None:
    (counter,) = await system.probe.new_counters(1)
    refused, refused_trace = await system.api.send("POST", f"/v1/counters/{counter}/refusal")
    failed, failed_trace = await system.api.send("POST", "/v1/failures/x", json={})
    unknown, unknown_trace = await system.api.send("GET", "/v1/nothing/here")
    assert [answer.status_code for answer in (refused, failed, unknown)] == [422, 500, 404]
    begun = [refused_trace, failed_trace, unknown_trace]
    assert [answer.json()["trace_id"] for answer in (refused, failed, unknown)] == begun
    await asyncio.to_thread(system.traces.settle)
    spans = [next(span for span in system.traces.spans(trace) if span.kind == "server") for trace in begun]
    assert [(span.failed, span.name) for span in spans] == [
        (False, "POST /v1/counters/{counter_id}/refusal"),
        (True, "POST /v1/failures/{iin}"),
        (False, "GET"),
    ]
    assert failed_trace in system.api.log.read_text()


async def test_the_trace_is_shown_as_a_tree_with_times(system: System) -> None:
    (counter,) = await system.probe.new_counters(1)
    _, trace_id = await system.api.send("POST", f"/v1/counters/{counter}/rise")
    assert await asyncio.to_thread(system.traces.wait, lambda spans: complete(spans, 1), 30)
    await asyncio.to_thread(system.traces.settle)
    assert {span.trace_id for span in system.traces.find("tirek.consumer", "echoes")} == {trace_id}
    shown = Console(file=io.StringIO(), width=200)
    shown.print(system.traces.tree(trace_id), system.traces.tree(trace_id, statements=True))
    text = shown.file.getvalue()  # type: ignore[attr-defined]
    assert "probe-api POST /v1/counters/{counter_id}/rise" in text
    assert f"probe-worker {HANDLE} echoes  at " in text
    assert re.search(r", \d+ statements?$", text, re.MULTILINE)
    assert "SELECT counter" in text
