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
