"""What leaves the process as spans: no stray roots, no jobs without work, nothing that must not be legible."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Event, ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, Status, TraceState, get_current_span
from opentelemetry.util.types import Attributes

from shared.telemetry.masking import masked, masked_value
from shared.telemetry.spans import IDLE, JOB
from shared.telemetry.statements import name_of, sanitized

STATEMENTS = ("db.query.text", "db.statement")
ADDRESSES = ("url.full", "http.url", "http.target")
NEVER = frozenset({"url.query", "db.statement.parameters", "exception.message", "exception.stacktrace"})
HELD_AT_MOST = 2_000


class NoStatementRoots(Sampler):
    """Leaves out statements of no trace: polling, leases, wake-ups, health. All else is for the sampler within."""

    def __init__(self, inner: Sampler) -> None:
        self._inner = inner

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Drop what has no parent and is a statement."""
        alone = not get_current_span(parent_context).get_span_context().is_valid
        if alone and attributes and ("db.system" in attributes or "db.system.name" in attributes):
            return SamplingResult(Decision.DROP)
        return self._inner.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        """Named after the sampler within."""
        return f"NoStatementRoots({self._inner.get_description()})"


class WithoutIdleJobs(SpanProcessor):
    """Holds the spans of a job's unit until it has ended, and lets go of them all where there was nothing to do."""

    def __init__(self, inner: SpanProcessor) -> None:
        self._inner = inner
        self._held: dict[int, list[ReadableSpan]] = {}

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Begin to hold where a job begins."""
        if span.parent is None and JOB in (span.attributes or {}):
            self._held[span.context.trace_id] = []
        self._inner.on_start(span, parent_context)

    def on_end(self, span: ReadableSpan) -> None:
        """Pass on, hold, or forget."""
        held = self._held.get(span.context.trace_id)
        if held is None:
            self._inner.on_end(span)
        elif span.parent is not None and len(held) < HELD_AT_MOST:
            held.append(span)
        elif span.parent is None:
            del self._held[span.context.trace_id]
            if IDLE not in (span.attributes or {}):
                for each in (*held, span):
                    self._inner.on_end(each)

    def shutdown(self) -> None:
        """Shut down what is within."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush what is within."""
        return self._inner.force_flush(timeout_millis)


class Masking(SpanExporter):
    """Exports spans without literals, queries, messages of exceptions, numbers of persons; in the exporting thread."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the masked spans."""
        return self._inner.export([_masked_span(span) for span in spans])

    def shutdown(self) -> None:
        """Shut down what is within."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush what is within."""
        return self._inner.force_flush(timeout_millis)


def _masked_span(span: ReadableSpan) -> ReadableSpan:
    attributes = span.attributes or {}
    statement = next((text for name in STATEMENTS if (text := attributes.get(name))), None)
    return ReadableSpan(
        name=name_of(statement) if isinstance(statement, str) else masked(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_masked_attributes(attributes),
        events=[
            Event(event.name, _masked_attributes(event.attributes or {}), event.timestamp) for event in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _masked_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _masked_attribute(name, value) for name, value in attributes.items() if name not in NEVER}


def _masked_attribute(name: str, value: Any) -> Any:
    if name in STATEMENTS:
        return masked(sanitized(str(value)))
    if name in ADDRESSES:
        return masked(str(value).partition("?")[0])
    return masked_value(value)
