"""The aggregates of export support: the states of each, how it comes there, and which verbs are tried on it."""

from export_support.calls.model import CallStatus
from export_support.requests.model import RequestStatus
from tests.states import reference
from tests.states.export_support.attempts import LATE
from tests.states.house import House
from tests.states.tables import State, Table


async def after_the_window(house: House) -> None:
    """The year after the call's window."""
    house.clock.on(LATE)


async def in_the_window(house: House) -> None:
    """A day of the call's window."""
    house.clock.on("2025-03-10")


CALLS = Table(
    "call",
    "Call",
    "call",
    "call_id",
    (
        State("none", None, ()),
        State("planned", "none", ("POST /calls",), CallStatus.PLANNED),
        State("open", "planned", ("POST /calls/{call_id}/opening",), CallStatus.OPEN),
        State("open, over", "open", (after_the_window,), CallStatus.OPEN),
    ),
    rooms=("calls",),
    also=("POST /requests",),
    statuses=tuple(CallStatus),
)

_W = RequestStatus
_R = "/requests/{request_id}"
REQUESTS = Table(
    "request",
    "Request",
    "reimbursement_request",
    "request_id",
    (
        State("none", None, (in_the_window, "POST /calls", "POST /calls/{call_id}/opening")),
        State("draft", "none", ("POST /requests",), _W.DRAFT),
        State("draft, with a line", "draft", (f"POST {_R}/lines",), _W.DRAFT),
        State("submitted", "draft, with a line", (f"POST {_R}/submission",), _W.SUBMITTED),
        State("withdrawn", "submitted", (f"POST {_R}/withdrawal",), _W.WITHDRAWN),
    ),
    rooms=("requests", "sheets"),
    statuses=tuple(_W),
)

TABLES = (CALLS, REQUESTS, reference.TABLE)
