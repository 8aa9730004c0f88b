"""Payments as the bank shows them: each bears a reference, which an account bears once."""

from shared.refusals import Conflict


class PaymentAlreadyRecorded(Conflict):
    """A payment, in or out, is recorded once; the account bears this reference already."""

    title = "This payment is recorded already"
    detail = "The bank reference {bank_reference} belongs to the {kind} {payment_id} of {day}."
    remedy = "Nothing has to be done; where it is another payment, give its own reference."
    field = "/bank_reference"
