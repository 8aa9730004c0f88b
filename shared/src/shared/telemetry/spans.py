"""Spans made by hand where the contrib instrumentors fail: sending to Kafka, handling an event, a batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

tracer = trace.get_tracer("tirek")
_propagator = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the current span, or None outside of any trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def _parent(traceparent: str | None) -> context.Context | None:
    return _propagator.extract({"traceparent": traceparent}, context.Context()) if traceparent else None


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str | None = None,
    links: Sequence[str | None] = (),
    attributes: dict[str, str | int] | None = None,
) -> Iterator[Span]:
    """A current span named `name`, in the trace of `parent` (a traceparent) where given; linked to `links`."""
    linked = [Link(trace.get_current_span(found).get_span_context()) for link in links if (found := _parent(link))]
    with tracer.start_as_current_span(
        name, context=_parent(parent), kind=kind, links=linked, attributes=attributes
    ) as started:
        yield started


def start_span(name: str, *, kind: SpanKind, parent: str | None, attributes: dict[str, str | int]) -> Span:
    """A span that the caller ends itself, for what overlaps (a send until its acknowledgement)."""
    return tracer.start_span(name, context=_parent(parent), kind=kind, attributes=attributes)
