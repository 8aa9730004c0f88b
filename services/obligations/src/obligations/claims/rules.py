"""The claim as a function of its facts, and what a new version means for where the claim stands: pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from obligations.claims.facts import ClaimFacts
from obligations.claims.status import CLOSED, ClaimStatus
from obligations.repayment import Calculation, RateTimeline, Repayment, RepaymentCase, Suspension, Tranche, calculate
from obligations.repayment.result import RepaymentAllocated
from shared.refusals import Refusal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Derivation:
    """The figures of a claim as of a day, or the refusal that says what is missing: never a guess."""

    facts: ClaimFacts
    as_of: date
    calculation: Calculation | None
    refusal: Refusal | None = None

    @property
    def nothing_due(self) -> bool:
        """Whether it is certain that nothing returns."""
        return self.calculation is not None and self.calculation.total == ZERO

    @property
    def sheet(self) -> dict[str, Any] | None:
        """The calculation as JSON values, None where it was refused."""
        return None if self.calculation is None else self.calculation.as_json()


def derive(facts: ClaimFacts, as_of: date, rates: RateTimeline) -> Derivation:
    """What must come back as of a day (Law 86-VII, Art. 27(4)), of these facts and rates alone.

    What cannot be calculated (a day without a known rate, rules that are not defined together) is an answer too: the
    derivation then bears the refusal instead of figures.
    """
    try:
        return Derivation(facts, as_of, calculate(case_of(facts, as_of, rates)))
    except Refusal as refusal:
        return Derivation(facts, as_of, None, refusal)


def case_of(facts: ClaimFacts, as_of: date, rates: RateTimeline, *, fulfilment: Decimal | None = None) -> RepaymentCase:
    """The question to the calculation; `fulfilment` asks what would be due at another level.

    Where money came back before any tranche that still counts was paid (the first was reversed, say), a tranche of
    nothing stands on that day, last in the list: such a repayment is overpaid, not undefined.
    """
    tranches = [Tranche(fact.part, fact.on) for fact in facts.tranches]
    repayments = tuple(Repayment(fact.kept, fact.on) for fact in facts.repayments if fact.kept)
    first = min((tranche.on for tranche in tranches), default=None)
    needed = min((repayment.on for repayment in repayments), default=as_of)
    if first is None or (repayments and needed < first):
        tranches.append(Tranche(ZERO, needed))
    return RepaymentCase(
        fulfilment=facts.fulfilment if fulfilment is None else fulfilment,
        tranches=tuple(tranches),
        as_of=as_of,
        rates=rates,
        repayments=repayments,
        suspensions=tuple(Suspension(fact.first, fact.last) for fact in facts.suspensions),
        rules=facts.rule_set.rules,
        confirmed=frozenset(facts.rule_set.confirmed),
        period_end=facts.period_end,
        demanded_on=facts.demanded_on,
    )


def as_of_of(facts: ClaimFacts, day: date) -> ClaimFacts:
    """The facts of a day: tranches and repayments after it are left out."""
    return facts.model_copy(
        update={
            "tranches": tuple(fact for fact in facts.tranches if fact.on <= day),
            "repayments": tuple(fact for fact in facts.repayments if fact.on <= day),
        }
    )


def allocated_of(derivation: Derivation) -> dict[UUID, RepaymentAllocated]:
    """What each repayment covered, in the order in which they were allocated: by day, then as recorded."""
    if derivation.calculation is None:
        return {}
    counted = sorted((fact for fact in derivation.facts.repayments if fact.kept), key=lambda fact: fact.on)
    return {
        fact.repayment_id: allocated for fact, allocated in zip(counted, derivation.calculation.repayments, strict=True)
    }


def left_over_of(derivation: Derivation) -> dict[UUID, Decimal]:
    """What each repayment left over, in tenge, in the order in which they were allocated."""
    return {repayment_id: allocated.overpaid for repayment_id, allocated in allocated_of(derivation).items()}


@dataclass(frozen=True, slots=True)
class Told:
    """What the recipient was last told, by notification or demand: principal and interest as of a day, in tenge."""

    as_of: date
    principal: Decimal
    interest: Decimal


def grown(new: Derivation, told: Told | None, rates: RateTimeline) -> bool:
    """Whether a claim has come to more than the recipient was told; interest that only ran on does not count."""
    if told is None or new.calculation is None:
        return False
    if new.calculation.principal > told.principal:
        return True
    then = derive(as_of_of(new.facts, told.as_of), told.as_of, rates).calculation
    return then is not None and then.interest > told.interest


def status_after(status: ClaimStatus, new: Derivation, *, has_grown: bool) -> ClaimStatus:
    """Where a claim stands after a new version.

    Nothing due: cancelled. All paid: settled. Open again: calculated. More than the recipient was told: calculated,
    to be heard and demanded anew; while a complaint is undecided it stays disputed. Without figures it stays as it is.
    """
    if new.calculation is None:
        return status
    if new.nothing_due:
        return ClaimStatus.CANCELLED
    if new.calculation.outstanding.total == ZERO:
        return ClaimStatus.SETTLED
    if status in CLOSED or (has_grown and status is not ClaimStatus.DISPUTED):
        return ClaimStatus.CALCULATED
    return status
