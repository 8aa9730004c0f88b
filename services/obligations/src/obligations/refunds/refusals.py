"""What a refund refuses."""

from shared.refusals import Conflict, NotFound, RuleBroken


class NothingOverpaid(RuleBroken):
    """More than is owed back is not refunded."""

    title = "Nothing like that is owed back"
    detail = "{overpaid} tenge are overpaid; a refund of {amount} tenge is more than that, or nothing."
    remedy = "Propose at most what is overpaid."
    field = "/amount"


class RefundAlreadyOpen(Conflict):
    """One refund at a time."""

    title = "A refund is open already"
    detail = "The refund {refund_id} is {status}."
    remedy = "Finish that refund first."


class RefundNotFound(NotFound):
    """There is no such refund of this claim."""

    title = "There is no such refund"
    detail = "The claim has no refund {id}."
    remedy = "Look the refunds up in the view of the claim."


class RefundNotProposed(Conflict):
    """There is nothing to approve."""

    title = "The refund does not await approval"
    detail = "The refund is {status}."
    remedy = "Read the claim again."


class RefundNotApproved(Conflict):
    """Only an approved refund is paid, once."""

    title = "The refund is not to be paid"
    detail = "The refund is {status}; only an approved one is paid."
    remedy = "Read the claim again."
