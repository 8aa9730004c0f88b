"""Cases over the whole parameter space, drawn by Hypothesis or by a seed; in the JSON of the calculator."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from tests.conformance.coverage import PARAMETERS

T = TypeVar("T")

SMOOTH_PERCENTS = ("15.25", "16.50", "18.00", "9.99", "8.625", "0.00", "14.00")
TYING_PERCENTS = ("36.50", "18.25", "7.30", "36.00", "18.00", "73.00", "3.65", "9.00")
TYING_YEARS: tuple[tuple[str, str], ...] = (
    ("actual/365", "36.50"),
    ("actual/360", "36.00"),
    ("actual/actual", "36.50"),
)
FULFILMENTS = ("0", "0.00", "0.5", "0.70", "0.333333", "0.999999", "1", "0.25", "0.875")


class Draw(Protocol):
    """Something that decides: a seeded generator or Hypothesis."""

    def integer(self, low: int, high: int) -> int: ...

    def pick(self, options: Sequence[T]) -> T: ...


class Seeded:
    """Decisions of a seeded generator: the same cases in every run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return self.random.choice(options)


class Drawn:
    """Decisions of Hypothesis, which shrinks them to the smallest case that fails."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def pick(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))


def a_case(draw: Draw, defect: str | None = None) -> dict[str, Any]:
    """A case with one defect at most; its rules may still be a combination that is not defined."""
    first = date(draw.pick((2019, 2020, 2023, 2024)), 1, 1) + timedelta(days=draw.integer(0, 365))
    if draw.integer(0, 9) == 0:
        first = draw.pick((date(2020, 2, 29), date(2024, 2, 29), date(2023, 2, 28), date(2023, 12, 31)))
    length = draw.integer(0, draw.pick((3, 60, 500, 900)))
    as_of = first + timedelta(days=length)
    tying = draw.integer(0, 2) == 0
    repayments = [] if draw.integer(0, 1) else _repayments(draw, first, length)
    case: dict[str, Any] = {
        "fulfilment": draw.pick(FULFILMENTS) if draw.integer(0, 1) else _millionths(draw.integer(0, 1_000_000)),
        "tranches": _tranches(draw, first, length, tying),
        "repayments": repayments,
        "suspensions": [] if draw.integer(0, 1) else _suspensions(draw, first, length),
        "as_of": as_of.isoformat(),
        "rules": some_rules(draw, first, length),
        "rates": _rates(draw, first, length, tying),
    }
    _name_days(draw, case, first, length)
    if case["rules"]["compounding"] == "annual" and draw.integer(0, 4):
        case["repayments"] = []
    if draw.integer(0, 3) == 0:
        case["known_to"] = (as_of + timedelta(days=draw.integer(-2, 2))).isoformat()
    return with_defect(draw, case, defect) if defect else case


def a_tie(draw: Draw) -> dict[str, Any]:
    """A case whose interest lies exactly half way between two units."""
    rules: dict[str, Any] = {name: draw.pick(PARAMETERS[name]) for name in ("interest_base", "day_inclusion")}
    rules["day_count"], percent = draw.pick(TYING_YEARS)
    rules["rounding"] = {name: draw.pick(PARAMETERS[name]) for name in ("mode", "scope", "unit")}
    rules["segments"] = draw.pick(PARAMETERS["segments"])
    odd_days = 2 * draw.integer(0, 80) + 1
    first = date(2023, 1, 1) + timedelta(days=draw.integer(0, 200))
    last = first + timedelta(days=odd_days - (1 if rules["day_inclusion"] == "both_in" else 0))
    thousandths = (2 * draw.integer(0, 2_000) + 1) * (5 if rules["rounding"]["unit"] == "0.01" else 500)
    return {
        "fulfilment": "0",
        "tranches": [{"amount": f"{thousandths}.00", "on": first.isoformat()}],
        "repayments": [],
        "suspensions": [],
        "as_of": last.isoformat(),
        "rules": rules,
        "rates": [{"effective_from": "2022-01-01", "percent": percent}],
    }


def some_rules(draw: Draw, first: date, length: int) -> dict[str, Any]:
    """Rules of all kinds; nine in ten of them defined together."""
    chosen: dict[str, Any] = {name: draw.pick(values) for name, values in PARAMETERS.items()}
    if draw.integer(0, 9):
        _make_defined(draw, chosen)
    if chosen["accrual_from"] == "a day":
        chosen["accrual_from"] = _about(draw, first, length)
    chosen["rounding"] = {name: chosen.pop(name) for name in ("mode", "scope", "unit")}
    return chosen


def _make_defined(draw: Draw, chosen: dict[str, Any]) -> None:
    if chosen["segments"] == "outstanding":
        if draw.integer(0, 1) and (chosen["rate_pick"] in {"disbursement", "anniversary"}):
            chosen["segments"] = "per_tranche"
        else:
            chosen["rate_pick"] = draw.pick(("piecewise", "claim_date"))
            chosen["compounding"] = "none"
    if chosen["day_count"] == "30E/360":
        chosen["day_inclusion"] = "first_in_last_out"


def with_defect(draw: Draw, case: dict[str, Any], defect: str) -> dict[str, Any]:
    """The same case with one thing wrong, under rules that are defined."""
    first = min(date.fromisoformat(tranche["on"]) for tranche in case["tranches"])
    as_of = date.fromisoformat(case["as_of"])
    case = {**case, "rules": {"rounding": case["rules"]["rounding"]}}
    outside = draw.pick((first - timedelta(days=1), as_of + timedelta(days=draw.integer(1, 9))))
    match defect:
        case "rate-unknown":
            gaps: list[dict[str, Any]] = [{"rates": []}, {"known_to": first.isoformat()}, {"rates": _late_rates(first)}]
            later = (first + timedelta(days=9)).isoformat()
            tranche = {"amount": "100.00", "on": first.isoformat()}
            plain = {"tranches": [tranche], "repayments": [], "suspensions": [], "fulfilment": "0.5", "as_of": later}
            return {**case, **plain, **draw.pick(gaps)}
        case "two-rates-of-one-day":
            return {**case, "rates": [*case["rates"], case["rates"][0]]}
        case "as-of-before-tranche":
            late = {"amount": "5.00", "on": (as_of + timedelta(days=1)).isoformat()}
            return {**case, "tranches": [*case["tranches"], late]}
        case "repayment-outside-term":
            return {**case, "repayments": [*case["repayments"], {"amount": "1.00", "on": outside.isoformat()}]}
        case "suspension-reversed":
            reversed_one = {"from": as_of.isoformat(), "to": (as_of - timedelta(days=1)).isoformat()}
            return {**case, "suspensions": [*case["suspensions"], reversed_one]}
        case "period-end-missing":
            accruing = {"accrual_from": "period_end"}
            return {**case, "repayments": [], "suspensions": [], "period_end": None, "rules": accruing}
        case "fulfilment-too-precise":
            return {**case, "fulfilment": draw.pick(("0.1234567", "0.0000001", "0.9999999"))}
        case _:
            return {**case, "fulfilment": draw.pick(("1.000001", "1.1", "-0.1", "2"))}


def _name_days(draw: Draw, case: dict[str, Any], first: date, length: int) -> None:
    """Name the day that the rules accrue from; where it is the demand's, there may be none yet."""
    accrual = case["rules"]["accrual_from"]
    if accrual == "period_end":
        case["period_end"] = _about(draw, first, length)
    if accrual == "demand" and draw.integer(0, 3):
        case["demanded_on"] = _about(draw, first, length)


def _about(draw: Draw, first: date, length: int) -> str:
    """A day of the case, or a little before or after."""
    return (first + timedelta(days=draw.integer(-20, length + 20))).isoformat()


def _late_rates(first: date) -> list[dict[str, str]]:
    return [{"effective_from": (first + timedelta(days=1)).isoformat(), "percent": "15.25"}]


def _amount(draw: Draw, tying: bool) -> str:
    if tying:
        return f"{draw.integer(1, 400) * 5}.00"
    return f"{draw.integer(0, draw.pick((20, 5_000, 100_000_000)))}.{draw.integer(0, 99):02d}"


def _tranches(draw: Draw, first: date, length: int, tying: bool) -> list[dict[str, str]]:
    days = [0] + [draw.integer(0, length) for _ in range(draw.pick((0, 0, 1, 2)))]
    if draw.integer(0, 2) == 0:
        days.reverse()
    return [{"amount": _amount(draw, tying), "on": (first + timedelta(days=d)).isoformat()} for d in days]


def _repayments(draw: Draw, first: date, length: int) -> list[dict[str, str]]:
    days = [draw.integer(0, length) for _ in range(draw.integer(1, 3))]
    if draw.integer(0, 3) == 0:
        days.append(days[0])
    top = draw.pick((50, 500, 5_000, 50_000_000))
    return [
        {"amount": f"{draw.integer(0, top)}.{draw.integer(1, 99):02d}", "on": (first + timedelta(days=d)).isoformat()}
        for d in days
    ]


def _suspensions(draw: Draw, first: date, length: int) -> list[dict[str, str]]:
    spans = []
    for _ in range(draw.integer(1, 3)):
        begins = first + timedelta(days=draw.integer(-5, length + 5))
        ends = begins + timedelta(days=draw.integer(0, draw.pick((0, 10, 200))))
        spans.append({"from": begins.isoformat(), "to": ends.isoformat()})
    return spans


def _rates(draw: Draw, first: date, length: int, tying: bool) -> list[dict[str, str]]:
    percents = TYING_PERCENTS if tying else SMOOTH_PERCENTS
    rows = {first - timedelta(days=draw.integer(0, 90)): draw.pick(percents)}
    for _ in range(draw.integer(0, 4)):
        rows[first + timedelta(days=draw.integer(1, length + 10))] = draw.pick(percents)
    listed = [{"effective_from": on.isoformat(), "percent": percent} for on, percent in rows.items()]
    if draw.integer(0, 1):
        listed.reverse()
    return listed


def _millionths(k: int) -> str:
    return f"{k // 1_000_000}.{k % 1_000_000:06d}"


@st.composite
def ties(draw: st.DrawFn) -> dict[str, Any]:
    """Hypothesis' cases of an exact half tie."""
    return a_tie(Drawn(draw))


@st.composite
def cases(draw: st.DrawFn, defect: str | None = None) -> dict[str, Any]:
    """Hypothesis' cases."""
    return a_case(Drawn(draw), defect)
