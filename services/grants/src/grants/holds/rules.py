"""Whether a cause of a hold is open: what each fact about it does, in whatever order the facts arrive. Pure.

Facts about a cause (an obligation) come from two kinds of aggregates: from the obligation itself (breached, fulfilled,
excused, cancelled) and from the claim of its year (settled, cancelled, reopened). Those of one aggregate arrive in its
order, because the consumer's gate sees to that. Those of different aggregates may overtake each other, when one of them
was parked, say; then the place of each in the log of obligations decides, where both are told. Their instants do not:
a clock is read before the agreement's lock is had, so that of two decisions at once the later may bear the earlier
instant. Where a place is not told, the instant decides, and of the same instant the later arrival.

A breach that is published anew while the obligation stays breached opens nothing anew: after a settlement only a
reopened claim, or a new breach after the obligation had been fulfilled, holds the agreement again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that opens or closes a cause: by which aggregate, and when. `breach` is the obligation's own word.

    `position` is its place in the log, 0 where that is not told.
    """

    subject: UUID
    at: datetime
    opens: bool
    type: str
    breach: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class CauseState:
    """What is known of a cause. `since` and `by` are of the fact that decides; `breached` is the obligation's own word.

    `awaited` marks a claim's closing that arrived before anything had opened the cause: what it closes is to come.
    """

    is_open: bool
    since: datetime
    by: UUID
    type: str
    breached: bool
    awaited: bool = False
    position: int = 0


def take(state: CauseState | None, fact: Fact) -> CauseState:
    """The state of a cause after a fact has arrived."""
    if state is None:
        return _decided(fact, breached=fact.breach, awaited=not fact.opens and not _is_of_obligation(fact))
    breached = state.breached
    if fact.breach or _is_of_obligation(fact):
        if fact.breach and state.breached:
            return state
        breached = fact.breach
    if not _decides(state, fact):
        return replace(state, breached=breached)
    return _decided(fact, breached=breached, awaited=False)


def _is_of_obligation(fact: Fact) -> bool:
    return fact.type.startswith("obligations.obligation-")


def _decides(state: CauseState, fact: Fact) -> bool:
    """Whether the fact comes after the one that decided so far."""
    if fact.subject == state.by:
        return True
    if fact.position and state.position:
        return fact.position > state.position
    if fact.at > state.since:
        return True
    return fact.at == state.since and not (state.awaited and fact.opens)


def _decided(fact: Fact, *, breached: bool, awaited: bool) -> CauseState:
    return CauseState(fact.opens, fact.at, fact.subject, fact.type, breached, awaited, fact.position)
