"""What a complaint refuses."""

from shared.refusals import Conflict, RuleBroken


class ComplaintTooLate(RuleBroken):
    """The term of a complaint is over (assumed: three months from service)."""

    title = "The complaint comes too late"
    detail = "A complaint was possible until the end of {until}; today is {today}."
    remedy = "Only a new fact, such as a corrected report, can change the claim now."


class ComplaintTurnedDown(Conflict):
    """What was decided about a demand is not decided again, as long as nothing new is known of the claim."""

    title = "The complaint was turned down"
    detail = "A complaint about version {claim_version} of the claim was turned down on {decided_on}."
    remedy = "Only a new fact, such as a corrected report, can change the claim now."
