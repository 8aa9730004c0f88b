"""What is refused about requests."""

from shared.refusals import Conflict, Forbidden, NotFound, RuleBroken


class RequestNotFound(NotFound):
    """There is no such request, or none that the caller may see."""

    title = "There is no such request"
    detail = "There is no request {id}."
    remedy = "Look the request up in the list of requests."


class LineNotFound(NotFound):
    """There is no such line in the request."""

    title = "There is no such line"
    detail = "The request has no line {id}."
    remedy = "Look the line up in the request."


class ApplicantNotCaller(Forbidden):
    """Somebody asks for another company."""

    title = "The applicant is another company"
    detail = "A request is made by its applicant, and the access token is another company's."
    remedy = "Use an access token of the applicant."


class RequestSigned(Conflict):
    """A signed request stays as it was signed."""

    title = "The request was signed"
    detail = "The request is {status}; only a draft is written and signed."
    remedy = "Withdraw it, and ask anew."


class RequestNotWithdrawable(Conflict):
    """Only a signed request is taken back."""

    title = "The request cannot be withdrawn"
    detail = "The request is {status}; only a signed one is withdrawn."
    remedy = "Leave a draft as it is."


class LinesFull(RuleBroken):
    """A request has no more lines than this."""

    title = "The request has too many lines"
    detail = "A request has at most {most} lines."
    remedy = "Put the other lines into another request."


class RequestIncomplete(RuleBroken):
    """Something is missing without which nothing is signed."""

    title = "The request is not complete"
    detail = "Missing: {missing}."
    remedy = "Complete the request, then sign it."


class CostsReimbursedElsewhere(RuleBroken):
    """The applicant does not declare that the costs were not reimbursed elsewhere."""

    title = "The declaration is wanted"
    detail = "Either other support for these costs is not ruled out, or the counter-obligations are not accepted."
    remedy = "Ask only for costs that were not reimbursed, accept the counter-obligations, and declare both."
    field = "/content/declarations"
