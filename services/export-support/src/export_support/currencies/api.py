"""Routes and views of official exchange rates."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BaseModel

from export_support.currencies.official import OfficialRate
from export_support.currencies.queries import rates_on
from shared.access.callers import CurrentCaller
from shared.http.known import KnownAt
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Reading
from shared.refusals import RuleBroken
from shared.values.dates import Day
from shared.values.shares import Quantity

router = Router(prefix="/v1", tags=["currencies"])

CurrencyCode = Annotated[str, Path(pattern="^[A-Z]{3}$", description="Three capital letters, such as USD.")]
OnDay = Annotated[Day, Query(description="The local day of payment.")]


class ExchangeRateUnknown(RuleBroken):
    """No official rate of the currency is known for the day; another day's is never taken."""

    title = "The exchange rate of this day is not known"
    detail = "No official rate of {currency} is known for {on}."
    remedy = "Import the National Bank's rate of that day."


class ExchangeRateView(BaseModel):
    """`rate` tenge for `units` of the currency on the day; `row` is the entry that it rests on."""

    currency: str
    on: Day
    rate: Quantity
    units: int
    row: UUID | None
    source: str | None
    verified: bool

    @classmethod
    def of(cls, rate: OfficialRate) -> "ExchangeRateView":
        """The view of a rate."""
        return cls.model_validate({name: getattr(rate, name) for name in cls.model_fields})


@router.get("/exchange-rates/{currency}", responses=refusals(ExchangeRateUnknown))
async def read_exchange_rate(
    currency: CurrencyCode, on: OnDay, session: Reading, _: CurrentCaller, known_at: KnownAt
) -> ExchangeRateView:
    """The National Bank's official rate of a currency on a day. Refused, never guessed, where none is known."""
    found = await rates_on(session, [(currency, on)], known_at)
    if (currency, on) not in found:
        raise ExchangeRateUnknown(currency=currency, on=on)
    return ExchangeRateView.of(found[currency, on])
