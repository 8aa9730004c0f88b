"""The vocabulary of eligibility: conditions, answers, and the evidence that an answer rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Condition(StrEnum):
    """The four conditions of every measure, the only grounds of refusal too (Law 86-VII, Art. 25(5), (6))."""

    PRIORITY_GOODS = "priority-goods"
    COUNTER_OBLIGATIONS = "counter-obligations"
    COMPLIANCE = "compliance-with-the-rules"
    REGISTER = "register-of-producers"


class Answer(StrEnum):
    """What the checker says of a condition; unknown is never a refusal."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"
    NOT_YET_IN_FORCE = "not-yet-in-force"


ARTICLES: Mapping[Condition, str] = MappingProxyType(
    {
        Condition.PRIORITY_GOODS: "Law 86-VII, Art. 25(5), second indent; Art. 26",
        Condition.COUNTER_OBLIGATIONS: "Law 86-VII, Art. 25(5), third indent; Art. 27(1)",
        Condition.COMPLIANCE: "Law 86-VII, Art. 25(5), fourth indent; Art. 42(3)",
        Condition.REGISTER: "Law 86-VII, Art. 25(5), fifth indent; Art. 51-1",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a dated list, as evidence: which row of which list, since when, after which source."""

    list: str
    row: str
    key: str
    effective_from: date
    effective_to: date | None
    source: str
    mark: str
    verified: bool
    values: Mapping[str, Any] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on the day; its last day is included."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one condition or criterion. `reason` is a message id over `data`."""

    code: str
    answer: Answer
    reason: str
    article: str
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Entry, ...] = ()
    criteria: tuple["Finding", ...] = ()

    @property
    def unverified(self) -> bool:
        """Whether the answer rests on a row that nobody has verified."""
        return any(not entry.verified for entry in self.evidence) or any(part.unverified for part in self.criteria)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answers to all four conditions: those in force on `conditions_on`, on the evidence of `evidence_on`."""

    conditions_on: date
    evidence_on: date
    findings: tuple[Finding, ...]

    def of(self, condition: Condition) -> Finding:
        """The finding of one condition."""
        return next(finding for finding in self.findings if finding.code == condition)

    @property
    def not_met(self) -> tuple[Condition, ...]:
        """The conditions that are certainly not met: the only ones that stand in the way."""
        return tuple(Condition(each.code) for each in self.findings if each.answer is Answer.NOT_MET)

    @property
    def unknown(self) -> tuple[Condition, ...]:
        """The conditions that a person has to judge."""
        return tuple(Condition(each.code) for each in self.findings if each.answer is Answer.UNKNOWN)
