"""When a cause of a hold is open, in whatever order the facts about it arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.holds.rules import CauseState, Fact, take

OBLIGATION, CLAIM = UUID(int=1), UUID(int=2)
DAY = datetime(2026, 4, 1, tzinfo=UTC)


def breached(minute: int) -> Fact:
    return Fact(OBLIGATION, at(minute), True, "obligations.obligation-breached.v1", breach=True)


def fulfilled(minute: int) -> Fact:
    return Fact(OBLIGATION, at(minute), False, "obligations.obligation-fulfilled.v1")


def settled(minute: int) -> Fact:
    return Fact(CLAIM, at(minute), False, "obligations.claim-settled.v1")


def reopened(minute: int) -> Fact:
    return Fact(CLAIM, at(minute), True, "obligations.claim-reopened.v1")


def at(minute: int) -> datetime:
    return DAY + timedelta(minutes=minute)


def after(*facts: Fact) -> bool:
    state: CauseState | None = None
    for fact in facts:
        state = take(state, fact)
    return state is not None and state.is_open


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        ((breached(1),), True),
        ((breached(1), breached(2)), True),
        ((breached(1), fulfilled(2)), False),
        ((breached(1), settled(2)), False),
        ((breached(1), settled(2), reopened(3)), True),
        ((breached(1), settled(2), reopened(3), settled(4)), False),
        ((breached(1), fulfilled(2), breached(3)), True),
        ((fulfilled(1), breached(2)), True),
        ((fulfilled(1),), False),
        ((reopened(1),), True),
    ],
)
def test_facts_in_the_order_in_which_they_happened(facts: tuple[Fact, ...], held: bool) -> None:
    assert after(*facts) is held


def test_a_settlement_that_arrives_before_its_breach_is_kept_and_the_breach_opens_nothing() -> None:
    assert not after(settled(2), breached(1))


def test_a_settlement_and_its_breach_of_the_same_instant_are_told_apart_by_what_was_awaited() -> None:
    assert not after(settled(1), breached(1))
    assert not after(breached(1), settled(1))


def test_a_breach_after_a_kept_settlement_holds_when_it_happened_later() -> None:
    assert after(settled(2), breached(3))


def test_a_breach_published_anew_after_the_settlement_opens_nothing() -> None:
    assert not after(breached(1), settled(2), breached(3))


def test_a_new_breach_after_the_obligation_was_fulfilled_is_another_one() -> None:
    assert after(breached(1), settled(2), fulfilled(3), breached(4))


def test_a_late_cancellation_of_the_claim_does_not_close_a_newer_breach() -> None:
    assert after(breached(1), fulfilled(2), breached(4), settled(3))


def test_a_reopening_that_is_overtaken_by_the_fulfilment_opens_nothing() -> None:
    assert not after(breached(1), settled(2), fulfilled(4), reopened(3))


def test_the_clock_of_the_obligation_itself_does_not_matter_its_order_does() -> None:
    assert not after(breached(5), fulfilled(4))


own = st.lists(st.booleans(), min_size=1, max_size=5)
claims = st.lists(st.booleans(), max_size=3)


@given(own, claims, st.randoms(use_true_random=False))
def test_every_interleaving_of_two_streams_ends_the_same(mine: list[bool], theirs: list[bool], chance: object) -> None:
    """Distinct instants: whatever overtakes whatever between the streams, the outcome is that of the true order."""
    happened: list[Fact] = []
    first = [breached if breach else fulfilled for breach in mine]
    second = [reopened if opens else settled for opens in theirs]
    slots = sorted(chance.sample(range(20), len(first) + len(second)))  # type: ignore[attr-defined]
    order = [True] * len(first) + [False] * len(second)
    chance.shuffle(order)  # type: ignore[attr-defined]
    makers = {True: iter(first), False: iter(second)}
    happened = [next(makers[is_own])(slot) for is_own, slot in zip(order, slots, strict=True)]
    of_obligation = [fact for fact in happened if fact.subject == OBLIGATION]
    of_claim = [fact for fact in happened if fact.subject == CLAIM]
    truth = after(*happened)
    for pattern in set(permutations(order)):
        streams = {True: iter(of_obligation), False: iter(of_claim)}
        assert after(*(next(streams[is_own]) for is_own in pattern)) is truth


def test_of_two_decisions_at_once_the_later_in_the_log_counts_though_its_clock_was_read_first() -> None:
    breach = replace(breached(4), position=972)
    cancelled = replace(settled(3), position=976)
    assert after(breach, cancelled) is False
    assert after(cancelled, breach) is False
    assert after(breach, cancelled, replace(reopened(2), position=980)) is True
