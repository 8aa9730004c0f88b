"""Who may be refused and on what, and how votes are counted: pure rules (Law 86-VII, Art. 25(5), (6))."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.commission.model import Choice
from grants.commission.refusals import ConditionNotMet, GroundNotEstablished, QuorumMissing, RequirementMissing
from grants.eligibility.conditions import Answer, Condition, Eligibility


def require_approvable(eligibility: Eligibility) -> None:
    """Raise where a condition in force is certainly not met; unknown stands in nobody's way."""
    if eligibility.not_met:
        raise ConditionNotMet(conditions=", ".join(eligibility.not_met))


def require_ground(ground: Condition, requirement: str | None, eligibility: Eligibility) -> None:
    """Raise unless a refusal may stand on this ground.

    Three of the four stand on the checker's "not met" alone: neither unknown nor a condition not yet in force is a
    ground. Non-compliance with the rules may also be what the commission finds, a low score for instance; then it names
    the requirement of the rules.
    """
    finding = eligibility.of(ground)
    if finding.answer is Answer.NOT_MET:
        return
    if ground is not Condition.COMPLIANCE:
        raise GroundNotEstablished(ground=ground.value, answer=finding.answer.value, article=finding.article)
    if not requirement:
        raise RequirementMissing


@dataclass(frozen=True, slots=True)
class Tally:
    """How the commission voted; a recused member is not present."""

    votes_for: int
    against: int
    abstained: int
    recused: int

    @property
    def present(self) -> int:
        """Who counts for the quorum and for the majority."""
        return self.votes_for + self.against + self.abstained

    def carried(self, *, quorum: int, quorum_source: str, majority_percent: Decimal) -> bool:
        """Whether more than this share of those present voted for it; raises `QuorumMissing` below the quorum."""
        if self.present < max(quorum, 1):
            raise QuorumMissing(present=self.present, quorum=quorum, source=quorum_source)
        return self.votes_for * 100 > self.present * majority_percent

    def stored(self) -> dict[str, Any]:
        """For the motion and the history."""
        return {
            Choice.FOR.value: self.votes_for,
            Choice.AGAINST.value: self.against,
            Choice.ABSTAINED.value: self.abstained,
            Choice.RECUSED.value: self.recused,
        }


def count(choices: Iterable[Choice]) -> Tally:
    """The tally of the votes."""
    counted = Counter(choices)
    return Tally(counted[Choice.FOR], counted[Choice.AGAINST], counted[Choice.ABSTAINED], counted[Choice.RECUSED])
