"""The calculation of claims in memory, against a loop over the days in Decimal; the figures have to be identical."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from obligations.repayment import (
    RateRow,
    RateTimeline,
    Repayment,
    RepaymentCase,
    RepaymentRules,
    Suspension,
    Tranche,
    amount_due,
    calculate,
)
from tests.bench.decimal_loop import DecimalLoop
from tests.bench.measuring import Comparison, Done, Watch, take_turns
from tirek_local.testing import Servers

CLAIMS = 1_000_000
BY_THE_LOOP = 500
RULES = [
    RepaymentRules(),
    RepaymentRules.model_validate({"day_count": "actual/actual"}),
    RepaymentRules.model_validate({"day_count": "actual/360", "rate_pick": "claim_date"}),
    RepaymentRules.model_validate({"interest_base": "tranche", "rate_pick": "disbursement"}),
    RepaymentRules.model_validate({"day_inclusion": "both_in", "repayment_allocation": "principal_first"}),
    RepaymentRules.model_validate({"rounding": {"mode": "half_even", "scope": "total"}}),
]
FIRST = date(2014, 1, 6)


def base_rates(draw: random.Random) -> list[tuple[date, Decimal]]:
    """A base rate that changes about every six weeks or stays, as the National Bank's does: quarters of a percent."""
    rows, on, percent = [], FIRST - timedelta(days=30), Decimal("9.25")
    while on < date(2027, 1, 1):
        rows.append((on, percent))
        on += timedelta(days=42 * draw.randint(1, 5))
        percent = max(Decimal("5.50"), min(percent + Decimal(draw.randint(-4, 5)) / 4, Decimal("18.00")))
    return rows


def some_claims(count: int, seed: int) -> tuple[list[RepaymentCase], list[tuple[date, Decimal]]]:
    """Claims of 1 to 6 tranches over 1 to 10 years, four in ten with payments, two in ten suspended, mixed rules."""
    draw = random.Random(seed)
    rates = base_rates(draw)
    timeline = RateTimeline.of(RateRow(on, percent) for on, percent in rates)
    claims = []
    for _ in range(count):
        years = draw.randint(1, 10)
        first = FIRST + timedelta(days=draw.randint(0, 700))
        length = years * 365 + draw.randint(0, 200)

        def day(low: int = 0, *, length: int = length, first: date = first) -> date:
            return first + timedelta(days=draw.randint(low, length))

        claims.append(
            RepaymentCase(
                fulfilment=Decimal(draw.randint(0, 99)) / 100,
                tranches=tuple(
                    Tranche(Decimal(draw.randint(10**8, 10**11)) / 100, first if number == 0 else day())
                    for number in range(draw.randint(1, 6))
                ),
                as_of=first + timedelta(days=length),
                rates=timeline,
                repayments=tuple(
                    Repayment(Decimal(draw.randint(10**6, 10**9)) / 100, day())
                    for _ in range(draw.randint(1, 4) if draw.random() < 0.4 else 0)
                ),
                suspensions=tuple(
                    Suspension(begins, begins + timedelta(days=draw.randint(10, 120)))
                    for begins in [day() for _ in range(draw.randint(1, 2) if draw.random() < 0.2 else 0)]
                ),
                rules=draw.choice(RULES),
            )
        )
    return claims, rates


async def calculation_against_decimal(_: Servers, *, rounds: int, scale: float) -> Comparison:
    """Claims a second, the whole sheet of each; before anything is timed, all figures are compared."""
    compared = Comparison("calculation of claims, whole sheets", "a loop over the days in Decimal", "claims/s", 5)
    return await _against(compared, rounds=rounds, scale=scale, every_day=True)


async def calculation_against_spans(_: Servers, *, rounds: int, scale: float) -> Comparison:
    """The same against a baseline that has been made faster, and without the sheet, which it does not make either."""
    compared = Comparison("calculation of claims, sums alone", "the Decimal loop, from change to change", "claims/s", 1)
    return await _against(compared, rounds=rounds, scale=scale, every_day=False)


async def _against(compared: Comparison, *, rounds: int, scale: float, every_day: bool) -> Comparison:
    few = max(int(BY_THE_LOOP * scale), 20 if every_day else 200)
    claims, rates = some_claims(few, seed=4)
    for claim in claims:
        due = amount_due(claim)
        if DecimalLoop(claim, rates, every_day=every_day).figures() != (due.principal, due.interest):
            raise AssertionError(f"the figures differ: {claim}")
    many = max(int(CLAIMS * scale / rounds), few) if every_day else few
    calculation: Callable[[RepaymentCase], object] = calculate if every_day else amount_due

    async def ours() -> Done:
        with Watch() as watch:
            for claim in islice(_again(claims), many):
                calculation(claim)
        return watch.done(many)

    async def theirs() -> Done:
        with Watch() as watch:
            for claim in claims:
                DecimalLoop(claim, rates, every_day=every_day).figures()
        return watch.done(few)

    await take_turns(compared, ours, theirs, rounds=rounds)
    compared.notes = f"figures of {few} claims identical; {many} calculations a round"
    return compared


def _again(claims: list[RepaymentCase]) -> Iterator[RepaymentCase]:
    while True:
        yield from claims
