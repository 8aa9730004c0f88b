"""The catalogue of indicators over HTTP, for anybody who is known."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlmodel import col, or_, select

from obligations.indicators.model import Indicator
from obligations.record import columns_of
from shared.access.callers import CurrentCaller
from shared.calendar.local_days import local_day
from shared.contracts.support import Direction, Measure, TargetMode
from shared.http.pages import Page, WantedPage
from shared.http.routes import Router
from shared.http.transactions import Now, Reading
from shared.values.dates import Day

router = Router(prefix="/v1", tags=["indicators"])


class IndicatorView(BaseModel):
    """An indicator of a measure and direction, with its source; `mark` says how far it is founded."""

    indicator_id: UUID
    measure: Measure
    direction: Direction
    code: str
    name: str
    unit: str
    mode: TargetMode
    lower_is_better: bool
    effective_from: date
    effective_to: date | None
    mark: str
    source: str

    @classmethod
    def of(cls, indicator: Indicator) -> Self:
        """The view of an entry."""
        return cls.model_validate({**indicator.model_dump(exclude={"id"}), "indicator_id": indicator.id})


@router.get("/indicators")
async def list_indicators(
    session: Reading,
    _: CurrentCaller,
    now: Now,
    wanted: WantedPage,
    measure: Annotated[Measure | None, Query()] = None,
    direction: Annotated[Direction | None, Query()] = None,
    on: Annotated[Day | None, Query(description="In use on this day; absent: today.")] = None,
) -> Page[IndicatorView]:
    """List the indicators in use on a day, by measure and direction."""
    day = on or local_day(now)
    until = col(Indicator.effective_to)
    statement = select(Indicator).where(col(Indicator.effective_from) <= day, or_(until.is_(None), until >= day))
    if measure is not None:
        statement = statement.where(col(Indicator.measure) == measure)
    if direction is not None:
        statement = statement.where(col(Indicator.direction) == direction)
    keys = columns_of(Indicator, "measure", "direction", "code", "id")
    rows = (await session.exec(wanted.of(statement, *keys))).all()
    return wanted.page(rows, lambda one: (one.measure, one.direction, one.code, one.id), IndicatorView.of)
