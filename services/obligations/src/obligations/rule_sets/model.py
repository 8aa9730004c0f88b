"""A rule set: proposed by one officer, approved by another, confirmed against its source by two."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from obligations.record import Record
from obligations.rule_sets.content import PARAMETERS, FrozenRuleSet, RuleSetContent
from obligations.rule_sets.refusals import RuleSetNotApproved, RuleSetNotProposed
from shared.database.columns import Instant, TextEnum
from shared.two_people import ConfirmedByTwo, confirmed_by_two, require_another

DEFAULT_RULE_SET = "default"
"""The name of the set that comes with the installation: all defaults, unverified."""


class RuleSetStatus(StrEnum):
    """Only an approved set is frozen into agreements."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class RuleSet(Record, ConfirmedByTwo, table=True):
    """A named set of parameters for agreements signed from `effective_from` on, until a later one of that name.

    Its content never changes: another content is another proposal. Publishes nothing, so its `version` stays 0
    and its ETag is its `revision`.
    Verified once two different officers have confirmed it against its source; approval alone does not verify.
    """

    __tablename__ = "rule_set"
    __table_args__ = (
        CheckConstraint("status in ('proposed', 'approved', 'rejected')", name="status_known"),
        CheckConstraint("proposed_by <> decided_by", name="two_people_decide"),
        CheckConstraint("(status = 'proposed') = (decided_by is null)", name="decision_known"),
        *confirmed_by_two(),
        CheckConstraint("first_confirmed_by is null or status = 'approved'", name="approved_before_confirmed"),
        Index(
            "uq_rule_set_name_effective_from",
            "name",
            "effective_from",
            unique=True,
            postgresql_where=text("status <> 'rejected'"),
        ),
    )

    name: str = Field(sa_type=Text)
    effective_from: date = Field(sa_type=Date)
    content: dict[str, Any] = Field(sa_type=JSONB)
    content_hash: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    status: RuleSetStatus = Field(default=RuleSetStatus.PROPOSED, sa_type=TextEnum(RuleSetStatus))
    proposed_by: str = Field(sa_type=Text)
    proposed_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    rejection_reason: str | None = Field(default=None, sa_type=Text)

    @property
    def revision(self) -> int:
        """How often the set has changed: decided, confirmed once or twice."""
        return (self.decided_by is not None) + len(self.confirmed_by)

    @property
    def confirmed_parameters(self) -> tuple[str, ...]:
        """The parameters that count as verified: all of them, or none."""
        return PARAMETERS if self.verified else ()

    @property
    def parameters(self) -> RuleSetContent:
        """What the set says."""
        return RuleSetContent.model_validate(self.content)

    def frozen(self) -> FrozenRuleSet:
        """A copy for an agreement."""
        return FrozenRuleSet(self.name, self.id, self.content_hash, dict(self.content))

    def approve(self, by: str, at: datetime) -> None:
        """Take the set into use. Somebody else than the proposer decides."""
        self._decide(RuleSetStatus.APPROVED, by, at)

    def reject(self, by: str, reason: str, at: datetime) -> None:
        """Turn the proposal down; its name and day are free again."""
        self._decide(RuleSetStatus.REJECTED, by, at)
        self.rejection_reason = reason

    def _decide(self, status: RuleSetStatus, by: str, at: datetime) -> None:
        if self.status is not RuleSetStatus.PROPOSED:
            raise RuleSetNotProposed(name=self.name, status=self.status)
        require_another(by, self.proposed_by)
        self.status, self.decided_by, self.decided_at = status, by, at

    def confirm(self, by: str, at: datetime) -> None:
        """Confirm the set against its source; with the second, different officer it is verified."""
        if self.status is not RuleSetStatus.APPROVED:
            raise RuleSetNotApproved(name=self.name, status=self.status)
        self.take_confirmation(by, at)
