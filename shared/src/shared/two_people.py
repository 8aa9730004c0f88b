"""What takes two people: a decision about what another has proposed, and the confirmation of a row by two."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field, SQLModel

from shared.database.columns import Instant
from shared.refusals import Conflict, Forbidden


class SecondPersonWanted(Forbidden):
    """Nobody decides what he or she has proposed, requested, brought in, decided or confirmed before."""

    title = "A second person is wanted"
    detail = "You have done your part in this; the next step is another person's."
    remedy = "Ask a colleague who may take it."


class AlreadyVerified(Conflict):
    """Two people have confirmed it."""

    title = "Already verified"
    detail = "Two people have confirmed it; there is nothing left to confirm."
    remedy = "What is wrong in it is changed by a correction."


class Confirmable(Protocol):
    """What two people confirm against its source, one after the other."""

    @property
    def first_confirmed_by(self) -> str | None:
        """Who confirmed first."""

    @property
    def second_confirmed_by(self) -> str | None:
        """Who confirmed second, and so verified."""


def require_another(by: str, *had_a_part: str | None) -> None:
    """Raise `SecondPersonWanted` where the person is among those who have had a part."""
    if by in had_a_part:
        raise SecondPersonWanted


def is_second_confirmation(row: Confirmable, by: str, *, brought_in_by: str | None = None) -> bool:
    """Whether this person's confirmation is the second, that verifies; of who brought the row in it counts nothing.

    Raises `AlreadyVerified` or `SecondPersonWanted`.
    """
    if row.second_confirmed_by is not None:
        raise AlreadyVerified
    require_another(by, row.first_confirmed_by, brought_in_by)
    return row.first_confirmed_by is not None


def confirmation(*, second: bool, by: str, at: datetime) -> dict[str, Any]:
    """The columns that a confirmation fills, with their values."""
    which = "second" if second else "first"
    return {f"{which}_confirmed_by": by, f"{which}_confirmed_at": at}


def confirmed_by_two(brought_in_by: str | None = None) -> list[CheckConstraint]:
    """What the database holds of a table's confirmations; `brought_in_by` names the column of who may not confirm."""
    parts = [f"({each}_confirmed_by is null) = ({each}_confirmed_at is null)" for each in ("first", "second")]
    two = "second_confirmed_by is null or coalesce(first_confirmed_by <> second_confirmed_by, false)"
    constraints = [
        CheckConstraint(" and ".join(parts), name="confirmations_whole"),
        CheckConstraint(two, name="two_people_confirm"),
    ]
    if brought_in_by is not None:
        others = f"{brought_in_by} <> first_confirmed_by and {brought_in_by} <> second_confirmed_by"
        constraints.append(CheckConstraint(others, name="others_confirm"))
    return constraints


class ConfirmedByTwo(SQLModel):
    """The columns of an aggregate that two people confirm against its source; with `confirmed_by_two` in its table."""

    first_confirmed_by: str | None = Field(default=None, sa_type=Text)
    first_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    second_confirmed_by: str | None = Field(default=None, sa_type=Text)
    second_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def verified(self) -> bool:
        """Whether two different people have confirmed it."""
        return self.second_confirmed_by is not None

    @property
    def confirmed_by(self) -> list[str]:
        """Who has confirmed it, the first one first."""
        return [one for one in (self.first_confirmed_by, self.second_confirmed_by) if one is not None]

    def take_confirmation(self, by: str, at: datetime) -> None:
        """Note a person's confirmation. Raises `AlreadyVerified` or `SecondPersonWanted`."""
        second = is_second_confirmation(self, by)
        for name, value in confirmation(second=second, by=by, at=at).items():
            setattr(self, name, value)
