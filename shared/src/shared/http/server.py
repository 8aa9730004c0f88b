"""The HTTP server: uvicorn, with limits on the head of a request that its parser does not have."""

import asyncio

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.calendar.local_days import require_current_time_zone_data
from shared.settings import ServiceSettings
from shared.telemetry.setup import set_up_telemetry

MAXIMUM_HEAD_BYTES = 32 * 1024
"""Request line and headers together: room for the longest token, and for nothing that wears a process out."""

HEAD_SECONDS = 10.0
DRAIN_SECONDS = 25


class BoundedProtocol(HttpToolsProtocol):
    """Answers 431 to a head past 32 KiB and 408 to one that takes longer than ten seconds, and hangs up."""

    _received = _head = 0
    _in_head = True
    _status = 400
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, while the head is within its bounds."""
        if self.transport.is_closing():
            return
        if self._in_head:
            self._received += len(data)
            self._await_head()
        super().data_received(data)
        if self._in_head and self._received > MAXIMUM_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431)

    def on_message_begin(self) -> None:
        """Count the next head from nothing."""
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next thing is a head again."""
        super().on_message_complete()
        self._in_head, self._received = True, 0

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser could not go on with."""
        del msg
        self._refuse(self._status)

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > MAXIMUM_HEAD_BYTES:
            self._status = 431
            raise ValueError("the head is too large")

    def _await_head(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._refuse, 408)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int) -> None:
        self._stop_waiting()
        words = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}[status]
        body = f'{{"type":"about:blank","title":"{words}","status":{status}}}'
        head = [f"HTTP/1.1 {status} {words}", "content-type: application/problem+json", f"content-length: {len(body)}"]
        self.transport.write("\r\n".join([*head, "connection: close", "", body]).encode("ascii"))
        self.transport.close()


def serve(application: str, settings: ServiceSettings) -> None:
    """Serve the application factory `package.main:make` until SIGTERM; requests under way are ended first.

    Without an access log, which would take more time than a small request; the traces tell the same. Raises
    `TimeZoneDataOutdated` before anything is listened for.
    """
    require_current_time_zone_data()
    set_up_telemetry(f"{settings.service}-api", settings)
    uvicorn.run(
        application,
        factory=True,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
