"""What a tranche says no to, and why."""

from shared.refusals import Conflict, NotFound, RuleBroken


class TrancheNotFound(NotFound):
    """There is no such tranche, or none that this caller may see."""

    title = "There is no such tranche"
    remedy = "Look the tranche up in its agreement."


class TrancheNotPlanned(Conflict):
    """Documents are sent for a tranche that is neither approved nor at its end."""

    title = "The tranche cannot be requested"
    detail = "The tranche {number} is {status}; a planned one is requested, a requested one requested anew."
    remedy = "Read the tranche to see where it stands."


class TrancheNotRequested(Conflict):
    """What is proposed or approved is a request."""

    title = "The tranche is not requested"
    detail = "The tranche {number} is {status}; only a requested one can be proposed or approved."
    remedy = "Wait for the recipient's request."


class ProposedAlready(Conflict):
    """One officer proposes; the next step is another person's."""

    title = "The tranche is proposed already"
    detail = "The payment of the tranche {number} was proposed by {proposed_by}."
    remedy = "A second person approves, or the recipient sends other documents."


class TrancheNotProposed(Conflict):
    """An approval answers an officer's proposal."""

    title = "The tranche is not proposed for payment"
    detail = "Nobody has proposed the payment of the tranche {number}, or its documents changed after that."
    remedy = "An officer proposes first."


class ContentChanged(Conflict):
    """An approval is of exactly what was proposed."""

    title = "The content is another"
    detail = "The approval is of another content than the one proposed, {content}."
    remedy = "Read the tranche again and decide anew."


class TrancheNotApproved(Conflict):
    """Only what two people approved is paid."""

    title = "The tranche is not approved"
    detail = "The tranche {number} is {status}; only an approved one is paid."
    remedy = "Propose it, and let a second person approve it."


class TrancheNotDisbursed(Conflict):
    """The bank returns only what was paid."""

    title = "The tranche is not paid"
    detail = "The tranche {number} is {status}; only a paid one can be reversed."
    remedy = "Read the tranche to see where it stands."


class TrancheNotCancellable(Conflict):
    """What has been paid, reversed or cancelled cannot be cancelled."""

    title = "The tranche cannot be cancelled"
    detail = "The tranche {number} is {status}; only one that is not paid can be cancelled."
    remedy = "Read the tranche to see where it stands."


class TrancheNotReversed(Conflict):
    """Only a tranche that the bank returned is planned anew."""

    title = "The tranche is not reversed"
    detail = "The tranche {number} is {status}; only a reversed one is planned anew."
    remedy = "Read the tranche to see where it stands."


class TrancheReplacedAlready(Conflict):
    """What the bank returned is planned anew once."""

    title = "The tranche is planned anew already"
    detail = "The tranche {number} is planned anew as the tranche {replacement}."
    remedy = "Go on with the tranche that stands in its place."


class PaidBeforeSignature(RuleBroken):
    """Nothing is paid before both sides are bound."""

    title = "The payment is before the signature"
    detail = "{day} is before {signed_on}, the day of the signature."
    remedy = "Check the day of the payment."
    field = "/disbursed_on"


class ReversedBeforePaid(RuleBroken):
    """Money comes back after it went out."""

    title = "The reversal is before the payment"
    detail = "{day} is before {disbursed_on}, the day of the payment."
    remedy = "Check the day of the reversal."
    field = "/reversed_on"


class DocumentRepeated(RuleBroken):
    """A document is sent once in a request."""

    title = "A document stands twice in the request"
    detail = "The document {name} has the same content as another one."
    remedy = "Send each document once."
    field = "/documents"


class PlannedInThePast(RuleBroken):
    """What is planned is still to come."""

    title = "The tranche would be planned for a day that is over"
    detail = "The tranche {number} would be planned on {planned_on}; today is {today}."
    remedy = "Choose a day that is still to come."
    field = "/change/tranches"
