"""What obligations answers, and whether money may go out on it: pure, and no wherever anything is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.events.positions import Position
from shared.refusals import Conflict


class DisbursementNotCleared(Conflict):
    """Money does not go out while a breach may be on its way, or while nobody can say."""

    title = "The payment is not cleared"
    detail = "Obligations has not cleared the payment: {reasons}."
    remedy = "Send the same request with the same key again a little later, or settle what is open first."


class ClearanceStale(Conflict):
    """Something happened under the agreement between the answer and the payment."""

    title = "The clearance is out of date"
    detail = "The agreement has changed since obligations was asked."
    remedy = "Send the same request with the same key again: obligations is asked anew."
    retry_after = 1


class PositionView(BaseModel):
    """The last sequence of an aggregate."""

    model_config = ConfigDict(extra="ignore", strict=False)

    aggregate_id: UUID
    sequence: int = Field(ge=1)


class OpenCause(BaseModel):
    """A cause of a hold that obligations knows."""

    model_config = ConfigDict(extra="ignore")

    cause_id: UUID
    cause: str
    since: datetime | None = None


class Standing(BaseModel):
    """The standing of an agreement, as obligations states it; a member that is missing makes the answer unreadable."""

    model_config = ConfigDict(extra="ignore")

    agreement_id: UUID
    settled: bool
    behind: list[PositionView]
    open_causes: list[OpenCause]
    due_not_evaluated: int = Field(ge=0)
    unsent: int = Field(ge=0)
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Clearance:
    """An answer and what it is about: the positions of our own events that obligations was asked for.

    `reasons` is empty where money may go out; else it says why not.
    """

    agreement_id: UUID
    seen: tuple[Position, ...]
    reasons: tuple[str, ...]
    retry_after: int = 5
    answered_at: datetime | None = None

    def require(self, agreement_id: UUID, seen: Sequence[Position]) -> None:
        """Raise `DisbursementNotCleared`, or `ClearanceStale` where the agreement has moved on since the question."""
        if self.reasons:
            raise DisbursementNotCleared(reasons="; ".join(self.reasons), retry_after=self.retry_after)
        if agreement_id != self.agreement_id or set(seen) != set(self.seen):
            raise ClearanceStale


def judge(agreement_id: UUID, seen: Sequence[Position], standing: Standing) -> Clearance:
    """The clearance that a standing gives: none while anything is behind, open, due or unsent."""
    reasons: list[str] = []
    if standing.agreement_id != agreement_id:
        reasons.append("unreadable: the answer is about another agreement")
    if not standing.settled or standing.behind:
        reasons.append(f"behind: {len(standing.behind)} aggregates not settled")
    if standing.open_causes:
        named = ", ".join(f"{cause.cause} {cause.cause_id}" for cause in standing.open_causes)
        reasons.append(f"open causes: {named}")
    if standing.due_not_evaluated:
        reasons.append(f"due and not evaluated: {standing.due_not_evaluated}")
    if standing.unsent:
        reasons.append(f"unsent: {standing.unsent}")
    return Clearance(agreement_id, tuple(seen), tuple(reasons), answered_at=standing.answered_at)


def unanswered(agreement_id: UUID, seen: Sequence[Position], why: str, retry_after: int = 5) -> Clearance:
    """The clearance without an answer that can be read: no."""
    return Clearance(agreement_id, tuple(seen), (why,), retry_after)
