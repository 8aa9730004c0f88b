"""State × verb of a change: every cell is a transition or a named refusal; who asked what stays in the database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from grants.changes.content import ChangeKind
from grants.changes.model import Change, ChangeStatus
from grants.changes.refusals import ChangeClosed, ChangeNotProposed, ChangeNotRequested, WithdrawalByAnother
from shared.identity import new_id
from shared.refusals import Refusal
from shared.two_people import SecondPersonWanted

AT = datetime(2025, 2, 3, 8, 0, tzinfo=UTC)
REQUESTED, PROPOSED, APPROVED, REFUSED, WITHDRAWN = ChangeStatus


def a_change(status: ChangeStatus = REQUESTED) -> Change:
    change = Change(
        institute="industry", agreement_id=new_id(), recipient_id=new_id(), kind=ChangeKind.SCHEDULE, status=REQUESTED,
        wanted={"kind": "schedule", "tranches": []}, reason="The supplier is late.", requested_by="applicant-1",
        requested_at=AT,
    )  # fmt: skip
    if status in {PROPOSED, APPROVED}:
        change.propose(AT, "officer-1")
    if status is APPROVED:
        change.approve(AT, "approver-1")
    if status is REFUSED:
        change.refuse("No need.", AT, "officer-1")
    if status is WITHDRAWN:
        change.withdraw(AT, "applicant-1")
    assert change.status is status
    return change


VERBS: dict[str, Callable[[Change], None]] = {
    "propose": lambda change: change.propose(AT, "officer-1"),
    "approve": lambda change: change.approve(AT, "approver-1"),
    "approve oneself": lambda change: change.approve(AT, "officer-1"),
    "refuse": lambda change: change.refuse("No need.", AT, "officer-2"),
    "withdraw": lambda change: change.withdraw(AT, "applicant-1"),
}
CLOSED = {
    "propose": ChangeNotRequested, "approve": ChangeNotProposed, "approve oneself": ChangeNotProposed,
    "refuse": ChangeClosed, "withdraw": ChangeClosed,
}  # fmt: skip
TABLE: dict[ChangeStatus, dict[str, Any]] = {
    REQUESTED: {**CLOSED, "propose": PROPOSED, "refuse": REFUSED, "withdraw": WITHDRAWN},
    PROPOSED: {
        "propose": ChangeNotRequested, "approve": APPROVED, "approve oneself": SecondPersonWanted, "refuse": REFUSED,
        "withdraw": WITHDRAWN,
    },
    APPROVED: CLOSED,
    REFUSED: CLOSED,
    WITHDRAWN: CLOSED,
}  # fmt: skip
CELLS = [(status, verb) for status in ChangeStatus for verb in VERBS]


@pytest.mark.parametrize(("status", "verb"), CELLS, ids=[f"{status}-{verb}" for status, verb in CELLS])
def test_every_cell_is_a_transition_or_a_named_refusal(status: ChangeStatus, verb: str) -> None:
    change = a_change(status)
    before = change.model_dump()
    expected = TABLE[status][verb]
    if isinstance(expected, ChangeStatus):
        VERBS[verb](change)
        assert (change.status, change.revision) == (expected, before["revision"] + 1)
        assert (change.closed_at is None) is change.is_open
        return
    assert issubclass(expected, Refusal)
    with pytest.raises(expected):
        VERBS[verb](change)
    assert change.model_dump() == before


def test_the_recipient_withdraws_only_what_it_asked_for() -> None:
    change = a_change(PROPOSED)
    change.requested_by = None
    with pytest.raises(WithdrawalByAnother):
        change.withdraw(AT, "applicant-1")
