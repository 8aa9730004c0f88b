"""Looking official rates up, one or ten thousand, each of its own day."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.currencies.official import RATES, TENGE, OfficialRate
from shared.reference.lookup import entries_during
from shared.reference.rules import ByKeyAndDay


async def rates_on(
    session: AsyncSession, wanted: Collection[tuple[str, date]], known_at: datetime | None = None
) -> dict[tuple[str, date], OfficialRate]:
    """The official rate of each currency on its day, in one query; what is not known is left out."""
    if not wanted:
        return {}
    days = [day for _, day in wanted]
    currencies = {currency for currency, _ in wanted if currency != TENGE}
    found = ByKeyAndDay(await entries_during(session, RATES.name, currencies, min(days), max(days), known_at))
    rates = {(TENGE, day): OfficialRate.of_tenge(day) for currency, day in wanted if currency == TENGE}
    for currency, day in set(wanted) - rates.keys():
        if (entry := found.on(currency, day)) is not None:
            rates[currency, day] = OfficialRate.of(day, entry)
    return rates
