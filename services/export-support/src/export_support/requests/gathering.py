"""Gathering what is known about the lines of a request: a handful of queries, however many lines there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.calls.parameters import Name, Parameters
from export_support.checking.facts import DocumentState, Facts, Places
from export_support.currencies.queries import rates_on
from export_support.destinations.places import BORDER_CROSSINGS, COUNTRIES, TRANSPORT_MODES, ZONES
from export_support.destinations.queries import Route, rules_for
from export_support.documents.keys import DocumentKey, key_of
from export_support.documents.taking import Standing, standing_of
from export_support.goods.queries import goods_on
from export_support.lines.categories import CATEGORIES, CategoryRule
from export_support.lines.costs import AnyCost, read_cost
from export_support.requests.model import Request
from shared.calendar.local_days import local_day, months_after
from shared.reference.lookup import entries_during, members
from shared.reference.rules import ByKeyAndDay

ALL_PAID = "as-rated"
"""The value of the parameter by which low processing is paid by its rate."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a request as it is stored, read."""

    id: UUID
    number: int
    cost: AnyCost

    @classmethod
    def of(cls, row: RowMapping) -> "Line":
        """The line of a row."""
        return cls(row["id"], row["number"], read_cost(row["cost"]))

    @property
    def key(self) -> DocumentKey:
        """The key of its document."""
        document = self.cost.document
        return key_of(document.supplier, document.number, document.on)


async def facts_of(
    session: AsyncSession, request: Request, parameters: Parameters, lines: Sequence[Line], at: datetime
) -> list[Facts]:
    """What each line is judged on, in their order: on the day of the signature, before it on that of `at`."""
    on = request.submitted_on or local_day(at)
    costs = [line.cost for line in lines]
    goods = await goods_on(session, [(c.goods_code, c.document.on) for c in costs if c.goods_code is not None])
    routes = [Route(c.category, c.goods_code, c.country, c.document.on) for c in costs]
    rules = await rules_for(session, routes)
    rates = await rates_on(session, [(c.currency, c.paid_on) for c in costs])
    categories = await _categories(session, costs)
    documents = await _documents(session, request, lines)
    places, size = await _places(session, on), request.read.size
    earliest = months_after(on, -int(parameters[Name.LOOK_BACK].number))
    paid = parameters[Name.LOW_PROCESSING].value == ALL_PAID
    return [
        Facts(
            on=on,
            earliest=earliest,
            size=size,
            category=None if (row := categories.on(c.category, c.document.on)) is None else CategoryRule.of(row),
            good=None if c.goods_code is None else goods[c.goods_code, c.document.on],
            rule=rules.get(route),
            rate=rates.get((c.currency, c.paid_on)),
            document=document,
            places=places,
            low_processing_paid=paid,
        )
        for c, route, document in zip(costs, routes, documents, strict=True)
    ]


async def _categories(session: AsyncSession, costs: Sequence[AnyCost]) -> ByKeyAndDay:
    days = [cost.document.on for cost in costs]
    if not days:
        return ByKeyAndDay([])
    wanted = {cost.category for cost in costs}
    return ByKeyAndDay(await entries_during(session, CATEGORIES.name, wanted, min(days), max(days)))


async def _documents(session: AsyncSession, request: Request, lines: Sequence[Line]) -> list[DocumentState]:
    """How the documents of the lines stand: what others left, and what these lines ask together."""
    keys = [line.key.exact for line in lines]
    known = await standing_of(session, set(keys), but=request.id)
    asked: dict[str, Decimal] = {}
    first: dict[str, Standing] = dict(known)
    for key, line in zip(keys, lines, strict=True):
        asked[key] = asked.get(key, Decimal(0)) + line.cost.amount
        document = line.cost.document
        first.setdefault(key, Standing(line.cost.currency, document.total, document.total))
    return [
        DocumentState(
            left=first[key].left,
            asked=asked[key],
            differs=(first[key].currency, first[key].total) != (line.cost.currency, line.cost.document.total),
        )
        for key, line in zip(keys, lines, strict=True)
    ]


async def _places(session: AsyncSession, on: date) -> Places:
    crossings = await members(session, BORDER_CROSSINGS.name, on)
    return Places(
        modes=frozenset(entry.key for entry in await members(session, TRANSPORT_MODES.name, on)),
        crossings={entry.key: entry.attributes["mode"] for entry in crossings},
        zones=frozenset(entry.key for entry in await members(session, ZONES.name, on)),
        countries=frozenset(entry.key for entry in await members(session, COUNTRIES.name, on)),
    )
