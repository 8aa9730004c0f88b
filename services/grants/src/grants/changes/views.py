"""What the API takes and shows of changes."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from grants.agreements.views import Obligations, ObligationView
from grants.applications.content import BudgetLine
from grants.changes.content import ChangeKind, OtherBudget, OtherObligations, OtherSchedule
from grants.changes.model import Change, ChangeStatus
from shared.values.documents import Slug
from shared.values.text import ShortText


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangeRequest(_Body):
    """What the recipient asks for, and why."""

    change: Annotated[OtherSchedule | OtherBudget, Field(discriminator="kind")]
    reason: ShortText


class NewAddendum(_Body):
    """The counter-obligations and the rule set as they shall be from now on, and why."""

    obligations: Obligations
    rule_set: Slug
    reason: ShortText


class Reason(_Body):
    """Why something is done."""

    reason: ShortText


class DayView(BaseModel):
    """A tranche, and the day for which it is to be planned."""

    tranche_id: UUID
    planned_on: date


class WantedView(BaseModel):
    """What a change asks for: the members of its kind, the others are absent."""

    obligations: list[ObligationView] | None = None
    rule_set: str | None = None
    tranches: list[DayView] | None = None
    lines: list[BudgetLine] | None = None

    @classmethod
    def of(cls, change: Change) -> Self:
        """The view of what is asked for."""
        match wanted := change.content:
            case OtherObligations():
                obligations = [ObligationView(**term.model_dump()) for term in wanted.obligations]
                return cls(obligations=obligations, rule_set=wanted.rule_set)
            case OtherSchedule():
                return cls(tranches=[DayView(**each.model_dump()) for each in wanted.tranches])
            case OtherBudget():
                return cls(lines=wanted.lines)
        return cls()


class ChangeView(BaseModel):
    """A change of an agreement: what is asked for, and who asked, proposed and decided."""

    id: UUID
    agreement_id: UUID
    kind: ChangeKind
    status: ChangeStatus
    revision: int
    wanted: WantedView
    reason: str
    requested_by: str | None
    requested_at: datetime | None
    proposed_by: str | None
    proposed_at: datetime | None
    approved_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None

    @classmethod
    def of(cls, change: Change) -> Self:
        """The view of a change."""
        shown = {name: getattr(change, name) for name in cls.model_fields if name != "wanted"}
        return cls(**shown, wanted=WantedView.of(change))
