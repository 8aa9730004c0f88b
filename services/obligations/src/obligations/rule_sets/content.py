"""What a rule set says: the rules of the calculation and the rules of conduct, as one content with a hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from obligations.fulfilment import Aggregation
from obligations.repayment.parameters import CALCULATION_PARAMETERS, CONDUCT_PARAMETERS, DEFAULTS, FORMULA
from obligations.repayment.rules import RepaymentRules
from shared.values.money import Money
from shared.values.shares import Fulfilment

PARAMETERS = tuple(parameter.name for parameter in (FORMULA, *CALCULATION_PARAMETERS, *CONDUCT_PARAMETERS))
"""The names of everything that a rule set chooses, each assumed until officers confirm the set."""


class RuleSetContent(BaseModel):
    """The parameters of a rule set; what is absent is the default.

    `tolerance` is a level (no breach where an obligation's is at least 1 less this), `grace_days` working days,
    `materiality` tenge (a smaller total of principal and interest, paid or not, is not demanded).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: RepaymentRules = RepaymentRules()
    tolerance: Fulfilment = Decimal(DEFAULTS["tolerance"])
    grace_days: int = Field(int(DEFAULTS["grace_days"]), ge=0, le=250, strict=True)
    materiality: Money = Decimal(DEFAULTS["materiality"])
    aggregation: Aggregation = Aggregation(DEFAULTS["aggregation"])

    def stored(self) -> dict[str, Any]:
        """The content as JSON values."""
        return self.model_dump(mode="json")

    @property
    def hash(self) -> str:
        """The SHA-256 of the content: what an approval and an acceptance cover."""
        text = json.dumps(self.stored(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class FrozenRuleSet:
    """A copy of a rule set as it was when an agreement was signed or amended; nothing changes it later."""

    name: str
    rule_set_id: UUID
    content_hash: str
    stored: Mapping[str, Any]

    @cached_property
    def content(self) -> RuleSetContent:
        """The parameters."""
        return RuleSetContent.model_validate(self.stored)
