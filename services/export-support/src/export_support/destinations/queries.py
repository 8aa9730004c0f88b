"""Reading the rules that could hold for any of these lines, in one query."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.destinations.rules import DESTINATION_RULES, Rule, keys_for, rule_on
from shared.reference.lookup import entries_during
from shared.reference.rules import ByKeyAndDay


@dataclass(frozen=True, slots=True)
class Route:
    """What goes where, on which day; `code` is None where a cost is not about one good."""

    category: str
    code: str | None
    destination: str
    on: date


async def rules_for(
    session: AsyncSession, routes: Collection[Route], known_at: datetime | None = None
) -> dict[Route, Rule]:
    """The rule of each route on its day; a route about which the table says nothing is left out."""
    if not routes:
        return {}
    wanted = set(routes)
    keys = {key for route in wanted for key in keys_for(route.category, route.code, route.destination)}
    days = [route.on for route in wanted]
    rows = await entries_during(session, DESTINATION_RULES.name, keys, min(days), max(days), known_at)
    table = ByKeyAndDay(rows)
    found = {route: rule_on(table, route.category, route.code, route.destination, route.on) for route in wanted}
    return {route: rule for route, rule in found.items() if rule is not None}
