"""The route of the calculator: open to any caller, keeps nothing."""

from fastapi import Response

from obligations.calculator.model import MOST_SEGMENTS, RepaymentAnswer, RepaymentQuestion
from obligations.rates.queries import rates_known_at
from obligations.repayment import calculate
from obligations.repayment.refusals import (
    AmountNotMoney,
    AsOfBeforeTranche,
    CombinationUndefined,
    CompoundingWithRepayments,
    RateUnknown,
    RepaymentOutsideTerm,
    SegmentsTooMany,
    SumTooLarge,
    SuspensionReversed,
    TrancheMissing,
    TwoRatesOfOneDay,
)
from obligations.sheets.answer import SHEET_REFUSALS, SHEET_RESPONSES, Wanted, sheet_response
from shared.access.callers import CurrentCaller
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading

router = Router(tags=["calculator"])

CALCULATION_REFUSALS = (
    AmountNotMoney,
    AsOfBeforeTranche,
    CombinationUndefined,
    CompoundingWithRepayments,
    RateUnknown,
    RepaymentOutsideTerm,
    SumTooLarge,
    SuspensionReversed,
    TrancheMissing,
    TwoRatesOfOneDay,
)
"""What the calculation refuses: every route that calculates declares these."""


@router.post(
    "/v1/repayment-calculations",
    response_model=RepaymentAnswer,
    responses={**refusals(*CALCULATION_REFUSALS, SegmentsTooMany, *SHEET_REFUSALS), **SHEET_RESPONSES},
)
async def calculate_repayment(
    question: RepaymentQuestion, _caller: CurrentCaller, wanted: Wanted, reading: Reading, now: Now
) -> Response:
    """Calculate what must come back under Law 86-VII, Art. 27(4): as JSON, or as a sheet in CSV or PDF.

    Up to 120 tranches, 120 suspensions, 1,000 repayments and 1,000 rates; days from 1990 to 2100, rates with up to
    four decimals, a fulfilment with up to six. The answer has up to 5,000 segments and no sum of more than fifteen
    digits of tenge; printed are up to 1,000 lines. What goes beyond is refused and named.
    """
    rates = question.given_rates() or (await rates_known_at(reading)).timeline
    await reading.close()
    return await sheet_response(lambda: calculate(question.case(rates), MOST_SEGMENTS).as_json(), wanted, made_at=now)
