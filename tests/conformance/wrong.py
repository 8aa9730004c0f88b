"""Engines that are wrong on purpose, each in one thing: the kit has to reject every one of them.

`python -m tests.conformance.wrong` counts the cases that do. `--function tests.conformance.wrong:HalfEven.answers`
asks one of them in full.
"""

import sys
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from tests.conformance import oracle
from tests.conformance.asking import Question
from tests.conformance.definitions import DAY, Answer, Case, Refused, undefined
from tests.conformance.kit import examine
from tests.conformance.oracle import Line, Reckoning


class Wrong(Reckoning):
    """The oracle with one thing done differently."""

    @classmethod
    def answers(cls, question: Question) -> Answer:
        """The wrong answer to a question."""
        try:
            return cls(question).answer()
        except Refused as refusal:
            return {"refused": str(refusal.args[0])}

    def year_of_days(self, on: date, basis: int) -> tuple[int, int]:
        """What a day counts with another number of days in the year, under the actual counts."""
        counts, usual = super().year_part(on)
        return (counts, basis) if self.rules["day_count"] != "30E/360" else (counts, usual)


class Actual360(Wrong):
    """Every year has 360 days."""

    def year_part(self, on: date) -> tuple[int, int]:
        return self.year_of_days(on, 360)


class LeapYearIgnored(Wrong):
    """Every year has 365 days, leap years too."""

    def year_part(self, on: date) -> tuple[int, int]:
        counts, basis = super().year_part(on)
        return counts, 365 if basis == 366 else basis


class BothDaysCounted(Wrong):
    """The first day and the last one bear interest, whatever the rule."""

    def bears(self, tranche: dict[str, Any], on: date) -> bool:
        return self.start(tranche) <= on <= self.as_of


class RateOfTheFirstDay(Wrong):
    """The rate of the tranche's day for all its days."""

    def rate(self, tranche: dict[str, Any], on: date) -> Fraction:
        return super().rate(tranche, tranche["on"])


class RateADayLate(Wrong):
    """A rate bears from the day after it takes effect."""

    def rate(self, tranche: dict[str, Any], on: date) -> Fraction:
        return super().rate(tranche, max(tranche["on"], on - DAY))


class RateExtrapolated(Wrong):
    """Where no rate is known, the earliest one is taken."""

    def rate(self, tranche: dict[str, Any], on: date) -> Fraction:
        try:
            return super().rate(tranche, on)
        except Refused:
            return self.rates[min(self.rates)] if self.rates else Fraction(0)


class CorrectionIgnored(Wrong):
    """The rate first heard of a day is kept for good."""

    heard: ClassVar[dict[date, Fraction]] = {}

    def rate(self, tranche: dict[str, Any], on: date) -> Fraction:
        for effective, percent in self.rates.items():
            self.rates[effective] = self.heard.setdefault(effective, percent)
        return super().rate(tranche, on)


class HalfEven(Wrong):
    """A tie goes to the even neighbour where it should go up."""

    def rounded(self, value: Fraction, unit: Fraction) -> Fraction:
        exact = super().rounded(value, unit)
        return round(value / unit) * unit if self.mode == "half_up" else exact


class BinaryFractions(Wrong):
    """Interest as a binary floating point number, rounded by the language."""

    def rounded(self, value: Fraction, unit: Fraction) -> Fraction:
        if self.mode == "down":
            return super().rounded(value, unit)
        return Fraction(round(float(value) / float(unit))) * unit


class ScopeSwapped(Wrong):
    """Rounded at the end where each segment should be, and the other way round."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.scope = "total" if self.scope == "segment" else "segment"


class UnitIgnored(Wrong):
    """Interest to the tiyn, whatever the unit."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.unit = Fraction(1, 100)


class AllocationSwapped(Wrong):
    """Principal before interest where interest comes first, and the other way round."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        first = self.rules["repayment_allocation"] == "interest_first"
        self.rules["repayment_allocation"] = "principal_first" if first else "interest_first"


class NewestFirst(Wrong):
    """A payment of principal reaches the newest tranche first."""

    def pay_principal(self, amount: Fraction, on: date) -> Fraction:
        for tranche in sorted(self.tranches, key=lambda t: t["on"], reverse=True):
            if tranche["on"] <= on:
                part = min(amount, tranche["returns"] - tranche["repaid"])
                tranche["repaid"] += part
                amount -= part
        return amount


class TrancheToCome(Wrong):
    """A payment reaches tranches that had not been paid out on its day."""

    def pay_principal(self, amount: Fraction, on: date) -> Fraction:
        return super().pay_principal(amount, self.as_of)


class PaymentADayLate(Wrong):
    """A payment takes effect at the end of its day, whatever the rule."""

    def pay(self, on: date) -> None:
        late = DAY if self.rules["day_inclusion"] == "first_in_last_out" else 0 * DAY
        super().pay(on - late if on < self.as_of or not late else on)


class CompoundedAnyway(Wrong):
    """A year's interest joins the base though the rule says none."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        if not self.repayments and not self.whole:
            self.rules["compounding"] = "annual"


class NeverCompounded(Wrong):
    """Interest never joins the base."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.rules["compounding"] = "none"


class AnniversaryOfAccrual(Wrong):
    """The rate is taken anew on anniversaries of the day from which interest runs, not of the tranche's day."""

    def rate(self, tranche: dict[str, Any], on: date) -> Fraction:
        if self.rules["rate_pick"] != "anniversary":
            return super().rate(tranche, on)
        return super().rate({**tranche, "on": self.start(tranche)}, on)


class SuspensionIgnored(Wrong):
    """Interest runs in suspensions."""

    def suspended(self, on: date) -> bool:
        return False


class SuspensionADayShort(Wrong):
    """The last day of a suspension bears interest."""

    def suspended(self, on: date) -> bool:
        return any(first <= on < last for first, last in self.suspensions)


class WholeTrancheBears(Wrong):
    """Interest on the whole tranche, whatever the rule."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.rules["interest_base"] = "tranche"


class RepaidStillBears(Wrong):
    """The rest of a tranche bears on after the part that returns is repaid."""

    def base(self, tranche: dict[str, Any]) -> Fraction:
        if self.rules["interest_base"] == "tranche" and tranche["returns"]:
            left: Fraction = tranche["amount"] - tranche["repaid"]
            return left
        return super().base(tranche)


class PrincipalAsASum(Wrong):
    """What returns is rounded for the sum of the tranches: the last one takes the difference."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        short = 1 - Fraction(case["fulfilment"])
        whole = self.half_up(sum((t["amount"] for t in self.tranches), Fraction(0)) * short, Fraction(1, 100))
        self.tranches[-1]["returns"] += whole - sum((t["returns"] for t in self.tranches), Fraction(0))


class AccrualFromIgnored(Wrong):
    """Interest runs from the tranche's day, whatever the rule."""

    def start(self, tranche: dict[str, Any]) -> date:
        begins: date = tranche["on"]
        return begins


class ByTranche(Wrong):
    """Segments of each tranche where one over the outstanding total is meant."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.whole = False
        self.lines = [Line(number) for number in range(1, len(self.tranches) + 1)]


class NothingRefused:
    """Answers what is undefined as if the default rule had been given."""

    @staticmethod
    def answers(question: Question) -> Answer:
        rules = {"rounding": question["rules"].get("rounding", {})}
        try:
            open_case = undefined(question) == "combination-undefined"
        except (ValueError, KeyError):
            open_case = False
        return oracle.answer({**question, "rules": rules} if open_case else question)


ENGINES: dict[str, Any] = {engine.__name__: engine for engine in [*Wrong.__subclasses__(), NothingRefused]}


def main() -> None:
    """Count the cases that reject each of them, and the laws."""
    accepted = 0
    for name, engine in ENGINES.items():
        found = examine(engine.answers)
        laws = sum(1 for law in found.laws if law.broken)
        accepted += found.conforms
        sys.stdout.write(f"{name:22} rejected by {len(found.failed):4} cases, {laws:2} laws: {engine.__doc__}\n")
        sys.stdout.flush()
    sys.exit(1 if accepted else 0)


if __name__ == "__main__":
    main()
