"""Routes and views of the rules for destinations: which one holds, and why."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from export_support.destinations.queries import Route, rules_for
from export_support.destinations.rules import Rule
from shared.access.callers import CurrentCaller
from shared.http.known import KnownAt
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Reading
from shared.refusals import RuleBroken
from shared.values.dates import Day
from shared.values.money import Money
from shared.values.shares import Percent

router = Router(prefix="/v1", tags=["destinations"])

Category = Annotated[str, Query(pattern="^[a-z][a-z-]{1,39}$", description="A cost category, such as goods-delivery.")]
Code = Annotated[str | None, Query(pattern="^([0-9]{2}){1,5}$", description="An FEA CN code, for costs about a good.")]
Country = Annotated[str, Query(pattern="^[A-Z]{2}$", description="Two capital letters (ISO 3166-1).")]
OnDay = Annotated[Day, Query(description="The local day of the cost.")]


class DestinationRuleUnknown(RuleBroken):
    """The table says nothing about this destination on the day: neither allowed nor denied is guessed."""

    title = "No rule for this destination"
    detail = "The destination rules say nothing about {category} to {destination} on {on}."
    remedy = "Import a rule for the destination, or one for every destination."


class DestinationRuleView(BaseModel):
    """The rule that holds: its key shows how closely it fits (`*` is any). `rate` in percent, `cap` in tenge a line."""

    rule: str
    allowed: bool
    rate: Percent | None
    cap: Money | None
    act: str
    row: UUID
    verified: bool

    @classmethod
    def of(cls, rule: Rule) -> "DestinationRuleView":
        """The view of a rule."""
        shown = {name: getattr(rule, name) for name in cls.model_fields if name != "rule"}
        return cls.model_validate({"rule": rule.key, **shown})


@router.get("/destination-rule", responses=refusals(DestinationRuleUnknown))
async def read_destination_rule(
    category: Category,
    destination: Country,
    on: OnDay,
    session: Reading,
    _: CurrentCaller,
    known_at: KnownAt,
    fea_cn: Code = None,
) -> DestinationRuleView:
    """The rule for a cost of this category on a day: the longest FEA CN prefix first, then the destination."""
    route = Route(category, fea_cn, destination, on)
    found = await rules_for(session, [route], known_at)
    if route not in found:
        raise DestinationRuleUnknown(category=category, destination=destination, on=on)
    return DestinationRuleView.of(found[route])
