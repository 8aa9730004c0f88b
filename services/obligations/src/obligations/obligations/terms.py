"""The terms of one obligation of one year, and by when its report is due."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.contracts.support import Direction, ObligationTerm, TargetMode


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed for a year: an indicator held against a target, in the indicator's unit."""

    indicator: str
    direction: Direction
    mode: TargetMode
    lower_is_better: bool
    target: Decimal
    baseline: Decimal | None
    unit: str
    weight: Decimal
    terms_fact_id: UUID

    @property
    def columns(self) -> dict[str, Any]:
        """The terms as an obligation stores them."""
        return asdict(self)

    @classmethod
    def of(cls, term: ObligationTerm, fact_id: UUID) -> "Terms":
        """The terms in an agreement or addendum; `fact_id` names the event."""
        return cls(
            indicator=term.indicator,
            direction=term.direction,
            mode=term.mode,
            lower_is_better=term.lower_is_better,
            target=term.target,
            baseline=term.baseline,
            unit=term.unit,
            weight=term.weight,
            terms_fact_id=fact_id,
        )


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until the end of which local day a report is due, by which version of the working calendar.

    Without a report by the end of `grace_until` the obligation counts as not reported; absent while the rule set, and
    with it the number of grace days, is not known.
    """

    due_on: date
    grace_until: date | None
    calendar_version: str

    @property
    def columns(self) -> dict[str, Any]:
        """The deadline as an obligation stores it."""
        return asdict(self)
