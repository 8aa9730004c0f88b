"""How a figure comes about, in words: the oracle's own walk through the days, written down as it goes."""

from datetime import date
from fractions import Fraction
from typing import Any

from tests.conformance.definitions import Answer, Case, Refused, money
from tests.conformance.oracle import Line, Reckoning

WHY = {
    "period-end-missing": "interest runs from the end of a period that the question does not name",
    "rate-unknown": "a day that bears interest, or whose rate is picked, has no known rate; none is guessed",
    "two-rates-of-one-day": "two rates claim the same day",
    "percent-negative": "a rate is zero or more",
    "tranche-missing": "nothing was paid, so nothing can return",
    "amount-not-money": "an amount is tenge with at most two decimals, not negative; a repayment is above zero",
    "as-of-before-tranche": "on the day asked about, a tranche had not been paid",
    "repayment-outside-term": "a repayment lies from the day of the first tranche to the day asked about",
    "suspension-reversed": "a suspension ends before it begins",
    "fulfilment-too-precise": "K has at most six decimals",
    "fulfilment-out-of-range": "K lies from 0 to 1",
    "combination-undefined": "these two rules are not defined together",
    "compounding-with-repayments": "how a repayment meets interest that has joined the base is not defined",
}


def told(case: Case) -> tuple[Answer, list[str]]:
    """The oracle's answer and how it comes about; for a refusal, why."""
    try:
        reckoning = Narrated(case)
        said = reckoning.answer()
    except Refused as refusal:
        name = str(refusal.args[0])
        return {"refused": name}, [f"refused: {WHY[name]}"]
    end = f"principal {said['principal']} + interest {said['interest']} = {said['total']}"
    return said, [*reckoning.words, end]


class Narrated(Reckoning):
    """The oracle, telling what it does."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.words: list[str] = []
        self.on = self.as_of
        for number, tranche in enumerate(self.tranches, start=1):
            returns = f"{money(tranche['amount'])} × (1 − {case['fulfilment']}) = {money(tranche['returns'])}"
            self.words.append(f"tranche {number} of {tranche['on']}: {returns} returns")

    def close(self, line: Line) -> None:
        segment = line.open
        super().close(line)
        if segment is not None:
            self.words.append(f"{self.whose(line)}, {_spoken(segment)} → {self.segments[-1]['interest']}")

    def whose(self, line: Line) -> str:
        return "outstanding" if line.number is None else f"tranche {line.number}"

    def pass_day(self, on: date) -> None:
        before = [line.joined for line in self.lines]
        super().pass_day(on)
        for line, joined in zip(self.lines, before, strict=True):
            if line.joined > joined:
                self.words.append(f"{on}: {exactly(line.joined - joined)} joins the base of {self.whose(line)}")

    def settle(self) -> None:
        for line in self.lines:
            self.close(line)
        loose, before = self.loose, self.arisen
        super().settle()
        if loose:
            self.words.append(f"together {exactly(loose)} → {money(self.arisen - before)} of interest")

    def pay_interest(self, amount: Fraction, on: date) -> Fraction:
        rest = super().pay_interest(amount, on)
        self.words.append(f"{on}: of {money(amount)} that came back {money(amount - rest)} covers interest")
        return rest

    def pay_principal(self, amount: Fraction, on: date) -> Fraction:
        before = [tranche["repaid"] for tranche in self.tranches]
        rest = super().pay_principal(amount, on)
        parts = [
            f"{money(tranche['repaid'] - repaid)} of tranche {number}"
            for number, (tranche, repaid) in enumerate(zip(self.tranches, before, strict=True), start=1)
            if tranche["repaid"] > repaid
        ]
        covered = " and ".join(parts) or "nothing"
        self.words.append(f"{on}: of {money(amount)} that came back principal takes {covered}")
        return rest


def _spoken(segment: dict[str, Any]) -> str:
    base, percent, basis, _ = segment["kind"]
    product = f"{exactly(base)} × {exactly(percent)} % × {segment['days']} / {basis}"
    return f"{segment['from']} to {segment['to']}: {product} = {exactly(segment['exact'])}"


def exactly(value: Fraction) -> str:
    """A fraction as a decimal number with two to six decimals; `…` where it goes on."""
    millionths, rest = divmod(value * 1_000_000, 1)
    whole, decimals = divmod(int(millionths), 1_000_000)
    if rest:
        return f"{whole}.{decimals:06d}…"
    return f"{whole}.{f'{decimals:06d}'.rstrip('0').ljust(2, '0')}"
