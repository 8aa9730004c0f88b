"""The aggregates of export support: the states of each, how it comes there, and which verbs are tried on it."""

from export_support.calls.model import CallStatus
from tests.states import reference
from tests.states.export_support.attempts import LATE
from tests.states.house import House
from tests.states.tables import State, Table


async def after_the_window(house: House) -> None:
    """The year after the call's window."""
    house.clock.on(LATE)


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
    statuses=tuple(CallStatus),
)

TABLES = (CALLS, reference.TABLE)
