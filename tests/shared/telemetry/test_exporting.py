import pytest
from opentelemetry.sdk.trace import Tracer, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import SpanKind

from shared.telemetry.exporting import Masking, NoStatementRoots, WithoutIdleJobs
from shared.telemetry.spans import JOB, nothing_done

STATEMENT = {"db.system.name": "postgresql", "db.query.text": "select 1"}


@pytest.fixture
def left() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(left: InMemorySpanExporter) -> Tracer:
    provider = TracerProvider(sampler=NoStatementRoots(ALWAYS_ON), shutdown_on_exit=False)
    provider.add_span_processor(WithoutIdleJobs(SimpleSpanProcessor(Masking(left))))
    tracer = provider.get_tracer("test")
    assert isinstance(tracer, Tracer)
    return tracer


def names(left: InMemorySpanExporter) -> list[str]:
    return [span.name for span in left.get_finished_spans()]


def test_a_job_that_found_nothing_to_do_leaves_no_trace(tracer: Tracer, left: InMemorySpanExporter) -> None:
    with tracer.start_as_current_span("job lapse", attributes={JOB: "lapse"}) as job:
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, attributes=STATEMENT):
            pass
        nothing_done(job)
    assert names(left) == []


def test_a_job_that_did_something_leaves_all_of_its_spans(tracer: Tracer, left: InMemorySpanExporter) -> None:
    with tracer.start_as_current_span("job lapse", attributes={JOB: "lapse"}) as job:
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, attributes=STATEMENT):
            pass
        sending = tracer.start_span("send grants.v1")
    sending.end()
    assert names(left) == ["SELECT", "job lapse", "send grants.v1"]
    assert job.get_span_context().trace_id == left.get_finished_spans()[0].context.trace_id


def test_a_job_that_failed_is_seen(tracer: Tracer, left: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="910101300123"), tracer.start_as_current_span("job x", attributes={JOB: "x"}):
        raise ValueError("910101300123")
    (span,) = left.get_finished_spans()
    assert not span.status.is_ok
    assert span.status.description is None
    assert "910101300123" not in span.to_json()


def test_a_statement_outside_of_any_trace_begins_none(tracer: Tracer, left: InMemorySpanExporter) -> None:
    with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, attributes=STATEMENT):
        pass
    with tracer.start_as_current_span("GET", kind=SpanKind.CLIENT):
        pass
    assert names(left) == ["GET"]
