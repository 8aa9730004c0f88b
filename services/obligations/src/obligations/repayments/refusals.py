"""What the recording of a repayment refuses."""

from shared.refusals import RuleBroken


class ReceivedBeforeDisbursement(RuleBroken):
    """Nothing can come back before anything was paid."""

    title = "A repayment lies before the first disbursement"
    detail = "The repayment is of {day}; the first tranche was paid on {first}."
    remedy = "Correct the day of the repayment."
    field = "/received_on"
