"""Spans made by hand where the contrib instrumentors fail: sending to Kafka, handling an event, a batch, a job."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

JOB = "tirek.job"
"""Attribute of a job's span, its name; such a span and all under it are held until it ends."""

IDLE = "tirek.idle"
"""Attribute of a job's span that found nothing to do; with it, nothing of the job's trace leaves the process."""

tracer = trace.get_tracer("tirek")
_propagator = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the current span, or None outside of any trace."""
    return traceparent_of(trace.get_current_span())


def traceparent_of(span: Span) -> str | None:
    """The W3C `traceparent` of the span, or None where it belongs to no trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, trace.set_span_in_context(span, context.Context()))
    return carrier.get("traceparent")


def parent_context(traceparent: str | None) -> context.Context | None:
    """The context whose current span is the one of `traceparent`; None where there is none."""
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
    """A current span named `name`, in the trace of `parent` (a traceparent) where given; linked to `links`.

    A span with links and without a parent stands in the trace of its first link: what is done for a batch never
    makes a trace of its own, which nobody would find from the requests that caused it.
    """
    causes = list(dict.fromkeys(link for link in links if link))
    linked = [Link(trace.get_current_span(parent_context(cause)).get_span_context()) for cause in causes]
    place = parent_context(parent or (causes[0] if causes else None))
    with tracer.start_as_current_span(name, context=place, kind=kind, links=linked, attributes=attributes) as started:
        if causes:
            started.set_attribute("messaging.batch.message_count", len(links))
        yield started


@contextmanager
def job_span(name: str) -> Iterator[Span]:
    """The root of a trace for one unit of a scheduled job. `nothing_done(span)` makes it and all under it vanish."""
    with tracer.start_as_current_span(f"job {name}", context=context.Context(), attributes={JOB: name}) as started:
        yield started


def nothing_done(job: Span) -> None:
    """Say that the job found nothing to do."""
    job.set_attribute(IDLE, True)


def start_span(name: str, *, kind: SpanKind, parent: str | None, attributes: dict[str, str | int]) -> Span:
    """A span that the caller ends itself, for what overlaps (a send until its acknowledgement)."""
    return tracer.start_span(name, context=parent_context(parent), kind=kind, attributes=attributes)
