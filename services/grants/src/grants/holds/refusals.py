"""What a hold says no to."""

from shared.refusals import Conflict


class AgreementOnHold(Conflict):
    """No further tranche is paid while a cause of a hold is open."""

    title = "The agreement is on hold"
    detail = "Open causes: {causes}."
    remedy = (
        "A report that brings the fulfilment within its tolerance, an accepted excuse, a cancellation "
        "or the settlement of the claim closes a cause."
    )
