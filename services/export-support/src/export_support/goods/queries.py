"""Looking goods up, one or ten thousand, each by the list of its own day."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.goods.catalogue import GOODS, Good
from shared.reference.lookup import entries_during, periods_of
from shared.reference.rules import ByKeyAndDay


async def goods_on(
    session: AsyncSession, wanted: Collection[tuple[str, date]], known_at: datetime | None = None
) -> dict[tuple[str, date], Good]:
    """What the list says of each code (six digits or more) on its day, in two queries."""
    if not wanted:
        return {}
    days = [day for _, day in wanted]
    keys = {code[:6] for code, _ in wanted}
    found = ByKeyAndDay(await entries_during(session, GOODS.name, keys, min(days), max(days), known_at))
    periods = await periods_of(session, GOODS.name, known_at)
    known = {day: any(first <= day and (last is None or day <= last) for first, last in periods) for day in set(days)}
    return {
        (code, day): Good.of(code, day, found.on(code[:6], day), list_known=known[day]) for code, day in set(wanted)
    }
