"""What every measure refuses about its calls: an intake window is planned, opened once, and stays as announced."""

from shared.refusals import Conflict, Forbidden, NotFound, RuleBroken


class CallNotFound(NotFound):
    """There is no such call, or none that the caller may see."""

    title = "There is no such call"
    detail = "There is no call {id}."
    remedy = "Look the call up in the list of calls."


class CallOpenAlready(Conflict):
    """An open call is public and stays as it was announced."""

    title = "The call is open"
    detail = "The call was opened on {day}; only a planned call is changed or opened."
    remedy = "Plan another call."


class CallNotOpen(Conflict):
    """The call is only planned."""

    title = "The call is not open"
    detail = "The call has not been opened yet."
    remedy = "Wait until the institute opens it."


class WindowReversed(RuleBroken):
    """The window closes before it opens."""

    title = "The window closes before it opens"
    detail = "The window would open on {opens_on} and close on {closes_on}."
    remedy = "Let it close on the day it opens, or later."
    field = "/closes_on"


class WindowOver(RuleBroken):
    """A call whose window has passed cannot be opened any more."""

    title = "The window is over already"
    detail = "The window closed on {closes_on}; today is {today}."
    remedy = "Plan the call for days that come."


class InstituteMissing(Forbidden):
    """The caller acts for no institute."""

    title = "The caller acts for no institute"
    detail = "A call belongs to an institute, and the access token names none."
    remedy = "Use an access token that names the institute."
