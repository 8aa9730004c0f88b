"""The estimate of a request: exact arithmetic in tiyn, each factor kept. Pure: the order of the lines changes nothing.

Every reimbursement is rounded down to the tiyn once, when the rate has been applied; what a cap or the ceiling leaves
is shared out over the lines by the largest remainder, of equal remainders the line with the smaller identity first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from shared.values.allotment import by_largest_remainder

SHARED_BY = "largest-remainder"
"""The named rule by which a cap or the ceiling is shared out over lines."""
ROUNDED = "down-to-the-tiyn"
"""The named rule by which a line is rounded."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A number that went into an estimate: its name, its value, and the parameter or row that it came from."""

    name: str
    value: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A line that may be reimbursed. `cost` exact in tiyn; `rate` in percent; `line_cap` and `category_cap` in tiyn.

    `bonus` multiplies the rate, where the line bears a bonus; the two together give at most `rate_most` percent.
    """

    id: str
    category: str
    cost: Fraction
    rate: Decimal
    bonus: Decimal | None = None
    rate_most: Decimal | None = None
    line_cap: int | None = None
    category_cap: int | None = None
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """What comes of a line, in tiyn: its cost, after the rate, after its own cap, after its category's, in the end."""

    id: str
    cost: int
    percent: Fraction
    rated: int
    capped: int
    of_category: int
    reimbursed: int
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What an applicant may get in a year, in tiyn: the lesser of its taxes and the limit, less what it has got."""

    taxes: int | None
    limit: int | None
    already: int = 0

    @property
    def left(self) -> int | None:
        """What is left of it; None where nothing limits."""
        bounds = [bound for bound in (self.taxes, self.limit) if bound is not None]
        return max(min(bounds) - self.already, 0) if bounds else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of a request, in tiyn; `before_ceiling` is the sum of the lines after rates and caps."""

    amounts: Mapping[str, Amount]
    ceiling: Ceiling
    before_ceiling: int
    reimbursed: int
    by_category: Mapping[str, int] = field(default_factory=dict)


def percent_of(line: Priced) -> Fraction:
    """The percent that is paid of a line: the rate, times the bonus, at most what both may give and never above 100."""
    percent = Fraction(line.rate)
    if line.bonus is not None:
        raised = percent * Fraction(line.bonus)
        percent = raised if line.rate_most is None else max(percent, min(raised, Fraction(line.rate_most)))
    return min(percent, Fraction(100))


def estimate(lines: Iterable[Priced], ceiling: Ceiling) -> Estimate:
    """What would be reimbursed of each line and of the whole; no line above its cost, no sum above cap or ceiling."""
    ordered = sorted(lines, key=lambda line: line.id)
    rated = [_down(line.cost * percent_of(line) / 100) for line in ordered]
    own = [
        part if line.line_cap is None else min(part, line.line_cap) for part, line in zip(rated, ordered, strict=True)
    ]
    of_category = _within_categories(ordered, own)
    before = sum(of_category)
    final = shared_out(of_category, ceiling.left)
    amounts = {
        line.id: Amount(
            line.id, _down(line.cost), percent_of(line), rated[n], own[n], of_category[n], final[n], line.factors
        )
        for n, line in enumerate(ordered)
    }
    return Estimate(amounts, ceiling, before, sum(final), _sums(ordered, final))


def shared_out(parts: Sequence[int], limit: int | None) -> list[int]:
    """The parts, lessened in proportion where their sum is above the limit; the sum is then exactly the limit."""
    if limit is None or sum(parts) <= limit:
        return list(parts)
    return by_largest_remainder(limit, parts)


def _within_categories(lines: Sequence[Priced], parts: Sequence[int]) -> list[int]:
    """The parts, lessened where the lines of one category together pass its cap."""
    result = list(parts)
    for category in {line.category for line in lines}:
        places = [n for n, line in enumerate(lines) if line.category == category]
        caps = [cap for n in places if (cap := lines[n].category_cap) is not None]
        for n, part in zip(places, shared_out([parts[n] for n in places], min(caps, default=None)), strict=True):
            result[n] = part
    return result


def _sums(lines: Sequence[Priced], parts: Sequence[int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line, part in zip(lines, parts, strict=True):
        sums[line.category] = sums.get(line.category, 0) + part
    return dict(sorted(sums.items()))


def _down(exact: Fraction) -> int:
    return exact.numerator // exact.denominator
