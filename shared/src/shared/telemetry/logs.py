"""Logs: one JSON object a line, with the time, the level, the process and the ids of the current trace."""

import logging
import sys
import time

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.telemetry.masking import masked_value

EXPORT_LOGGERS = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")


def set_up_logs(process: str) -> None:
    """Log to standard output, whether structlog or `logging` is asked; uvicorn's own lines too."""
    given = _given(process)
    rendered: list[Processor] = [
        structlog.processors.format_exc_info,
        _mask,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *given, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *given],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
    for name in EXPORT_LOGGERS:
        logging.getLogger(name).addFilter(Seldom())


class Seldom(logging.Filter):
    """Lets one record a minute through: a collector that is away is no news each second."""

    def __init__(self, pause_seconds: float = 60.0) -> None:
        super().__init__()
        self._pause = pause_seconds
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        """Whether the record may pass."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._pause
        return True


def _given(process: str) -> list[Processor]:
    def with_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        return event

    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_process,
        _with_trace,
    ]


def _with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _mask(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {name: value if name == "timestamp" else masked_value(value) for name, value in event.items()}
