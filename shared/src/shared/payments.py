"""Payments as the bank shows them: each bears a reference, which an account bears once, however it is typed."""

import string
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func

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


_SMALL: Final = string.ascii_lowercase + "абвгдежзийклмнопрстуфхцчшщъыьэюяёәғқңөұүһі"
_LOOK_ALIKES: Final = "АВЕЁКМНОРСТУХІЅЈҮҺΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEEKMHOPCTYXISJYHABEZHIKMNOPTYX"
_LEFT_OUT: Final = " \t\u00a0"
_DASHES: Final = "\u02d7\u058a\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b"
_latin: Final = dict(zip(*_LOOK_ALIKES, strict=True))
_folded: Final = {
    **{small: _latin.get(small.upper(), small.upper()) for small in (*_SMALL, *map(str.lower, _LOOK_ALIKES[0]))},
    **_latin,
    **dict.fromkeys(_DASHES, "-"),
}

PAYMENT_KEY: Final = f"""
create function payment_key(reference text) returns text language sql immutable strict parallel safe
return translate(normalize(reference, NFKC), '{"".join(_folded)}{_LEFT_OUT}', '{"".join(_folded.values())}')
"""
"""The one definition of what makes two references the same, as each service's database has it."""


def payment_key(reference: Any) -> ColumnElement[str]:
    """What the reference is known by: no blanks, one kind of dash, no small letters, Latin for look-alikes.

    `KKMF-1`, `kkmf - 1` and a Cyrillic `К` first are one payment, `A-1-23` and `A-12-3` are two; the reference itself
    is stored as it was typed.
    """
    return func.payment_key(reference)
