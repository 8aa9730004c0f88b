"""The one judgement of a request: its lines checked and priced, by the same code before the signature and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.calls.model import Call
from export_support.calls.parameters import Frozen, Name, Parameters
from export_support.checking.facts import Facts, Size
from export_support.checking.grounds import Answer, Finding, answer_of
from export_support.checking.rules import check
from export_support.goods.catalogue import Level
from export_support.lines.categories import RateBy
from export_support.lines.costs import is_marked
from export_support.pricing.rules import Ceiling, Estimate, Factor, Priced, estimate
from export_support.requests.gathering import Line, facts_of
from export_support.requests.model import Request, RequestStatus
from export_support.requests.records import lines_of
from shared.calendar.local_days import local_day
from shared.values.money import to_tiyn

BY_LEVEL = {Level.LOW: Name.LEVEL_LOW, Level.MEDIUM: Name.LEVEL_MEDIUM, Level.HIGH: Name.LEVEL_HIGH}
BY_SIZE = {Size.LARGE: Name.SIZE_LARGE, Size.MEDIUM: Name.SIZE_MEDIUM, Size.SMALL: Name.SIZE_SMALL}
BONUS_ON = "on"


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with everything that was found about it."""

    line: Line
    facts: Facts
    findings: list[Finding]

    @property
    def answer(self) -> Answer:
        """Eligible, not eligible, or unknown."""
        return answer_of(self.findings)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A request judged: its lines by number, and the estimate of those that are eligible."""

    lines: list[Judged]
    estimate: Estimate
    parameters: Parameters

    def count(self, answer: Answer) -> int:
        """How many lines have this answer."""
        return sum(each.answer is answer for each in self.lines)


async def judge(session: AsyncSession, request: Request, call: Call, at: datetime) -> Judgement:
    """Check and price the request as it is known now; raises `CallNotOpen`."""
    parameters = call.frozen
    lines = [Line.of(row) for row in await lines_of(session, request.id)]
    facts = await facts_of(session, request, parameters, lines, at)
    judged = [Judged(line, each, check(line.cost, each)) for line, each in zip(lines, facts, strict=True)]
    ceiling = await ceiling_of(session, request, parameters, at)
    priced = [_priced(each, parameters) for each in judged if each.answer is Answer.ELIGIBLE]
    return Judgement(judged, estimate(priced, ceiling), parameters)


async def ceiling_of(session: AsyncSession, request: Request, parameters: Parameters, at: datetime) -> Ceiling:
    """The ceiling of the applicant in the year, less what the requests that it signed before take of it."""
    taxes, most = request.read.taxes, parameters[Name.CEILING].limit
    limit = None if most is None else to_tiyn(most * parameters[Name.MCI].number)
    year = (request.submitted_on or local_day(at)).year
    before = select(func.coalesce(func.sum(Request.estimated), 0)).where(
        col(Request.recipient_id) == request.recipient_id,
        col(Request.status) == RequestStatus.SUBMITTED,
        col(Request.id) != request.id,
        func.extract("year", col(Request.submitted_on)) == year,
    )
    if request.submitted_at is not None:
        before = before.where(col(Request.submitted_at) < request.submitted_at)
    already = (await session.exec(before)).one() or Decimal(0)
    return Ceiling(None if taxes is None else to_tiyn(taxes), limit, to_tiyn(already))


def _priced(judged: Judged, parameters: Parameters) -> Priced:
    """What an eligible line is priced by, with each factor; all of its facts are known."""
    cost, facts = judged.line.cost, judged.facts
    assert facts.rate is not None  # noqa: S101
    assert facts.category is not None  # noqa: S101
    rate = _rate(facts, parameters)
    bonus = parameters[Name.BONUS_FACTOR] if _bears_bonus(judged, parameters) else None
    most, rule = parameters[Name.RATE_MOST], facts.rule
    own = Decimal(rate.value)
    return Priced(
        id=str(judged.line.id),
        category=cost.category,
        cost=Fraction(facts.rate.tiyn(cost.amount)),
        rate=own,
        bonus=None if bonus is None else bonus.number,
        rate_most=most.limit,
        line_cap=None if rule is None or rule.cap is None else to_tiyn(rule.cap),
        category_cap=None if facts.category.cap is None else to_tiyn(facts.category.cap),
        factors=tuple(_factors(facts, rate, bonus, most)),
    )


def _bears_bonus(judged: Judged, parameters: Parameters) -> bool:
    return is_marked(judged.line.cost) and parameters[Name.BONUS].value == BONUS_ON


def _rate(facts: Facts, parameters: Parameters) -> Factor:
    """The rate in percent: the destination rule's own, else by the level of the good or the size of the business."""
    if facts.rule is not None and facts.rule.rate is not None:
        return Factor("rate", str(facts.rule.rate), str(facts.rule.row))
    assert facts.category is not None  # noqa: S101
    if facts.category.rate_by is RateBy.LEVEL:
        assert facts.good is not None  # noqa: S101
        assert facts.good.level is not None  # noqa: S101
        return _of(parameters[BY_LEVEL[facts.good.level]], "rate")
    assert facts.size is not None  # noqa: S101
    return _of(parameters[BY_SIZE[facts.size]], "rate")


def _of(frozen: Frozen, name: str) -> Factor:
    return Factor(name, frozen.value, str(frozen.row))


def _factors(facts: Facts, rate: Factor, bonus: Frozen | None, most: Frozen) -> Sequence[Factor]:
    """Each number of the line's estimate with its row."""
    assert facts.rate is not None  # noqa: S101
    assert facts.category is not None  # noqa: S101
    found = [
        Factor("exchange-rate", f"{facts.rate.rate} KZT / {facts.rate.units}", _text(facts.rate.row)),
        Factor("category", facts.category.rate_by.value, str(facts.category.row)),
    ]
    if facts.good is not None and facts.good.level is not None:
        found.append(Factor("level", facts.good.level.value, _text(facts.good.row)))
    if facts.size is not None:
        found.append(Factor("size", facts.size.value))
    found.append(rate)
    if bonus is not None:
        found += [_of(bonus, "bonus"), _of(most, "rate-most")]
    if facts.rule is not None and facts.rule.cap is not None:
        found.append(Factor("destination-cap", f"{facts.rule.cap:.2f}", str(facts.rule.row)))
    if facts.category.cap is not None:
        found.append(Factor("category-cap", f"{facts.category.cap:.2f}", str(facts.category.row)))
    return found


def _text(row: object) -> str | None:
    return None if row is None else str(row)
