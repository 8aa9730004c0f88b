"""What the recording of a payment refuses."""

from shared.refusals import Conflict, RuleBroken


class PaymentAlreadyRecorded(Conflict):
    """The account bears this bank reference already."""

    title = "This payment is recorded already"
    detail = "The bank reference {bank_reference} belongs to the {kind} {payment_id} of {day}."
    remedy = "Nothing has to be done; where it is another payment, give its own reference."
    field = "/bank_reference"


class PaymentInFuture(RuleBroken):
    """Money that has not arrived is not recorded."""

    title = "A payment lies in the future"
    detail = "The payment is of {day}; today is {today}."
    remedy = "Record it on the day on which the bank shows it."
