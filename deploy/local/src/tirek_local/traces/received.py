"""A span as a collector receives it over OTLP, with plain values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

Value = str | int | float | bool | bytes | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReceivedSpan:
    """One span. Ids are hexadecimal; `parent_id` is empty at a root; times are nanoseconds since 1970."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    service: str
    started_at: int
    ended_at: int
    failed: bool
    attributes: Mapping[str, Value]
    links: tuple[tuple[str, str], ...] = ()
    events: tuple[tuple[str, Mapping[str, Value]], ...] = ()

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.ended_at - self.started_at) / 1e6

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement of a database."""
        return "db.query.text" in self.attributes or "db.system.name" in self.attributes


def spans_of(request: ExportTraceServiceRequest) -> Iterator[ReceivedSpan]:
    """The spans of one export."""
    for resource in request.resource_spans:
        service = str(_values(resource.resource.attributes).get("service.name", "?"))
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield _received(span, service)


def _received(span: Span, service: str) -> ReceivedSpan:
    return ReceivedSpan(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        service=service,
        started_at=span.start_time_unix_nano,
        ended_at=span.end_time_unix_nano,
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        attributes=_values(span.attributes),
        links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        events=tuple((event.name, _values(event.attributes)) for event in span.events),
    )


def _values(attributes: Iterable[KeyValue]) -> dict[str, Value]:
    return {each.key: _value(each.value) for each in attributes}


def _value(value: AnyValue) -> Value:
    match value.WhichOneof("value"):
        case "array_value":
            return [_value(each) for each in value.array_value.values]
        case "kvlist_value":
            return _values(value.kvlist_value.values)
        case None:
            return None
        case kind:
            plain: Value = getattr(value, kind)
            return plain
