"""How the checker's answers are shown: answer, reason, article and the rows that they rest on."""

from uuid import UUID

from pydantic import BaseModel, Field

from grants.eligibility.conditions import Answer, Condition, Eligibility, Entry, Finding
from shared.http.words import Words
from shared.values.dates import Day

ASSUMED = "assumed"


class EvidenceView(BaseModel):
    """A row of a dated list or a parameter; the register's rows bear no number of the applicant."""

    list: str
    row: UUID
    key: str | None
    effective_from: Day
    effective_to: Day | None
    source: str
    mark: str = Field(description="What the row is known by: law, practice, assumed, sample, unmarked.")
    verified: bool = Field(description="Whether two people have confirmed the row.")

    @classmethod
    def of(cls, entry: Entry) -> "EvidenceView":
        """The view of a row."""
        return cls(
            list=entry.list,
            row=UUID(entry.row),
            key=entry.key or None,
            effective_from=entry.effective_from,
            effective_to=entry.effective_to,
            source=entry.source,
            mark=entry.mark,
            verified=entry.verified,
        )


class CriterionView(BaseModel):
    """The answer to one criterion or required document of the rules."""

    criterion: str
    answer: Answer
    reason: str
    evidence: list[EvidenceView]

    @classmethod
    def of(cls, finding: Finding, say: Words) -> "CriterionView":
        """The view of a criterion's finding."""
        return cls(
            criterion=finding.code,
            answer=finding.answer,
            reason=say(finding.reason, finding.data),
            evidence=[EvidenceView.of(entry) for entry in finding.evidence],
        )


class FindingView(BaseModel):
    """The answer to one of the four conditions of Law 86-VII, Art. 25(5)."""

    condition: Condition
    answer: Answer
    reason: str
    article: str
    evidence: list[EvidenceView]
    criteria: list[CriterionView]
    unverified: bool = Field(description="Whether the answer rests on a row that nobody has verified.")
    assumed: bool = Field(description="Whether the answer rests on a row that is marked as an assumption.")

    @classmethod
    def of(cls, finding: Finding, say: Words) -> "FindingView":
        """The view of a finding."""
        rows = [*finding.evidence, *(entry for part in finding.criteria for entry in part.evidence)]
        return cls(
            condition=Condition(finding.code),
            answer=finding.answer,
            reason=say(finding.reason, finding.data),
            article=finding.article,
            evidence=[EvidenceView.of(entry) for entry in finding.evidence],
            criteria=[CriterionView.of(part, say) for part in finding.criteria],
            unverified=finding.unverified,
            assumed=any(entry.mark == ASSUMED for entry in rows),
        )


class EligibilityView(BaseModel):
    """The four answers. Unknown is for a person to judge; it is never a refusal."""

    conditions_on: Day = Field(description="The day whose conditions apply: that of submission, today for a draft.")
    evidence_on: Day = Field(description="The day as of which the register was read.")
    conditions: list[FindingView]

    @classmethod
    def of(cls, eligibility: Eligibility, say: Words) -> "EligibilityView":
        """The view of the checker's answers."""
        return cls(
            conditions_on=eligibility.conditions_on,
            evidence_on=eligibility.evidence_on,
            conditions=[FindingView.of(finding, say) for finding in eligibility.findings],
        )
