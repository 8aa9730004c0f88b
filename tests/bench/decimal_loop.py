"""The repayment calculation as one would write it first: a loop over the days, in Decimal. Without compounding.

Made faster by half a day's work, it goes from one day on which something changes to the next.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from obligations.repayment import RepaymentCase, RepaymentRules

DAY = timedelta(days=1)
CENT = Decimal("0.01")
EXACT = Context(prec=60)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
YEARS = {"actual/365": 365, "actual/360": 360}


@dataclass
class Owed:
    """A tranche while the loop runs, and its open segment: what it bears, at which rate, over how many days."""

    on: date
    amount: Decimal
    returns: Decimal
    repaid: Decimal = Decimal(0)
    kind: tuple[Decimal, Decimal, int] | None = None
    days: int = 0


class DecimalLoop:
    """One case, day by day."""

    def __init__(self, case: RepaymentCase, rates: list[tuple[date, Decimal]], *, every_day: bool = True) -> None:
        self.case, self.rules, self.rates = case, case.rules, rates
        self.starts = [begins for begins, _ in rates]
        self.every_day = every_day
        short = 1 - case.fulfilment
        self.tranches = [
            Owed(t.on, t.amount, (t.amount * short).quantize(CENT, ROUND_HALF_UP, EXACT)) for t in case.tranches
        ]
        self.arisen = self.paid = self.loose = Decimal(0)

    def figures(self) -> tuple[Decimal, Decimal]:
        """Principal and interest that are outstanding."""
        late = 0 * DAY if self.rules.day_inclusion == "first_in_last_out" else DAY
        payments = sorted(((r.on + late, r.on, r.amount) for r in self.case.repayments), key=lambda r: r[0])
        at = 0
        for on, days in self.spans():
            while at < len(payments) and payments[at][0] <= on:
                self.pay(payments[at][2], payments[at][1])
                at += 1
            self.bear(on, days)
        for _, on, amount in payments[at:]:
            self.pay(amount, on)
        self.settle()
        return sum((t.returns - t.repaid for t in self.tranches), Decimal(0)), self.arisen - self.paid

    def spans(self) -> Iterator[tuple[date, int]]:
        """The days, or the spans in which nothing changes: the first day and how many."""
        case = self.case
        first, end = min(t.on for t in self.tranches), case.as_of + DAY
        if self.every_day:
            yield from ((first + number * DAY, 1) for number in range((end - first).days))
            return
        cuts = {first, case.as_of, *self.starts, *(date(year, 1, 1) for year in range(first.year, end.year + 1))}
        cuts |= {day for t in self.tranches for day in (t.on, t.on + DAY)}
        cuts |= {day for r in case.repayments for day in (r.on, r.on + DAY)}
        cuts |= {day for s in case.suspensions for day in (s.first, s.last + DAY)}
        cut = sorted(day for day in cuts if first <= day < end)
        yield from ((begin, (until - begin).days) for begin, until in zip(cut, [*cut[1:], end], strict=True))

    def bear(self, on: date, days: int) -> None:
        """Let days that are alike bear on every tranche."""
        off = any(s.first <= on <= s.last for s in self.case.suspensions)
        for tranche in self.tranches:
            base = tranche.amount if self.rules.interest_base == "tranche" else tranche.returns
            if off or tranche.repaid >= tranche.returns or not _bears(self.rules, tranche.on, self.case.as_of, on):
                self.close(tranche)
                continue
            kind = (base - tranche.repaid, self.rate(tranche, on), _basis(self.rules, on))
            if tranche.kind != kind:
                self.close(tranche)
                tranche.kind = kind
            tranche.days += days

    def rate(self, tranche: Owed, on: date) -> Decimal:
        """The rate that a day bears."""
        pick = self.rules.rate_pick
        wanted = {"disbursement": tranche.on, "claim_date": self.case.as_of}.get(pick, on)
        return self.rates[bisect_right(self.starts, wanted) - 1][1]

    def close(self, tranche: Owed) -> None:
        """End the open segment of a tranche."""
        if tranche.kind is None:
            return
        base, percent, basis = tranche.kind
        exact = EXACT.divide(base * percent * tranche.days, Decimal(100 * basis))
        if self.rules.rounding.scope == "segment":
            self.arisen += self.rounded(exact)
        else:
            self.loose = EXACT.add(self.loose, exact)
        tranche.kind, tranche.days = None, 0

    def settle(self) -> None:
        """End every segment and round what is loose."""
        for tranche in self.tranches:
            self.close(tranche)
        self.arisen += self.rounded(self.loose)
        self.loose = Decimal(0)

    def rounded(self, exact: Decimal) -> Decimal:
        """Interest as money."""
        rounding = self.rules.rounding
        return exact.quantize(Decimal(rounding.unit), MODES[rounding.mode], EXACT)

    def pay(self, amount: Decimal, on: date) -> None:
        """Lay a payment against interest and principal."""
        self.settle()
        if self.rules.repayment_allocation == "interest_first":
            amount -= self.pay_interest(amount)
        for tranche in sorted(self.tranches, key=lambda t: t.on):
            if tranche.on <= on:
                part = min(amount, tranche.returns - tranche.repaid)
                tranche.repaid += part
                amount -= part
        if self.rules.repayment_allocation == "principal_first":
            self.pay_interest(amount)

    def pay_interest(self, amount: Decimal) -> Decimal:
        """How much of a payment interest takes."""
        part = min(amount, self.arisen - self.paid)
        self.paid += part
        return part


def _bears(rules: RepaymentRules, begins: date, as_of: date, on: date) -> bool:
    if rules.day_inclusion == "first_in_last_out":
        return begins <= on < as_of
    if rules.day_inclusion == "first_out_last_in":
        return begins < on <= as_of
    return begins <= on <= as_of


def _basis(rules: RepaymentRules, on: date) -> int:
    if rules.day_count == "actual/actual":
        return 366 if on.year % 4 == 0 and (on.year % 100 != 0 or on.year % 400 == 0) else 365
    return YEARS[rules.day_count]
