"""K of a year: a claim follows a breach, and only a breach."""

from decimal import Decimal
from typing import Any

from obligations.claims.gathering import fulfilment_that_counts
from obligations.fulfilment import Aggregation
from obligations.obligations.model import Obligation, ObligationStatus
from shared.contracts.support import Direction


def an_obligation(status: ObligationStatus, level: str | None) -> Obligation:
    facts: dict[str, Any] = {"status": status, "level": level, "direction": Direction.EXPORT, "weight": Decimal(1)}
    return Obligation(**facts)


def k_of(*obligations: Obligation) -> Decimal:
    return fulfilment_that_counts(obligations, Aggregation.WEIGHTED_MEAN)


def test_what_stays_within_the_tolerance_returns_nothing() -> None:
    assert k_of(an_obligation(ObligationStatus.FULFILLED, "97/100")) == 1
    assert k_of() == 1


def test_beside_a_breach_every_level_counts() -> None:
    fulfilled = an_obligation(ObligationStatus.FULFILLED, "9/10")
    breached = an_obligation(ObligationStatus.BREACHED, "1/2")
    assert k_of(fulfilled, breached) == Decimal("0.700000")


def test_what_is_excused_or_not_evaluated_counts_as_one() -> None:
    breached = an_obligation(ObligationStatus.BREACHED, "1/2")
    excused = an_obligation(ObligationStatus.EXCUSED, "1/10")
    active = an_obligation(ObligationStatus.ACTIVE, None)
    assert k_of(breached, excused) == Decimal("0.750000")
    assert k_of(breached, active) == Decimal("0.750000")
