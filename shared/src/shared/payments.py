"""Payments as the bank shows them: each bears a reference, which an account bears once."""

from datetime import date

from shared.refusals import Conflict, RuleBroken


class PaymentAlreadyRecorded(Conflict):
    """A payment, in or out, is recorded once; the account bears this reference already."""

    title = "This payment is recorded already"
    detail = "The bank reference {bank_reference} belongs to the {kind} {payment_id} of {day}."
    remedy = "Nothing has to be done; where it is another payment, give its own reference."
    field = "/bank_reference"


class PaymentInFuture(RuleBroken):
    """A payment is a fact: money that has not moved is not recorded."""

    title = "A payment lies in the future"
    detail = "The payment is of {day}; today is {today}."
    remedy = "Record it on the day on which the bank shows it."


def require_past(day: date, today: date) -> None:
    """Raise `PaymentInFuture` for a day after today, both local days in Almaty."""
    if day > today:
        raise PaymentInFuture(day=day.isoformat(), today=today.isoformat())
