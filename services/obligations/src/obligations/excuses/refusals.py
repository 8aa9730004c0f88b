"""What is refused about excuses, and what the caller can do about it."""

from shared.refusals import Conflict, NotFound


class ExcuseNotFound(NotFound):
    """There is no such request, or none that this caller may see."""

    title = "There is no such excuse request"
    detail = "No excuse request {id} is known here."
    remedy = "Take the id from the obligation."


class ExcuseRequestedAlready(Conflict):
    """One request at a time."""

    title = "An excuse request is open"
    detail = "The request {excuse_id} of this obligation has not been decided."
    remedy = "Wait for the decision."


class ExcuseDecided(Conflict):
    """A decision is made once."""

    title = "The excuse request has been decided"
    detail = "The request was {status} at {decided_at}."
    remedy = "The recipient may ask again with new evidence."
