import gzip
import zlib
from collections.abc import Iterator

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from tirek_local.traces import TraceCollector

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def an_export(*names: str) -> bytes:
    spans = [
        Span(trace_id=bytes.fromhex(TRACE), span_id=bytes([0] * 7 + [number]), name=name, start_time_unix_nano=number)
        for number, name in enumerate(names, start=1)
    ]
    resource = ResourceSpans(scope_spans=[ScopeSpans(spans=spans)])
    return bytes(ExportTraceServiceRequest(resource_spans=[resource]).SerializeToString())


@pytest.fixture
def traces() -> Iterator[TraceCollector]:
    with TraceCollector() as collector:
        yield collector


@pytest.mark.parametrize(
    ("encoding", "pack"), [("identity", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress)]
)
def test_an_export_is_taken_plain_or_compressed(traces: TraceCollector, encoding: str, pack: type[bytes]) -> None:
    body = pack(an_export("b", "a"))
    answer = httpx.post(f"{traces.endpoint}/v1/traces", content=body, headers={"content-encoding": encoding})
    assert answer.status_code == 200
    assert [span.name for span in traces.spans(TRACE)] == ["b", "a"]


def test_what_is_no_export_is_refused_and_the_next_one_taken(traces: TraceCollector) -> None:
    with httpx.Client(base_url=traces.endpoint) as client:
        assert client.post("/v1/traces", content=b"\xff\xff\xff").status_code == 400
        assert client.post("/v1/traces", content=b"x", headers={"content-encoding": "gzip"}).status_code == 400
        assert client.post("/v1/metrics", content=b"").status_code == 404
        assert client.post("/v1/traces", content=an_export("a")).status_code == 200
    assert traces.trace_ids() == [TRACE]


def test_a_span_without_its_parent_stands_at_the_top_of_the_tree(traces: TraceCollector) -> None:
    httpx.post(f"{traces.endpoint}/v1/traces", content=an_export("a", "b"))
    assert len(traces.tree(TRACE).children) == 2
    assert [str(branch.label) for branch in traces.tree("0" * 32).children] == ["no spans"]
