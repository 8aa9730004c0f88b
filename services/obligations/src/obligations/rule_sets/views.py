"""Rule sets as the interface shows and takes them."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from obligations.rule_sets.content import RuleSetContent
from obligations.rule_sets.model import RuleSet, RuleSetStatus
from shared.values.codes import Code
from shared.values.dates import Day
from shared.values.text import ShortText

RuleSetName = Annotated[
    str,
    Code(
        kind="rule_set_name",
        pattern="[a-z][a-z0-9]*(-[a-z0-9]+){0,9}",
        wanted="a name of small letters and digits, words joined by hyphens, such as default",
        example="default",
        fault=lambda name: "a name of more than 60 characters" if len(name) > 60 else None,
    ),
]
"""What agreements call a rule set by."""

ContentHash = Annotated[
    str,
    Code(
        kind="content_hash",
        pattern="[0-9a-f]{64}",
        wanted="the content_hash of the rule set as read: 64 hexadecimal digits",
        example="0" * 64,
    ),
]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRuleSet(_Asked):
    """A set of parameters for agreements signed from `effective_from` on; what is absent in it is the default."""

    name: RuleSetName
    effective_from: Day
    content: RuleSetContent = Field(default_factory=RuleSetContent)
    source: ShortText


class ReadContent(_Asked):
    """What the officer has read: the decision covers exactly this content."""

    content_hash: ContentHash


class NewRejection(ReadContent):
    """Why the proposal is turned down."""

    reason: ShortText


class RuleSetView(BaseModel):
    """A rule set; `verified` once two officers have confirmed it against its source."""

    rule_set_id: UUID
    name: str
    effective_from: date
    status: RuleSetStatus
    content: RuleSetContent
    content_hash: str
    source: str
    verified: bool
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    rejection_reason: str | None
    confirmed_by: list[str]

    @classmethod
    def of(cls, rule_set: RuleSet) -> Self:
        """The view of a row."""
        stored = rule_set.model_dump(include=set(cls.model_fields) - {"content"})
        return cls(
            rule_set_id=rule_set.id,
            content=rule_set.parameters,
            verified=rule_set.verified,
            confirmed_by=rule_set.confirmed_by,
            **stored,
        )
