"""What the small service takes, shows and refuses."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.refusals import Conflict, NotFound, RuleBroken


class ThingUnknown(NotFound):
    """There is no such thing, or not for this caller."""

    title = "The thing is not known"
    detail = "There is no thing {id}."


class NameTaken(Conflict):
    """The owner has one of that name."""

    title = "The name is taken"
    remedy = "Choose another name."
    field = "/name"


class TooDear(RuleBroken):
    """More than may be asked for."""

    title = "Too dear"
    detail = "At most {limit} may be asked for, for {number}."
    field = "/amount"


class Colour(StrEnum):
    """Colours."""

    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    """A part of a thing."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["screw", "nail"]
    count: int = Field(ge=1, le=1000)


class NewThing(BaseModel):
    """What is wanted for a thing."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=50)
    amount: str = Field(pattern=r"^[0-9]{1,15}\.[0-9]{2}$")
    colour: Colour = Colour.RED
    due_on: date | None = None
    parts: list[Part] = Field(default_factory=list, max_length=5)
    weight: Decimal | None = None

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if name == "Nobody":
            raise ValueError("Nobody is no name.")
        return name


class ThingView(BaseModel):
    """A thing."""

    id: UUID
    name: str
    amount: str
    at: datetime | None = None
