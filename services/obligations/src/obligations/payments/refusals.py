"""What the recording of a payment refuses."""

from shared.refusals import RuleBroken


class PaymentInFuture(RuleBroken):
    """Money that has not arrived is not recorded."""

    title = "A payment lies in the future"
    detail = "The payment is of {day}; today is {today}."
    remedy = "Record it on the day on which the bank shows it."
