"""An oracle for the repayment calculation: day by day, in exact fractions of a tenge, from the definitions alone.

It shares nothing with the engine: it takes the JSON of the calculator as plain dictionaries and strings and returns
plain dictionaries. It is slow on purpose; where the two differ, one of them has misread the definitions.
"""

from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from tests.conformance.definitions import (
    DAY,
    Answer,
    Case,
    Refused,
    day,
    is_anniversary,
    last_anniversary,
    money,
    rules_of,
    undefined,
)


def answer(case: Case) -> Answer:
    """The figures of a case, or `{"refused": name}`."""
    try:
        return Reckoning(case).answer()
    except Refused as refusal:
        return {"refused": str(refusal.args[0])}


class Line:
    """One line of accrual: a tranche, or the whole under `outstanding`."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.open: dict[str, Any] | None = None
        self.joined = Fraction(0)
        self.joining = Fraction(0)
        self.period = 0


class Reckoning:
    """A case walked through day by day; all amounts are fractions of a tenge."""

    def __init__(self, case: Case) -> None:
        self.rules = rules_of(case)
        self.mode = self.rules["rounding"]["mode"]
        self.scope = self.rules["rounding"]["scope"]
        self.unit = Fraction(self.rules["rounding"]["unit"])
        self.ties = 0
        self.rates: dict[date, Fraction] = {}
        for rate in case["rates"]:
            if day(rate["effective_from"]) in self.rates:
                raise Refused("two-rates-of-one-day")
            if Fraction(rate["percent"]) < 0:
                raise Refused("percent-negative")
            self.rates[day(rate["effective_from"])] = Fraction(rate["percent"])
        self.known_to = day(case["known_to"]) if case.get("known_to") else date.max
        if name := undefined(case):
            raise Refused(name)
        self.as_of = day(case["as_of"])
        self.period_end = day(case.get("period_end") or "0001-01-01")
        self.demanded_on = day(case["demanded_on"]) if case.get("demanded_on") else None
        short = 1 - Fraction(case["fulfilment"])
        self.tranches: list[dict[str, Any]] = [
            {
                "on": day(tranche["on"]),
                "amount": Fraction(tranche["amount"]),
                "returns": self.half_up(Fraction(tranche["amount"]) * short, Fraction(1, 100)),
                "repaid": Fraction(0),
            }
            for tranche in case["tranches"]
        ]
        self.repayments = [
            (day(repayment["on"]), Fraction(repayment["amount"])) for repayment in case.get("repayments", [])
        ]
        self.suspensions = [(day(s["from"]), day(s["to"])) for s in case.get("suspensions", [])]
        self.whole = self.rules["segments"] == "outstanding"
        self.lines = [Line(None)] if self.whole else [Line(n + 1) for n in range(len(self.tranches))]
        self.segments: list[dict[str, Any]] = []
        self.loose = Fraction(0)
        self.arisen = Fraction(0)
        self.interest_paid = Fraction(0)
        self.overpaid = Fraction(0)

    # Rounding

    @staticmethod
    def half_up(value: Fraction, unit: Fraction) -> Fraction:
        return floor(value / unit + Fraction(1, 2)) * unit

    def rounded(self, value: Fraction, unit: Fraction) -> Fraction:
        parts = value / unit
        below = floor(parts)
        over = parts - below
        if over == Fraction(1, 2):
            self.ties += 1
        if self.mode == "down":
            return below * unit
        if self.mode == "half_up":
            return self.half_up(value, unit)
        return round(parts) * unit

    # Days

    def start(self, tranche: dict[str, Any]) -> date:
        begins: date = tranche["on"]
        accrual = self.rules["accrual_from"]
        if accrual == "period_end":
            return max(begins, self.period_end)
        if accrual == "demand":
            return max(begins, self.demanded_on) if self.demanded_on else self.as_of + 2 * DAY
        return begins if accrual == "disbursement" else max(begins, day(accrual))

    def first_bearing(self, tranche: dict[str, Any]) -> date:
        late = self.rules["day_inclusion"] == "first_out_last_in"
        return self.start(tranche) + DAY if late else self.start(tranche)

    def bears(self, tranche: dict[str, Any], on: date) -> bool:
        last = self.as_of - DAY if self.rules["day_inclusion"] == "first_in_last_out" else self.as_of
        return self.first_bearing(tranche) <= on <= last

    def suspended(self, on: date) -> bool:
        return any(first <= on <= last for first, last in self.suspensions)

    def year_part(self, on: date) -> tuple[int, int]:
        """What a day counts, and over how many days of a year."""
        count = self.rules["day_count"]
        if count == "actual/365":
            return 1, 365
        if count == "actual/360":
            return 1, 360
        if count == "actual/actual":
            return 1, (date(on.year, 12, 31) - date(on.year - 1, 12, 31)).days
        after = on + DAY
        months = 12 * (after.year - on.year) + after.month - on.month
        return 30 * months + min(after.day, 30) - min(on.day, 30), 360

    def rate(self, tranche: dict[str, Any], on: date) -> Fraction:
        pick = self.rules["rate_pick"]
        if pick == "disbursement":
            on = tranche["on"]
        elif pick == "claim_date":
            on = self.as_of
        elif pick == "anniversary":
            on = last_anniversary(tranche["on"], on)
        earlier = [known for known in self.rates if known <= on]
        if not earlier or on > self.known_to:
            raise Refused("rate-unknown")
        return self.rates[max(earlier)]

    # Interest

    def base(self, tranche: dict[str, Any]) -> Fraction:
        if tranche["repaid"] >= tranche["returns"]:
            return Fraction(0)
        whole = tranche["amount"] if self.rules["interest_base"] == "tranche" else tranche["returns"]
        left: Fraction = whole - tranche["repaid"]
        return left

    def pass_day(self, on: date) -> None:
        """Let one day bear what it bears."""
        for index, line in enumerate(self.lines):
            members = self.tranches if self.whole else [self.tranches[index]]
            if self.rules["compounding"] == "annual" and is_anniversary(self.first_bearing(members[0]), on):
                self.close(line)
                line.joined += line.joining
                line.joining = Fraction(0)
                line.period += 1
            bearing = [tranche for tranche in members if self.bears(tranche, on) and self.base(tranche) > 0]
            if not bearing or self.suspended(on):
                self.close(line)
                continue
            base = sum((self.base(tranche) for tranche in bearing), Fraction(0)) + line.joined
            self.bear(line, on, base, self.rate(bearing[0], on))

    def bear(self, line: Line, on: date, base: Fraction, percent: Fraction) -> None:
        counts, basis = self.year_part(on)
        kind = (base, percent, basis, line.period)
        if line.open is None or line.open["kind"] != kind:
            self.close(line)
            line.open = {"kind": kind, "from": on, "days": 0, "exact": Fraction(0)}
        line.open["to"] = on
        line.open["days"] += counts
        line.open["exact"] += base * percent / 100 * Fraction(counts, basis)

    def close(self, line: Line) -> None:
        """End the open segment of a line: its interest arises."""
        if line.open is None:
            return
        segment, line.open = line.open, None
        base, percent, basis, _ = segment["kind"]
        if self.scope == "segment":
            interest = self.rounded(segment["exact"], self.unit)
            self.arisen += interest
            line.joining += interest
        else:
            ties = self.ties
            interest = self.rounded(segment["exact"], Fraction(1, 100))
            self.ties = ties
            self.loose += segment["exact"]
            line.joining += segment["exact"]
        ties = self.ties
        shown_base = self.rounded(base, Fraction(1, 100))
        self.ties = ties
        self.segments.append(
            {
                "tranche": line.number,
                "from": segment["from"].isoformat(),
                "to": segment["to"].isoformat(),
                "days": segment["days"],
                "base": money(shown_base),
                "percent": percent,
                "basis": basis,
                "interest": money(interest),
            }
        )

    def settle(self) -> None:
        """At a payment and at the end: every segment ends, and under `total` what has arisen since is rounded."""
        for line in self.lines:
            self.close(line)
        if self.scope == "total":
            self.arisen += self.rounded(self.loose, self.unit)
            self.loose = Fraction(0)

    # Payments

    def pay(self, on: date) -> None:
        for paid_on, amount in self.repayments:
            if paid_on == on:
                self.settle()
                steps = [self.pay_interest, self.pay_principal]
                if self.rules["repayment_allocation"] == "principal_first":
                    steps.reverse()
                rest = amount
                for step in steps:
                    rest = step(rest, on)
                self.overpaid += rest

    def pay_interest(self, amount: Fraction, on: date) -> Fraction:
        part = min(amount, self.arisen - self.interest_paid)
        self.interest_paid += part
        return amount - part

    def pay_principal(self, amount: Fraction, on: date) -> Fraction:
        oldest = on
        for tranche in self.tranches:
            oldest = min(oldest, tranche["on"])
        while oldest <= on:
            for tranche in self.tranches:
                if tranche["on"] == oldest:
                    part = min(amount, tranche["returns"] - tranche["repaid"])
                    tranche["repaid"] += part
                    amount -= part
            oldest += DAY
        return amount

    # The whole

    def answer(self) -> Answer:
        on = min(tranche["on"] for tranche in self.tranches)
        while on <= self.as_of:
            if self.rules["day_inclusion"] == "first_in_last_out":
                self.pay(on)
                self.pass_day(on)
            else:
                self.pass_day(on)
                self.pay(on)
            on += DAY
        self.settle()
        principal = sum((tranche["returns"] for tranche in self.tranches), Fraction(0))
        repaid = sum((tranche["repaid"] for tranche in self.tranches), Fraction(0))
        left, left_interest = principal - repaid, self.arisen - self.interest_paid
        return {
            "principal": money(principal),
            "interest": money(self.arisen),
            "total": money(principal + self.arisen),
            "paid": {"principal": money(repaid), "interest": money(self.interest_paid)},
            "outstanding": {
                "principal": money(left),
                "interest": money(left_interest),
                "total": money(left + left_interest),
            },
            "overpaid": money(self.overpaid),
            "segments": sorted(self.segments, key=lambda s: (s["tranche"] or 0, s["from"])),
            "ties": self.ties,
        }
