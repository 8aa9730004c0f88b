"""A cause of a hold: every fact in every state, from the obligation and from the claim of its year."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from grants.holds.rules import CauseState, Fact, take

OBLIGATION, CLAIM = (UUID(int=number) for number in (1, 2))
START = datetime(2026, 7, 1, tzinfo=UTC)


def fact(name: str, minute: int) -> Fact:
    kind, word = name.split(" ")
    return Fact(
        OBLIGATION if kind == "obligation" else CLAIM,
        START + timedelta(minutes=minute),
        opens=word in {"breached", "reopened"},
        type=f"obligations.{kind}-{word}.v1",
        breach=name == "obligation breached",
    )


def told(*names: str) -> CauseState | None:
    state: CauseState | None = None
    for minute, name in enumerate(names):
        state = take(state, fact(name, minute))
    return state


STATES: dict[str, tuple[str, ...]] = {
    "unknown": (),
    "open by breach": ("obligation breached",),
    "closed by a late report": ("obligation breached", "obligation fulfilled"),
    "closed by an excuse": ("obligation breached", "obligation excused"),
    "closed by a cancellation": ("obligation breached", "claim cancelled"),
    "closed by a settlement": ("obligation breached", "claim settled"),
    "open again by the claim": ("obligation breached", "claim settled", "claim reopened"),
}
FACTS = (
    "obligation breached",
    "obligation fulfilled",
    "obligation excused",
    "obligation cancelled",
    "claim settled",
    "claim cancelled",
    "claim reopened",
)
CLOSING = set(FACTS) - {"obligation breached", "claim reopened"}
STILL_BREACHED = {"closed by a cancellation", "closed by a settlement"}
"""Closed by the claim while the obligation stays breached: its breach told anew opens nothing."""


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("state", STATES)
def test_every_fact_opens_or_closes_the_cause(state: str, name: str) -> None:
    after = take(told(*STATES[state]), fact(name, 10))
    if name in CLOSING:
        assert not after.is_open
    elif name == "obligation breached":
        assert after.is_open is (state not in STILL_BREACHED)
    else:
        assert after.is_open


@pytest.mark.parametrize("name", sorted(CLOSING - {"obligation cancelled"}))
def test_each_of_the_four_ways_lifts_the_hold_and_a_later_breach_after_fulfilment_holds_again(name: str) -> None:
    assert not take(told("obligation breached"), fact(name, 1)).is_open
    again = take(
        take(take(told("obligation breached"), fact(name, 1)), fact("obligation fulfilled", 2)),
        fact("obligation breached", 3),
    )
    assert again.is_open
