"""The catalogue of indicators over HTTP, for anybody who is known."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from obligations.indicators.catalogue import INDICATORS, Indicator
from shared.access.callers import CurrentCaller
from shared.calendar.local_days import local_day
from shared.contracts.support import Direction, Measure, TargetMode
from shared.http.known import KnownAt
from shared.http.pages import Page, WantedPage
from shared.http.routes import Router
from shared.http.transactions import Now, Reading
from shared.reference import lookup
from shared.reference.tables import reference_list_entry as entries
from shared.values.dates import Day

router = Router(prefix="/v1", tags=["indicators"])


class IndicatorView(BaseModel):
    """An indicator of a measure and direction, with its source; `mark` says how far it is founded.

    `verified` says whether two people have confirmed it, row by row or the whole import (`/v1/reference-rows`).
    """

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
    verified: bool
    known_from: datetime

    @classmethod
    def of(cls, indicator: Indicator) -> Self:
        """The view of an entry."""
        entry, attributes = indicator.entry, indicator.attributes
        return cls(
            indicator_id=entry.id,
            measure=indicator.measure,
            direction=indicator.direction,
            code=indicator.code,
            name=attributes["name"],
            unit=attributes["unit"],
            mode=TargetMode(attributes["mode"]),
            lower_is_better=attributes["lower_is_better"] == "yes",
            effective_from=entry.effective_from,
            effective_to=entry.effective_to,
            mark=entry.mark,
            source=entry.source,
            verified=entry.verified,
            known_from=entry.known_from,
        )


@router.get("/indicators")
async def list_indicators(
    session: Reading,
    _: CurrentCaller,
    now: Now,
    wanted: WantedPage,
    known_at: KnownAt,
    measure: Annotated[Measure | None, Query()] = None,
    direction: Annotated[Direction | None, Query()] = None,
    on: Annotated[Day | None, Query(description="In use on this day; absent: today.")] = None,
) -> Page[IndicatorView]:
    """List the indicators in use on a day, by measure, direction and code."""
    statement = lookup.on_day(INDICATORS.name, on or local_day(now), known_at)
    part = entries.c.key
    if measure is not None:
        statement = statement.where(part.startswith(f"{measure.value}.", autoescape=True))
    if direction is not None:
        statement = statement.where(part.contains(f".{direction.value}.", autoescape=True))
    found = [lookup.entry_of(row, known_at) for row in await lookup.rows_of(session, wanted.of(statement, part))]
    return wanted.page(found, lambda entry: (entry.key,), lambda entry: IndicatorView.of(Indicator.of(entry)))
