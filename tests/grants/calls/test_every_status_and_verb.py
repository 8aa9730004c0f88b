"""A call: every verb in every status, before, in and after its window, is a transition or a named refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from grants.calls.model import (
    BudgetExhausted,
    Call,
    CallNotOpen,
    CallOpenAlready,
    CallStatus,
    OutsideTheWindow,
    WindowOver,
    WindowReversed,
)
from shared.refusals import Refusal

BEFORE, WITHIN, AFTER = (datetime(2025, month, 10, 5, tzinfo=UTC) for month in (1, 2, 4))
FIRST, LAST = date(2025, 2, 1), date(2025, 3, 31)


def a_call(status: CallStatus) -> Call:
    call = Call(
        institute="industry",
        title="Pumps",
        description="For makers of pumps.",
        budget=Decimal("100.00"),
        opens_on=FIRST,
        closes_on=LAST,
        created_by="officer-1",
        created_at=BEFORE,
    )
    if status is CallStatus.OPEN:
        call.open("officer-1", BEFORE)
    assert call.status is status
    return call


def amend(call: Call, last: date = LAST) -> None:
    call.amend(
        title="Motors", description="For makers of motors.", budget=Decimal("90.00"), opens_on=FIRST, closes_on=last
    )


VERBS: dict[str, Callable[[Call], object]] = {
    "amend": amend,
    "amend backwards": lambda call: amend(call, date(2025, 1, 31)),
    "open in time": lambda call: call.open("officer-1", WITHIN),
    "open too late": lambda call: call.open("officer-1", AFTER),
    "take an application before": lambda call: call.require_intake(BEFORE),
    "take an application within": lambda call: call.require_intake(WITHIN),
    "take an application after": lambda call: call.require_intake(AFTER),
    "award": lambda call: call.award(Decimal("100.00")),
    "return an award": lambda call: call.take_back(Decimal("0.00")),
    "award too much": lambda call: call.award(Decimal("100.01")),
}
PLANNED, OPEN = CallStatus
TABLE: dict[str, dict[CallStatus, CallStatus | type[Refusal]]] = {
    "amend": {PLANNED: PLANNED, OPEN: CallOpenAlready},
    "amend backwards": {PLANNED: WindowReversed, OPEN: CallOpenAlready},
    "open in time": {PLANNED: OPEN, OPEN: CallOpenAlready},
    "open too late": {PLANNED: WindowOver, OPEN: CallOpenAlready},
    "take an application before": {PLANNED: CallNotOpen, OPEN: OutsideTheWindow},
    "take an application within": {PLANNED: CallNotOpen, OPEN: OPEN},
    "take an application after": {PLANNED: CallNotOpen, OPEN: OutsideTheWindow},
    "award": {PLANNED: CallNotOpen, OPEN: OPEN},
    "return an award": {PLANNED: CallNotOpen, OPEN: OPEN},
    "award too much": {PLANNED: CallNotOpen, OPEN: BudgetExhausted},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", list(CallStatus))
def test_every_cell_is_a_transition_or_a_named_refusal(status: CallStatus, verb: str) -> None:
    call = a_call(status)
    before = call.model_dump()
    wanted = TABLE[verb][status]
    if isinstance(wanted, CallStatus):
        VERBS[verb](call)
        assert call.status is wanted
        assert (call.revision == before["revision"]) is verb.startswith("take")
    else:
        with pytest.raises(wanted):
            VERBS[verb](call)
        assert call.model_dump() == before


def test_the_first_and_the_last_instant_of_the_window_in_almaty_count() -> None:
    call = a_call(OPEN)
    for inside in (datetime(2025, 1, 31, 19, 0, tzinfo=UTC), datetime(2025, 3, 31, 18, 59, 59, 999_999, tzinfo=UTC)):
        call.require_intake(inside)
    for outside in (datetime(2025, 1, 31, 18, 59, 59, 999_999, tzinfo=UTC), datetime(2025, 3, 31, 19, 0, tzinfo=UTC)):
        with pytest.raises(OutsideTheWindow):
            call.require_intake(outside)
