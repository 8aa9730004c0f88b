"""What a change says no to, and why."""

from shared.refusals import Conflict, NotFound, RuleBroken


class ChangeNotFound(NotFound):
    """There is no such change, or none that this caller may see."""

    title = "There is no such change"
    remedy = "Look the change up in its agreement."


class ChangeOpenAlready(Conflict):
    """One change of a kind is open at a time: the next one rests on what became of it."""

    title = "A change of this kind is open"
    detail = "The change {change_id} of the same kind is {status}."
    remedy = "Wait for its decision, or take it back."


class ChangeNotRequested(Conflict):
    """An officer proposes what the recipient has asked for and nobody has decided."""

    title = "The change does not wait for a proposal"
    detail = "The change is {status}; only a requested one is proposed."
    remedy = "Read the change to see where it stands."


class ChangeNotProposed(Conflict):
    """An approval answers an officer's proposal."""

    title = "The change is not proposed"
    detail = "The change is {status}; only a proposed one is approved."
    remedy = "An officer proposes first."


class ChangeClosed(Conflict):
    """What is approved, refused or withdrawn stays so."""

    title = "The change is closed"
    detail = "The change is {status}."
    remedy = "Ask for a new change."


class WithdrawalByAnother(Conflict):
    """A request is withdrawn by the recipient whose request it is."""

    title = "The change was not asked for by the recipient"
    detail = "An officer proposed this change; the recipient cannot withdraw it."
    remedy = "Ask the institute to refuse it."


class TrancheOfAnother(RuleBroken):
    """A change of the schedule names tranches of its agreement, each once."""

    title = "The schedule names a tranche that is not the agreement's"
    detail = "The tranche {tranche_id} is not of this agreement, or it is named twice."
    remedy = "Name the tranches as the agreement shows them."
    field = "/change/tranches"


class BudgetLinesOffGrant(RuleBroken):
    """The budget lines together bear exactly the grant."""

    title = "The budget lines do not bear the grant"
    detail = "The lines bear {lines} tenge from the grant, the grant is {amount} tenge."
    remedy = "Correct the lines so that they come to the grant."
    field = "/change/lines"
