"""Taking the lines of a file into a draft, for all lines of its categories: the same again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.lines.costs import AnyCost
from export_support.requests.commands import own
from export_support.requests.model import Request
from export_support.requests.records import add_lines, lines_of, remove_lines
from export_support.visibility import Sight
from shared.events.publishing import publish


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    rows: int
    added: int
    removed: int


async def import_lines(
    session: AsyncSession, sight: Sight, request_id: UUID, costs: Sequence[AnyCost]
) -> tuple[Request, Imported]:
    """Put the costs in place of all lines of their categories; where they are the same already nothing changes."""
    request = await own(session, sight, request_id)
    request.require_draft()
    categories = {cost.category for cost in costs}
    there = [row for row in await lines_of(session, request.id) if row["category"] in categories]
    if _same(there, costs):
        return request, Imported(len(costs), 0, 0)
    request.change_lines(len(costs) - len(there))
    await remove_lines(session, request.id, categories)
    await add_lines(session, request.id, costs)
    await publish(session, request)
    return request, Imported(len(costs), len(costs), len(there))


def _same(there: Sequence[RowMapping], costs: Sequence[AnyCost]) -> bool:
    def by_category(parts: list[tuple[str, object]]) -> list[tuple[str, object]]:
        return sorted(parts, key=lambda part: part[0])

    stored: list[tuple[str, object]] = [(row["category"], row["cost"]) for row in there]
    given: list[tuple[str, object]] = [(cost.category, cost.model_dump(mode="json")) for cost in costs]
    return by_category(stored) == by_category(given)
