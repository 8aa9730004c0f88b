"""What is refused while nobody can say how far the facts have come."""

from shared.refusals import Conflict


class FundingServiceSilent(Conflict):
    """The funding service did not answer: without its answer no demand is approved."""

    title = "The funding service does not answer"
    detail = "How far the facts of the agreement have come could not be asked: {reason}."
    remedy = "Send the same request again a little later."
    retry_after = 5
