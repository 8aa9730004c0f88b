"""A collector that is away, or takes everything and answers nothing, costs nothing but spans."""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.shared.events.worker_process import end, start
from tests.shared.telemetry.conftest import Api, a_probe, api
from tirek_local.servers.ports import free_port
from tirek_local.testing import Servers

REQUESTS = 150
LONGEST_END_SECONDS = 5.0


@asynccontextmanager
async def black_hole() -> AsyncIterator[tuple[str, Callable[[], int]]]:
    """The address of a collector that reads and never answers, and how many have come."""
    came = 0

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        try:
            while await reader.read(65_536):
                pass
        finally:
            writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lambda: came
    finally:
        server.close()


async def median_milliseconds(running: Api, path: str) -> float:
    taken = []
    for _ in range(REQUESTS):
        begin = time.perf_counter()
        answer, _ = await running.send("GET", path)
        taken.append((time.perf_counter() - begin) * 1e3)
        assert answer.status_code == 200
    return statistics.median(taken)


def collector_at(address: str) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_BSP_MAX_QUEUE_SIZE": "512"}


async def test_a_collector_that_never_answers_slows_no_request_and_delays_no_end(
    servers: Servers, tmp_path: Path
) -> None:
    async with a_probe(servers) as probe, black_hole() as (address, came):
        (counter,) = await probe.new_counters(1)
        path = f"/v1/counters/{counter}"
        async with api(probe, tmp_path, **collector_at(address)) as swallowed, api(probe, tmp_path) as without:
            for each in (swallowed, without):
                await median_milliseconds(each, path)
            with_collector = await median_milliseconds(swallowed, path)
            alone = await median_milliseconds(without, path)
            begin = time.monotonic()
            await end(swallowed.process)
            ended_after = time.monotonic() - begin
    assert came() > 0
    assert with_collector < 3 * alone + 10
    assert ended_after < LONGEST_END_SECONDS


@pytest.mark.parametrize("listening", [True, False])
async def test_a_worker_ends_in_time_without_its_collector_and_does_all_its_work(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listening: bool
) -> None:
    async with a_probe(servers) as probe, black_hole() as (address, _):
        for name, value in collector_at(address if listening else f"http://127.0.0.1:{free_port()}").items():
            monkeypatch.setenv(name, value)
        process = await start(probe, tmp_path)
        counters = await probe.new_counters(4)
        await asyncio.gather(*(probe.raise_counter(counter, 5) for counter in counters))
        await probe.until_all_noted(60)
        begin = time.monotonic()
        await end(process)
        assert process.returncode == 0
        assert time.monotonic() - begin < LONGEST_END_SECONDS
        await probe.assert_each_effect_once_and_in_order()


async def test_without_a_collector_every_log_line_is_json_and_bears_the_trace_of_its_request(
    servers: Servers, tmp_path: Path
) -> None:
    async with a_probe(servers) as probe, api(probe, tmp_path) as running:
        answer, trace_id = await running.send("POST", "/v1/failures/x", json={})
        (counter,) = await probe.new_counters(1)
        risen, risen_trace = await running.send("POST", f"/v1/counters/{counter}/rise")
        stored = await probe.query("select traceparent from event")
        audited = await probe.query("select trace_id from audit")
    assert answer.json()["trace_id"] == trace_id
    assert risen.status_code == 200
    assert [row[0].split("-")[1] for row in stored] == [risen_trace]
    assert audited == [(risen_trace,)]
    lines = [json.loads(line) for line in (await asyncio.to_thread(running.log.read_text)).splitlines()]
    (failed,) = [line for line in lines if "exception" in line]
    assert failed["trace_id"] == trace_id
    assert {line["process"] for line in lines} == {"probe-api"}
