"""What is refused while nobody can say how far the facts have come."""

from shared.refusals import Conflict


class FundingServiceSilent(Conflict):
    """The funding service did not answer: without its answer no demand or refund is approved."""

    title = "The funding service does not answer"
    detail = "How far the facts of the agreement have come could not be asked: {reason}."
    remedy = "Send the same request again a little later."
    retry_after = 5


class FactsStillArriving(Conflict):
    """The funding service, or obligations itself, has published what is not settled here yet."""

    title = "Facts are still on their way"
    detail = "Not settled yet: {behind}."
    remedy = "Send the same request again a little later."
    retry_after = 2
