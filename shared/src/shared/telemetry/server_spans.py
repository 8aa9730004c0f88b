"""The span of an HTTP request: one, by the template of its route, without query, body, headers or address."""

from opentelemetry import context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.spans import parent_context, tracer

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = "/health/"
"""Probes ask every few seconds; they make no traces."""


class ServerSpans:
    """ASGI: everything within a request happens under its span, which joins the caller's trace.

    The span ends with the reply's last byte. The contrib instrumentor would add a span for each message sent and
    received; FastAPI's own has three more and the query string (see docs/decisions/0010-tracing.md).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] != "http" or scope["path"].startswith(QUIET):
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        with tracer.start_as_current_span(
            method,
            context=parent_context(_traceparent(scope)) or context.Context(),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "url.scheme": scope["scheme"]},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            if span.is_recording():
                await self._recorded(span, method, scope, receive, send)
            else:
                await self._app(scope, receive, send)

    async def _recorded(self, span: Span, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                _answered(span, message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except BaseException as failure:
            span.set_attribute("error.type", type(failure).__qualname__)
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            if (template := getattr(scope.get("route"), "path_format", None)) is not None:
                span.update_name(f"{method} {template}")
                span.set_attribute("http.route", template)


def _answered(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_attribute("error.type", str(status))
        span.set_status(Status(StatusCode.ERROR))


def _traceparent(scope: Scope) -> str | None:
    """The caller's `traceparent`, none where it came twice. Its `tracestate` is free text and stays outside."""
    sent = [value for name, value in scope["headers"] if name == b"traceparent"]
    return sent[0].decode("ascii", "replace") if len(sent) == 1 else None
