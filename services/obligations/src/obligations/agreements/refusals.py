"""What is refused about agreements, and what the caller can do about it."""

from shared.refusals import Conflict, NotFound


class AgreementNotFound(NotFound):
    """No agreement of that id is known here, or none that this caller may see."""

    title = "There is no such agreement"
    detail = "No agreement {id} is known here."
    remedy = "Take the id from the agreement; one signed a moment ago arrives here within seconds."


class RuleSetNotFrozen(Conflict):
    """The agreement names a rule set that is not approved, so nothing can be evaluated or calculated."""

    title = "The agreement's rule set is not known"
    detail = "Agreement {agreement_id} names the rule set {rule_set}; none was approved under that name for its day."
    remedy = "Propose the rule set under that name and have it approved; it is frozen for the agreement then."


class AgreementSignedAlready(Conflict):
    """An agreement is signed once: a second signature contradicts what is known."""

    title = "The agreement is signed already"
    detail = "Agreement {agreement_id} was signed on {signed_on}; a second signature is of {second_on}."
    remedy = "Ask the funding service what it means; the event waits until it is retried or dropped."


class TrancheUnknown(NotFound):
    """The bank returned a tranche of whose payment nothing is known."""

    title = "The tranche is not known"
    detail = "Nothing is known of a payment of the tranche {tranche_id} of agreement {agreement_id}."
    remedy = "Ask the funding service for the payment; the event waits until it is retried or dropped."


class TranchePaidAlready(Conflict):
    """What was paid is not cancelled: the cancellation contradicts what is known."""

    title = "The tranche is paid"
    detail = "The tranche {tranche_id} was paid on {disbursed_on}, so it cannot be cancelled."
    remedy = "Ask the funding service what it means; the event waits until it is retried or dropped."
