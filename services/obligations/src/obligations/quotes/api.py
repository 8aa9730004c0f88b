"""Routes of quotes: what is due on a day, and what would be due at other levels of fulfilment."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from obligations.agreements.refusals import AgreementNotFound, RuleSetNotFrozen
from obligations.calculator.api import CALCULATION_REFUSALS
from obligations.calculator.model import RepaymentAnswer
from obligations.claims.queries import visible_claim
from obligations.claims.refusals import ClaimNotFound, ClaimVersionNotFound, DayNotReached
from obligations.claims.views import file_name, header_of
from obligations.quotes.chart import chart
from obligations.quotes.queries import ground_of_quote, ground_of_what_if
from obligations.quotes.refusals import YearNotReported
from obligations.quotes.rules import WhatIf, quote, what_if
from obligations.sheets.answer import SHEET_REFUSALS, SHEET_RESPONSES, Wanted, sheet_response
from obligations.visibility import READERS, Seen
from shared.access.callers import allowed
from shared.calendar.local_days import local_day
from shared.http.apart import AnswerTakesTooLong, WorkApart
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, RequestLanguage
from shared.values.dates import Day
from shared.values.decimals import WholeNumber
from shared.values.money import Money
from shared.values.shares import Fulfilment

router = Router(prefix="/v1", tags=["quotes"])
reader = Depends(allowed(*READERS))

SVG = "image/svg+xml"


class WhatIfPoint(BaseModel):
    """What would be due at one level of fulfilment, in tenge."""

    fulfilment: Fulfilment
    principal: Money
    interest: Money
    total: Money
    outstanding: Money

    @classmethod
    def of(cls, point: WhatIf) -> "WhatIfPoint":
        """The view of a point."""
        return cls.model_validate(point, from_attributes=True)


class WhatIfView(BaseModel):
    """What would be due on a day at 0, 10, … 100 % of fulfilment; `fulfilment` is the present one."""

    agreement_id: UUID
    reporting_year: int
    on: Day
    fulfilment: Fulfilment
    points: list[WhatIfPoint]


@router.get(
    "/claims/{claim_id}/quote",
    dependencies=[reader],
    response_model=RepaymentAnswer,
    responses={
        **refusals(ClaimNotFound, ClaimVersionNotFound, DayNotReached, *CALCULATION_REFUSALS, *SHEET_REFUSALS),
        **SHEET_RESPONSES,
    },
)
async def quote_payoff(
    claim_id: UUID,
    reading: Reading,
    seen: Seen,
    now: Now,
    wanted: Wanted,
    as_of: Annotated[Day, Query()],
    known_on: Annotated[Day | None, Query()] = None,
) -> Response:
    """Answer what is due on a day (Law 86-VII, Art. 27(4)), by what is known now or was known on a day."""
    claim = await visible_claim(reading, claim_id, seen)
    ground, version = await ground_of_quote(reading, claim, known_on, now)
    await reading.close()
    header = {"header": header_of(claim, version)}
    name = file_name(claim, version, as_of)
    return await sheet_response(
        lambda: {**header, **quote(ground.facts, as_of, ground.rates).as_json()}, wanted, now, name
    )


@router.get(
    "/agreements/{agreement_id}/what-if",
    dependencies=[Depends(allowed(*READERS))],
    response_model=WhatIfView,
    responses={
        **refusals(AgreementNotFound, RuleSetNotFrozen, YearNotReported, AnswerTakesTooLong, *CALCULATION_REFUSALS),
        200: {"content": {SVG: {"schema": {"type": "string"}}}},
    },
)
async def simulate(
    agreement_id: UUID,
    reading: Reading,
    seen: Seen,
    now: Now,
    language: RequestLanguage,
    apart: WorkApart,
    year: Annotated[WholeNumber, Query(ge=1990, le=2100)],
    on: Annotated[Day | None, Query(description="Today if absent.")] = None,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """Answer what would be due on a day at each level of fulfilment; as a chart by `Accept: image/svg+xml`."""
    ground = await ground_of_what_if(reading, agreement_id, year, seen)
    day = on or local_day(now)
    await reading.close()
    points = await apart.calculate(lambda: what_if(ground.facts, day, ground.rates))
    if SVG in (accept or "").lower():
        picture = chart(points, on=day, year=year, current=ground.facts.fulfilment, language=language)
        headers = {"Content-Language": language.value, "Vary": "Accept, Accept-Language"}
        return Response(picture, media_type=SVG, headers=headers)
    view = WhatIfView(
        agreement_id=agreement_id,
        reporting_year=year,
        on=day,
        fulfilment=ground.facts.fulfilment,
        points=[WhatIfPoint.of(point) for point in points],
    )
    return JSONResponse(view.model_dump(mode="json"), headers={"Vary": "Accept"})
