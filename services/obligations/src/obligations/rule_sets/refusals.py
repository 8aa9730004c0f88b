"""What is refused about rule sets, and what the caller can do about it."""

from shared.refusals import Conflict, NotFound, RuleBroken


class RuleSetNotFound(NotFound):
    """There is no such rule set."""

    title = "There is no such rule set"
    detail = "No rule set {id} is known."
    remedy = "Take the id from the list of rule sets."


class CompoundingOfClaims(RuleBroken):
    """On a claim money may come back; how a repayment meets interest that has joined the base is not defined."""

    title = "Claims are not calculated with compounding"
    detail = "compounding = {compounding} is not defined together with repayments, and a claim is there to be repaid."
    remedy = "Choose compounding = none; the calculator answers for annual compounding without repayments."
    field = "/content/rules/compounding"


class RuleSetNotProposed(Conflict):
    """Only a proposal can be approved or rejected."""

    title = "The rule set has been decided"
    detail = "The rule set {name} is {status}."
    remedy = "Propose a new one; a decided rule set never changes."


class RuleSetNotApproved(Conflict):
    """Only an approved rule set can be confirmed or accepted."""

    title = "The rule set is not approved"
    detail = "The rule set {name} is {status}."
    remedy = "Have it approved by a second officer first."


class RuleSetKnownAlready(Conflict):
    """A rule set of that name stands for that day."""

    title = "A rule set of that name and day exists"
    detail = "A rule set {name} from {effective_from} is proposed or approved."
    remedy = "Take another day or name, or have the proposal rejected."


class ProposalOtherThanRead(Conflict):
    """A decision covers the content that was read, no other."""

    title = "The rule set says something else"
    detail = "The rule set {name} has another content than the one named by its hash."
    remedy = "Read the rule set again and decide on what it says."
    field = "/content_hash"
