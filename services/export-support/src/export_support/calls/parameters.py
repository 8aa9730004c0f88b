"""The parameters by which the requests of a call are calculated, frozen when the call opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.reference.lookup import parameters_on
from shared.reference.refusals import ParameterUnknown
from shared.reference.rows import NO_LIMIT, Parameter


class Name(StrEnum):
    """Each dated parameter of the measure."""

    LEVEL_LOW = "export.rate.level.low"
    LEVEL_MEDIUM = "export.rate.level.medium"
    LEVEL_HIGH = "export.rate.level.high"
    SIZE_LARGE = "export.rate.size.large"
    SIZE_MEDIUM = "export.rate.size.medium"
    SIZE_SMALL = "export.rate.size.small"
    LOW_PROCESSING = "export.low-processing"
    BONUS = "export.domestic-logistics.bonus"
    BONUS_FACTOR = "export.domestic-logistics.factor"
    RATE_MOST = "export.rate.most"
    CEILING = "export.ceiling"
    LOOK_BACK = "export.look-back"
    QUEUE = "export.queue"
    MCI = "mci"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A parameter as it was when the call opened: its value, its row, and whether two people had confirmed it."""

    name: str
    value: str
    unit: str
    row: UUID
    effective_from: date
    source: str
    verified: bool

    @property
    def number(self) -> Decimal:
        """The value as an exact number."""
        return Decimal(self.value)

    @property
    def limit(self) -> Decimal | None:
        """The value as a limit; None where there is none."""
        return None if self.value == NO_LIMIT else self.number

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        texts = {name: str(getattr(self, name)) for name in ("value", "unit", "row", "effective_from", "source")}
        return {**texts, "verified": self.verified}

    @classmethod
    def read(cls, name: str, stored: Mapping[str, Any]) -> "Frozen":
        """The opposite."""
        return cls(
            name,
            stored["value"],
            stored["unit"],
            UUID(stored["row"]),
            date.fromisoformat(stored["effective_from"]),
            stored["source"],
            stored["verified"],
        )

    @classmethod
    def of(cls, parameter: Parameter) -> "Frozen":
        """The parameter as it is now."""
        return cls(
            parameter.name,
            parameter.value,
            parameter.unit,
            parameter.id,
            parameter.effective_from,
            parameter.source,
            parameter.verified,
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of a call, by name."""

    by_name: Mapping[str, Frozen]

    def __getitem__(self, name: Name) -> Frozen:
        """The parameter of that name."""
        return self.by_name[name.value]

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: each.stored() for name, each in sorted(self.by_name.items())}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Parameters":
        """The opposite."""
        return cls({name: Frozen.read(name, each) for name, each in stored.items()})


async def parameters_of(session: AsyncSession, on: date) -> Parameters:
    """The parameters in force on the day; raises `ParameterUnknown` for the first that has no value."""
    found = await parameters_on(session, [name.value for name in Name], on)
    for name in Name:
        if name.value not in found:
            raise ParameterUnknown(name=name.value, on=on)
    return Parameters({name: Frozen.of(each) for name, each in found.items()})
