"""The window of a call is counted in local days of Almaty, its first and its last included."""

from datetime import UTC, date, datetime

import pytest

from grants.calls.model import Call, OutsideTheWindow
from tests.grants.builders import MONDAY, a_call


def an_open_call() -> Call:
    """Open from 1 February to 31 March 2025."""
    call = a_call(opens_on=date(2025, 2, 1), closes_on=date(2025, 3, 31))
    call.open("officer-1", MONDAY)
    return call


def test_the_first_and_the_last_instant_of_the_window_in_almaty_count() -> None:
    call = an_open_call()
    for inside in (datetime(2025, 1, 31, 19, 0, tzinfo=UTC), datetime(2025, 3, 31, 18, 59, 59, 999_999, tzinfo=UTC)):
        call.require_intake(inside)
    for outside in (datetime(2025, 1, 31, 18, 59, 59, 999_999, tzinfo=UTC), datetime(2025, 3, 31, 19, 0, tzinfo=UTC)):
        with pytest.raises(OutsideTheWindow):
            call.require_intake(outside)
