"""What the recording of a repayment refuses."""

from shared.refusals import RuleBroken


class ReceivedBeforeDisbursement(RuleBroken):
    """Nothing can come back before anything was paid."""

    title = "A repayment lies before the first disbursement"
    detail = "The repayment is of {day}; the first tranche was paid on {first}."
    remedy = "Correct the day of the repayment."
    field = "/received_on"


class RepaymentNotAllocated(RuleBroken):
    """What the repayment covers cannot be said, so it is not recorded."""

    title = "The repayment cannot be allocated"
    detail = "What the repayment covers cannot be calculated: {reason}"
    remedy = "Supply what is missing, then record the repayment."
