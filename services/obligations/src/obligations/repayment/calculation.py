"""What must come back of an agreement's money as of a day, with its interest at the base rate."""

import sys
from collections.abc import Iterator
from datetime import date

from obligations.repayment.accrual import Accrual, Run
from obligations.repayment.admission import admit
from obligations.repayment.allocation import Allocated, allocate
from obligations.repayment.amounts import DIGITS, MOST, Exact, rounded, tenge
from obligations.repayment.days import END_OF_TIME
from obligations.repayment.facts import Repayment, RepaymentCase
from obligations.repayment.parameters import CALCULATION_PARAMETERS, FORMULA
from obligations.repayment.rates import RateRow
from obligations.repayment.refusals import SegmentsTooMany, SumTooLarge
from obligations.repayment.result import Calculation, RepaymentAllocated, Segment, Sums, TrancheReturn
from obligations.repayment.rules import DayInclusion, RoundingScope, SegmentScope
from obligations.repayment.standing import Standing, standings
from shared.values.money import to_tiyn

CITATIONS = (("Law 86-VII", "27(4)"),)


def calculate(case: RepaymentCase, most_segments: int | None = None) -> Calculation:
    """What returns under Law 86-VII, Art. 27(4): principal, interest, what was repaid of them, and every segment.

    Amounts are in tenge, to the tiyn. `most_segments` bounds the work. Raises the refusals of
    `obligations.repayment.refusals`: a case that is not defined, a day that bears interest without a known rate, more
    segments than that.
    """
    return _course_of(case, most_segments).answer()


def amount_due(case: RepaymentCase) -> Sums:
    """What is outstanding under Law 86-VII, Art. 27(4), in tenge: the same figures without the sheet, in less time.

    Raises what `calculate` raises.
    """
    return _course_of(case).outstanding()


def _course_of(case: RepaymentCase, most_segments: int | None = None) -> "Course":
    admit(case)
    course = Course(case, most_segments)
    for repayment in sorted(case.repayments, key=lambda r: r.on):
        course.repay(repayment)
    course.run_to(END_OF_TIME)
    course.settle_interest()
    course.require_money()
    return course


def _require_money(*sums: Exact) -> None:
    if max(sums) > MOST:
        raise SumTooLarge(digits=DIGITS)


class Course:
    """The course of a case through time: interest runs from one repayment to the next; all sums in tiyn."""

    def __init__(self, case: RepaymentCase, most_segments: int | None = None) -> None:
        self.case = case
        self._most = sys.maxsize if most_segments is None else most_segments
        self.accrual = Accrual(case)
        self.tranches = standings(case)
        self.runs: list[Run] = []
        self.allocated: list[Allocated] = []
        self.interest = 0
        self.interest_paid = 0
        self._at = 0
        self._unrounded: Exact = 0
        self._by_segment = case.rules.rounding.scope is RoundingScope.SEGMENT
        self._effect = 0 if case.rules.day_inclusion is DayInclusion.FIRST_IN_LAST_OUT else 1

    def repay(self, repayment: Repayment) -> None:
        """Let a repayment take effect: at the start of its day under first in, last out, else at its end."""
        self.run_to(repayment.on.toordinal() + self._effect)
        self.settle_interest()
        result = allocate(
            repayment,
            to_tiyn(repayment.amount),
            self.interest - self.interest_paid,
            self.tranches,
            self.case.rules.repayment_allocation,
        )
        self.interest_paid += result.interest
        self.allocated.append(result)

    def run_to(self, end: int) -> None:
        """Let interest run up to a day, that day not included; one product for all runs of a base."""
        base: Exact = 0
        factors = 0
        for run in self._window(self._at, end):
            if len(self.runs) == self._most:
                raise SegmentsTooMany(most=self._most)
            _require_money(run.base, run.interest)
            self.runs.append(run)
            if self._by_segment:
                self.interest += run.interest
                continue
            if run.base is not base:
                self._unrounded += base * factors
                base, factors = run.base, 0
            factors += run.factor
        self._unrounded += base * factors
        self._at = end

    def settle_interest(self) -> None:
        """Under `scope: total`, round what has arisen since the last time; by segment it is rounded already."""
        rounding = self.case.rules.rounding
        self.interest += rounded(self._unrounded, self.accrual.divisor, rounding.mode, rounding.unit.tiyn)
        self._unrounded = 0

    def require_money(self) -> None:
        """Raise `SumTooLarge` where a figure of the answer is more than money can be."""
        overpaid = sum(a.overpaid for a in self.allocated)
        _require_money(sum(t.returns for t in self.tranches) + self.interest, overpaid)

    def _window(self, first: int, end: int) -> Iterator[Run]:
        if self.case.rules.segments is SegmentScope.OUTSTANDING:
            yield from self.accrual.of_outstanding(self.tranches, first, end)
            return
        for tranche in self.tranches:
            yield from self.accrual.of_tranche(tranche, first, end)

    def outstanding(self) -> Sums:
        """What is left to pay, in tenge."""
        return Sums.of(sum(t.owed for t in self.tranches), self.interest - self.interest_paid)

    def answer(self) -> Calculation:
        """The figures in tenge, and all that they rest on."""
        case, timeline = self.case, self.case.rates
        returns, repaid = sum(t.returns for t in self.tranches), sum(t.repaid for t in self.tranches)
        used = tuple(timeline.rows[index] for index in sorted(self.accrual.used))
        runs = sorted(self.runs, key=lambda run: (run.tranche or 0, run.first))
        return Calculation(
            fulfilment=case.fulfilment,
            as_of=case.as_of,
            arisen=Sums.of(returns, self.interest),
            paid=Sums.of(repaid, self.interest_paid),
            outstanding=self.outstanding(),
            overpaid=tenge(sum(a.overpaid for a in self.allocated)),
            tranches=tuple(_tranche(t) for t in self.tranches),
            repayments=tuple(_repayment(a) for a in self.allocated),
            segments=tuple(_segment(run, self) for run in runs),
            rates_used=used,
            rules=case.rules,
            citations=CITATIONS,
            unverified=_unverified(case, used),
        )


def _segment(run: Run, course: Course) -> Segment:
    return Segment(
        tranche=run.tranche,
        first=date.fromordinal(run.first),
        last=date.fromordinal(run.end - 1),
        days=run.days,
        base=tenge(rounded(run.base, 1, course.case.rules.rounding.mode)),
        basis=run.basis,
        interest=tenge(run.interest),
        rate=run.row,
    )


def _tranche(tranche: Standing) -> TrancheReturn:
    return TrancheReturn(
        tranche=tranche.number,
        on=tranche.on,
        amount=tenge(tranche.amount),
        returns=tenge(tranche.returns),
        paid=tenge(tranche.repaid),
    )


def _repayment(allocated: Allocated) -> RepaymentAllocated:
    return RepaymentAllocated(
        on=allocated.repayment.on,
        amount=allocated.repayment.amount,
        interest=tenge(allocated.interest),
        principal=tenge(allocated.principal),
        overpaid=tenge(allocated.overpaid),
    )


def _unverified(case: RepaymentCase, used: tuple[RateRow, ...]) -> tuple[str, ...]:
    parameters = (FORMULA, *CALCULATION_PARAMETERS)
    names = [p.name for p in parameters if not p.verified and p.name not in case.confirmed]
    return (*names, *(f"rates/{row.effective_from}" for row in used if not row.verified))
