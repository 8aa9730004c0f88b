"""An OTLP/HTTP receiver on loopback in a thread, and questions about what it has received."""

import gzip
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from rich.tree import Tree

from tirek_local.traces.received import ReceivedSpan, Value, spans_of
from tirek_local.traces.tree import as_tree

KEPT = 200_000
LONGEST_BODY = 64 * 1024 * 1024
EXPORT_DELAY_MS = 200


class TraceCollector:
    """Collects the spans of all processes that are started with its `environment`, while the block runs.

        with TraceCollector() as traces:
            start(..., environment=traces.environment)
            breach = traces.find("tirek.event.type", "obligations.obligation-breached.v1")
            console.print(traces.tree(breach[-1].trace_id))

    It keeps the latest 200,000 spans.
    """

    def __init__(self) -> None:
        self._spans: deque[ReceivedSpan] = deque(maxlen=KEPT)
        self._arrived = threading.Condition()
        self._server = _Server(self._take)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="traces")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def endpoint(self) -> str:
        """The value of `OTEL_EXPORTER_OTLP_ENDPOINT` for processes whose spans are to come here."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables for such processes: where to send spans to, and soon."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_BSP_SCHEDULE_DELAY": str(EXPORT_DELAY_MS),
        }

    def spans(self, trace_id: str | None = None) -> list[ReceivedSpan]:
        """The spans of a trace (of all without one), in the order in which they began."""
        with self._arrived:
            found = [span for span in self._spans if trace_id is None or span.trace_id == trace_id]
        return sorted(found, key=lambda span: (span.started_at, -span.ended_at))

    def trace_ids(self) -> list[str]:
        """The traces, in the order in which they began."""
        return list(dict.fromkeys(span.trace_id for span in self.spans()))

    def find(self, attribute: str, value: Value) -> list[ReceivedSpan]:
        """The spans whose attribute has the value, in the order in which they began."""
        return [span for span in self.spans() if span.attributes.get(attribute) == value]

    def tree(self, trace_id: str, *, statements: bool = False) -> Tree:
        """The trace as a tree with times: statements counted under what they belong to, or each on a line."""
        return as_tree(trace_id, self.spans(trace_id), statements=statements)

    def wait(self, condition: Callable[[list[ReceivedSpan]], object], seconds: float = 10) -> bool:
        """Wait until the condition holds of all spans; whether it did within so many seconds."""
        end = time.monotonic() + seconds
        while not condition(self.spans()):
            with self._arrived:
                if time.monotonic() >= end:
                    return False
                self._arrived.wait(0.1)
        return True

    def settle(self, seconds: float = 10, quiet_seconds: float = 1.0) -> None:
        """Wait until nothing has arrived for a while: then all of what has ended is here."""
        end, count, since = time.monotonic() + seconds, -1, time.monotonic()
        while time.monotonic() < end and time.monotonic() - since < quiet_seconds:
            if len(self._spans) != count:
                count, since = len(self._spans), time.monotonic()
            time.sleep(0.05)

    def clear(self) -> None:
        """Forget what has been received."""
        with self._arrived:
            self._spans.clear()

    def _take(self, request: ExportTraceServiceRequest) -> None:
        with self._arrived:
            self._spans.extend(spans_of(request))
            self._arrived.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, take: Callable[[ExportTraceServiceRequest], None]) -> None:
        self.take = take
        super().__init__(("127.0.0.1", 0), _Export)


class _Export(BaseHTTPRequestHandler):
    """`POST /v1/traces` as OTLP/HTTP has it, in protobuf, plain or compressed."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def do_POST(self) -> None:
        """Take one export."""
        length = int(self.headers.get("content-length") or 0)
        if self.path != "/v1/traces" or not 0 <= length <= LONGEST_BODY:
            self.close_connection = True
            self._answer(404 if length <= LONGEST_BODY else 413, b"")
            return
        try:
            self.server.take(ExportTraceServiceRequest.FromString(self._plain(self.rfile.read(length))))
        except (DecodeError, OSError, EOFError, zlib.error):
            self._answer(400, b"")
        else:
            self._answer(200, ExportTraceServiceResponse().SerializeToString())

    def _plain(self, body: bytes) -> bytes:
        match self.headers.get("content-encoding", ""):
            case "gzip":
                return gzip.decompress(body)
            case "deflate":
                return zlib.decompress(body)
        return body

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""
