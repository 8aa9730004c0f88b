"""What a complaint refuses."""

from shared.refusals import Forbidden, RuleBroken


class ComplaintTooLate(RuleBroken):
    """The term of a complaint is over (assumed: three months from service)."""

    title = "The complaint comes too late"
    detail = "A complaint was possible until the end of {until}; today is {today}."
    remedy = "Only a new fact, such as a corrected report, can change the claim now."


class OwnDemand(Forbidden):
    """Nobody decides a complaint about the own decision."""

    title = "Nobody decides about the own decision"
    detail = "Who proposed or approved the demand does not decide the complaint about it."
    remedy = "Let another approver decide."
