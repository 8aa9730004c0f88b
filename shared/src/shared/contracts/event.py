"""What all published events share: a type with its version, and when the thing happened."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Event(BaseModel):
    """A fact that has happened, in the past tense, as other services and other systems read it.

    Immutable. Readers ignore members that they do not know; a published schema only gains optional members.
    `occurred_at` travels in the envelope (`ce_time`), not in the data.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    occurred_at: datetime = Field(exclude=True)

    def data(self) -> dict[str, Any]:
        """The data of the event as JSON values, money and days as strings."""
        return self.model_dump(mode="json")

    @classmethod
    def read(cls, data: dict[str, Any], occurred_at: datetime) -> "Event":
        """The event of this type in `data`; raises pydantic's `ValidationError` where it does not fit the schema."""
        return cls.model_validate({**data, "occurred_at": occurred_at})
