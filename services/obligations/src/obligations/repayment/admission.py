"""Which cases are defined: everything else is refused before anything is calculated."""

from decimal import Decimal

from obligations.repayment.facts import RepaymentCase
from obligations.repayment.refusals import (
    AmountNotMoney,
    AsOfBeforeTranche,
    CombinationUndefined,
    CompoundingWithRepayments,
    FulfilmentOutOfRange,
    FulfilmentTooPrecise,
    RepaymentOutsideTerm,
    SuspensionReversed,
    TrancheMissing,
)
from obligations.repayment.rules import (
    Compounding,
    DayCount,
    DayInclusion,
    RatePick,
    RepaymentRules,
    SegmentScope,
)
from shared.values.money import to_tiyn

FULFILMENT_DECIMALS = 6
WHOLE = 1_000_000


def admit(case: RepaymentCase) -> None:
    """Refuse a case that the definitions leave open; the refusal names the member and what to do."""
    admit_rules(case.rules)
    if case.rules.compounding is Compounding.ANNUAL and case.repayments:
        raise CompoundingWithRepayments(count=len(case.repayments))
    millionths(case.fulfilment)
    _admit_tranches(case)
    _admit_repayments(case)
    for number, suspension in enumerate(case.suspensions):
        if suspension.last < suspension.first:
            raise SuspensionReversed(
                field=f"/suspensions/{number}",
                suspension=number + 1,
                first=suspension.first,
                last=suspension.last,
            )


def admit_rules(rules: RepaymentRules) -> None:
    """Refuse rules that are not defined together; raises `CombinationUndefined`."""
    if rules.segments is SegmentScope.OUTSTANDING:
        if rules.rate_pick in (RatePick.DISBURSEMENT, RatePick.ANNIVERSARY):
            raise _undefined("segments", rules.segments, "rate_pick", rules.rate_pick)
        if rules.compounding is Compounding.ANNUAL:
            raise _undefined("segments", rules.segments, "compounding", rules.compounding)
    if rules.day_count is DayCount.THIRTY_360 and rules.day_inclusion is not DayInclusion.FIRST_IN_LAST_OUT:
        raise _undefined("day_count", rules.day_count, "day_inclusion", rules.day_inclusion)


def millionths(fulfilment: Decimal) -> int:
    """K in millionths; raises `FulfilmentTooPrecise` and `FulfilmentOutOfRange`."""
    exponent = fulfilment.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= fulfilment <= 1:
        raise FulfilmentOutOfRange(fulfilment=fulfilment)
    if -exponent > FULFILMENT_DECIMALS:
        raise FulfilmentTooPrecise(fulfilment=fulfilment)
    numerator, denominator = fulfilment.as_integer_ratio()
    return numerator * WHOLE // denominator


def _admit_tranches(case: RepaymentCase) -> None:
    if not case.tranches:
        raise TrancheMissing
    for number, tranche in enumerate(case.tranches):
        _admit_amount(tranche.amount, f"/tranches/{number}/amount", least=0)
        if tranche.on > case.as_of:
            raise AsOfBeforeTranche(tranche=number + 1, on=tranche.on, as_of=case.as_of)


def _admit_repayments(case: RepaymentCase) -> None:
    first = min(tranche.on for tranche in case.tranches)
    for number, repayment in enumerate(case.repayments):
        _admit_amount(repayment.amount, f"/repayments/{number}/amount", least=1)
        if not first <= repayment.on <= case.as_of:
            raise RepaymentOutsideTerm(
                field=f"/repayments/{number}/on",
                repayment=number + 1,
                on=repayment.on,
                first=first,
                as_of=case.as_of,
            )


def _admit_amount(amount: Decimal, field: str, least: int) -> None:
    try:
        tiyn = to_tiyn(amount)
    except ValueError as finer:
        raise AmountNotMoney(field=field, amount=amount) from finer
    if tiyn < least:
        raise AmountNotMoney(field=field, amount=amount)


def _undefined(first: str, first_value: str, second: str, second_value: str) -> CombinationUndefined:
    return CombinationUndefined(
        field=f"/rules/{first}",
        first=first,
        first_value=first_value,
        second=second,
        second_value=second_value,
    )
