"""The facts under a claim: all that its figures depend on, each named by its id, stored with every version."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from obligations.obligations.model import ObligationStatus
from obligations.repayment import RepaymentRules


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvaluationFact(_Fact):
    """How far one obligation of the year is fulfilled (an exact fraction), and the report that says so, if any."""

    obligation_id: UUID
    report_id: UUID | None
    revision: int
    status: str
    level: str | None


class PaidFact(_Fact):
    """A tranche that was paid: its amount in tenge, on a local day."""

    tranche_id: UUID
    number: int
    amount: Decimal
    on: date


class TrancheFact(PaidFact):
    """A tranche that was paid, and the part of it that the reporting year stands for."""

    part: Decimal


class RepaymentFact(_Fact):
    """Money that came back; `refunded` of it went out again and counts as never received (assumed)."""

    repayment_id: UUID
    amount: Decimal
    refunded: Decimal
    on: date

    @property
    def kept(self) -> Decimal:
        """What counts: the amount less what was refunded of it, in tenge."""
        return self.amount - self.refunded


class SuspensionFact(_Fact):
    """Days in which no interest runs by an officer's decision, both ends included."""

    suspension_id: UUID
    first: date
    last: date


class RuleSetFact(_Fact):
    """The rule set as frozen at signature; `confirmed` names the parameters that officers have verified."""

    name: str
    content_hash: str
    rules: RepaymentRules
    materiality: Decimal
    confirmed: tuple[str, ...]


class ClaimFacts(_Fact):
    """What a claim is a function of, the base rates aside.

    `fulfilment` is K of the agreement and reporting year, with at most six decimals. `reversed_tranches` were paid and
    came back through the bank: they count as never paid. `without_year` were paid after the agreement's last reporting
    year: no claim stands for any of it, but nobody is to overlook them. Tranches stand in order of their days,
    repayments in the order in which they were recorded. `period_end` and `demanded_on` are there where the rules accrue
    from them.
    """

    fulfilment: Decimal
    evaluations: tuple[EvaluationFact, ...]
    tranches: tuple[TrancheFact, ...]
    reversed_tranches: tuple[UUID, ...]
    without_year: tuple[PaidFact, ...] = ()
    repayments: tuple[RepaymentFact, ...]
    suspensions: tuple[SuspensionFact, ...]
    rule_set: RuleSetFact
    period_end: date | None = None
    demanded_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The facts as JSON values; `ClaimFacts.model_validate` of them gives the same facts."""
        return self.model_dump(mode="json")

    @property
    def digest(self) -> str:
        """The SHA-256 of the facts: equal facts, equal digest. That officers confirmed the rules is no other fact."""
        facts = self.as_json()
        del facts["rule_set"]["confirmed"]
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def breached(self) -> tuple[UUID, ...]:
        """The obligations of the year that are breached: the causes of the hold that hang on the claim."""
        return tuple(each.obligation_id for each in self.evaluations if each.status == ObligationStatus.BREACHED)

    @property
    def amount_without_year(self) -> Decimal:
        """The money, in tenge, for which no reporting year stands."""
        return sum((each.amount for each in self.without_year), Decimal("0.00"))

    @property
    def latest_day(self) -> date | None:
        """The last day on which money moved; a claim as of an earlier day would leave a fact out."""
        days = [tranche.on for tranche in self.tranches] + [repayment.on for repayment in self.repayments]
        return max(days, default=None)
