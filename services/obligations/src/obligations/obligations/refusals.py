"""What is refused about obligations, and what the caller can do about it."""

from shared.refusals import Conflict, NotFound


class ObligationNotFound(NotFound):
    """There is no such obligation, or none that this caller may see."""

    title = "There is no such obligation"
    detail = "No obligation {id} is known here."
    remedy = "Take the id from the list of obligations."


class ObligationVoid(Conflict):
    """A cancelled obligation takes nothing more."""

    title = "The obligation is cancelled"
    detail = "The obligation for {reporting_year} was cancelled: {reason}"
    remedy = "Look at the agreement's other obligations of the year."


class NothingToExcuse(Conflict):
    """Only what is not fulfilled can be excused."""

    title = "There is nothing to excuse"
    detail = "The obligation for {reporting_year} is {status}."
    remedy = "Read the obligation again."
