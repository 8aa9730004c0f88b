"""Sets up logs and traces of a process, and ends them in bounded time whatever the collector does."""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable
from contextlib import suppress

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from shared.settings import ServiceSettings
from shared.telemetry.exporting import Masking, NoStatementRoots, WithoutIdleJobs
from shared.telemetry.logs import set_up_logs

OTLP_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
TIMEOUT_VARIABLES = ("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
EXPORT_SECONDS = 5.0
LAST_SECONDS = 2.0
MOST_LINKS = "500"
"""As many as a batch has events; the SDK would keep 128."""


def set_up_telemetry(process: str, settings: ServiceSettings) -> None:
    """Logs to standard output; spans to the collector of the standard `OTEL_…` variables, or to none.

    Without a collector each request, job and event still has a trace id, in logs, problems and rows; no span is kept.
    """
    set_up_logs(process)
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return
    resource = _resource(process, settings)
    if not _collector_wanted():
        trace.set_tracer_provider(TracerProvider(sampler=ALWAYS_OFF, resource=resource, shutdown_on_exit=False))
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    timeout = None if any(os.environ.get(name) for name in TIMEOUT_VARIABLES) else EXPORT_SECONDS
    trace.set_tracer_provider(exporting_provider(OTLPSpanExporter(timeout=timeout), resource))
    atexit.register(end_spans)
    instrument()


def exporting_provider(exporter: SpanExporter, resource: Resource) -> TracerProvider:
    """Spans in batches to the exporter, through a bounded queue (`OTEL_BSP_…`) that drops when it is full."""
    os.environ.setdefault("OTEL_SPAN_LINK_COUNT_LIMIT", MOST_LINKS)
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.sampler = NoStatementRoots(provider.sampler)
    provider.add_span_processor(WithoutIdleJobs(BatchSpanProcessor(Masking(exporter))))
    return provider


def instrument() -> None:
    """Spans for statements and for requests to other services, with today's names of their attributes."""
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
    from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

    AsyncPGInstrumentor(capture_parameters=False).instrument()  # type: ignore[no-untyped-call]
    HTTPXClientInstrumentor().instrument()


async def flush_spans(seconds: float = LAST_SECONDS) -> None:
    """Send what is waiting, for so long at most; the loop goes on meanwhile."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        return
    loop, sent = asyncio.get_running_loop(), asyncio.Event()

    def flush() -> None:
        provider.force_flush()
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(sent.set)

    _in_thread(flush)
    with suppress(TimeoutError):
        await asyncio.wait_for(sent.wait(), seconds)


def end_spans(seconds: float = LAST_SECONDS) -> None:
    """Send what is waiting, for so long at most, and take no more spans."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        _in_thread(provider.shutdown).join(seconds)


def _in_thread(work: Callable[[], object]) -> threading.Thread:
    """The process does not wait for this thread when it ends."""
    thread = threading.Thread(target=work, daemon=True, name="last-spans")
    thread.start()
    return thread


def _collector_wanted() -> bool:
    exporter = os.environ.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower()
    return exporter == "otlp" and any(os.environ.get(variable) for variable in OTLP_VARIABLES)


def _resource(process: str, settings: ServiceSettings) -> Resource:
    """Who the process is; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` have the last word."""
    ours = Resource(
        {
            "service.namespace": "tirek",
            "service.name": process,
            "deployment.environment.name": settings.environment.value,
            "process.pid": os.getpid(),
        }
    )
    given = Resource.create()
    named = {name: value for name, value in given.attributes.items() if not str(value).startswith("unknown_service")}
    return ours.merge(Resource(named, given.schema_url))
