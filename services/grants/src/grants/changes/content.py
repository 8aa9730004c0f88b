"""What a change asks for: other counter-obligations, other days, other budget lines, or the end of the agreement."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from grants.applications.content import MOST_LINES, BudgetLine
from shared.contracts.support import ObligationTerm
from shared.values.dates import Day


class ChangeKind(StrEnum):
    """What is to be changed; the recipient asks for a schedule or a budget, an officer for the others."""

    OBLIGATIONS = "obligations"
    SCHEDULE = "schedule"
    BUDGET = "budget"
    TERMINATION = "termination"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewDay(_Part):
    """A tranche, and the local day for which it is to be planned."""

    tranche_id: UUID
    planned_on: Day


class OtherObligations(_Part):
    """The counter-obligations and the rule set as they shall be from now on."""

    kind: Literal[ChangeKind.OBLIGATIONS] = ChangeKind.OBLIGATIONS
    obligations: tuple[ObligationTerm, ...]
    rule_set: str


class OtherSchedule(_Part):
    """Tranches that are to be planned for other days."""

    kind: Literal[ChangeKind.SCHEDULE]
    tranches: Annotated[list[NewDay], Field(min_length=1, max_length=MOST_LINES)]

    @property
    def days(self) -> dict[UUID, date]:
        """The days by tranche."""
        return {each.tranche_id: each.planned_on for each in self.tranches}


class OtherBudget(_Part):
    """All budget lines of the project, in place of the present ones; together they bear exactly the grant."""

    kind: Literal[ChangeKind.BUDGET]
    lines: Annotated[list[BudgetLine], Field(min_length=1, max_length=MOST_LINES)]


class Ending(_Part):
    """The agreement is to end before its time."""

    kind: Literal[ChangeKind.TERMINATION] = ChangeKind.TERMINATION


Wanted = OtherObligations | OtherSchedule | OtherBudget | Ending
"""What a change asks for."""

wanted_type: TypeAdapter[Wanted] = TypeAdapter(Annotated[Wanted, Field(discriminator="kind")])
"""Reads what was stored."""
