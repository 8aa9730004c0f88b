"""An entry of the catalogue: an indicator of a measure and direction, from a day until another."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Text, UniqueConstraint, Uuid
from sqlmodel import Field

from obligations.record import Entry
from shared.contracts.support import Direction, Measure, TargetMode
from shared.database.columns import TextEnum


class Indicator(Entry, table=True):
    """What a counter-obligation may be about (Law 86-VII, Art. 27(3)); obligations are defined per measure.

    In use from `effective_from` to `effective_to`, both local days included. `mark` says how far the entry is founded:
    law, practice or assumed. `mode` and `lower_is_better` are what is usual; the agreement decides.
    """

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("measure", "direction", "code", "effective_from", name="uq_indicator_dated"),
        CheckConstraint("effective_to >= effective_from", name="dated_in_order"),
        CheckConstraint("mark in ('law', 'practice', 'assumed')", name="mark_known"),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    measure: Measure = Field(sa_type=TextEnum(Measure))
    direction: Direction = Field(sa_type=TextEnum(Direction))
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    mode: TargetMode = Field(sa_type=TextEnum(TargetMode))
    lower_is_better: bool = False
    effective_from: date = Field(sa_type=Date)
    effective_to: date | None = Field(default=None, sa_type=Date)
    mark: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
