"""What a complaint refuses."""

from shared.refusals import RuleBroken


class ComplaintTooLate(RuleBroken):
    """The term of a complaint is over (assumed: three months from service)."""

    title = "The complaint comes too late"
    detail = "A complaint was possible until the end of {until}; today is {today}."
    remedy = "Only a new fact, such as a corrected report, can change the claim now."
