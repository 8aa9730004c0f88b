"""What is refused about calls."""

from shared.refusals import RuleBroken


class OutsideTheWindow(RuleBroken):
    """Requests are taken from the first day of the window to the end of its last."""

    title = "Requests are not taken on this day"
    detail = "The call takes requests from {opens_on} to the end of {closes_on}; today is {today}."
    remedy = "Sign within the window, or ask in another call."
