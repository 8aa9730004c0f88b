"""What is refused about an application, in the words of the business."""

from shared.refusals import Conflict, Forbidden, NotFound, RuleBroken


class ApplicationNotFound(NotFound):
    """There is no such application, or none that the caller may see."""

    title = "There is no such application"
    detail = "There is no application {id}."
    remedy = "Look the application up in the list of applications."


class ApplicationStatusWrong(Conflict):
    """The verb does not belong to the status in which the application is."""

    title = "The application's status does not allow this"
    detail = "For this the application must be {wanted}; it is {status}."
    remedy = "Read the application again: it says what is due next."


class ApplicantNotCaller(Forbidden):
    """A company applies for itself only."""

    title = "The applicant is somebody else"
    detail = "The number of the applicant is not that of the company for which the caller acts."
    remedy = "Apply with an access token of the applicant."
    field = "/applicant/number"


class ApplicationOpenAlready(Conflict):
    """One application of a company to a call at a time."""

    title = "There is an application to this call already"
    detail = "The company has an application to this call already, open or approved."
    remedy = "Go on with that application, or withdraw it first."


class ApplicationIncomplete(RuleBroken):
    """What an application must say is missing."""

    title = "The application is not complete"
    detail = "These fields are missing: {fields}."
    remedy = "Fill them in, then submit."


class OutsideThisLaw(RuleBroken):
    """Not accepted as outside this Law: no refusal in the sense of Art. 25(6)."""

    title = "Agro-industrial applicants fall under another law"
    detail = (
        "Not accepted as outside Law 86-VII (Art. 25(2)): support of the agro-industrial complex is regulated by the "
        "Law on state regulation of the development of the agro-industrial complex and rural areas. This is no refusal."
    )
    remedy = "Apply under that law."
    field = "/content/declarations/agro_industrial"


class BudgetNotEven(RuleBroken):
    """The budget lines do not add up to the sums of the application."""

    title = "The budget does not add up"
    detail = "The lines of the budget come to {lines}, the application says {stated}."
    remedy = "Correct the lines or the sum."


class BudgetLineOverdrawn(RuleBroken):
    """More of the grant than the line costs."""

    title = "A budget line takes more of the grant than it costs"
    detail = "Line {line} costs {amount}, and {from_grant} of it is to come from the grant."
    remedy = "Lower the part of the grant in this line."


class ItemNotEligible(RuleBroken):
    """The cost item is not among the eligible ones of the day."""

    title = "A cost item is not eligible"
    detail = "The item {item} is not among the eligible cost items of {day}: {eligible}."
    remedy = "Take an eligible item, or pay this line from other money."


class DocumentKindUnknown(RuleBroken):
    """The document is of a kind that is not on the list."""

    title = "The kind of a document is not known"
    detail = "The kind {kind} is not among {known}."
    remedy = "Take one of the known kinds."


class DocumentTwice(RuleBroken):
    """The same document stands twice in the list."""

    title = "A document stands twice in the list"
    detail = "Documents {first} and {second} of the list have the same content."
    remedy = "Name each document once."


class ShareTooHigh(RuleBroken):
    """The grant would bear more of the project's cost than it may."""

    title = "The grant's share is too high"
    detail = "The grant would be {share} percent of the project's cost; at most {limit} percent ({source})."
    remedy = "Ask for less, or bear more of the cost yourself."
    field = "/content/requested_amount"


class CeilingExceeded(RuleBroken):
    """More is asked for than a grant may be."""

    title = "More is asked for than a grant may be"
    detail = "{requested} is asked for; a grant is at most {limit} ({source})."
    remedy = "Ask for less."
    field = "/content/requested_amount"


class RemarksMissing(RuleBroken):
    """An application goes back with remarks only."""

    title = "Remarks are missing"
    detail = "An application goes back with one list of remarks, each about a field."
    remedy = "Say what is to be corrected, and where."


class RemarkPointsNowhere(RuleBroken):
    """The remark is about a field that no application has."""

    title = "A remark points at no field"
    detail = "Remark {number} points at {pointer}, which is no field of the application."
    remedy = "Give the JSON pointer of a field of the content, such as /budget/0/amount."


class RemarkTooLate(RuleBroken):
    """One list of remarks: what was there to be seen at the first return cannot be remarked on later."""

    title = "The remark comes too late"
    detail = "{pointer} has not changed since the first list of remarks, which did not mention it."
    remedy = "Remark only on what was changed since, or was remarked on before."


class CorrectionTooLate(Conflict):
    """The term for the correction is over."""

    title = "The term for the correction is over"
    detail = "The correction was due by the end of {until}."
    remedy = "Submit a new application."


class CorrectionNotOverdue(Conflict):
    """The applicant may still correct."""

    title = "The term for the correction is not over"
    detail = "The application may be corrected until the end of {until}."
    remedy = "Wait for the correction, or for the end of the term."


class NothingCorrected(RuleBroken):
    """The content is the same as when it was returned."""

    title = "Nothing was corrected"
    detail = "The content is the same as when it was returned with remarks."
    remedy = "Correct the content, then send it again."


class HearingNotHeld(Conflict):
    """No answer of no without a hearing."""

    title = "The applicant has not been heard"
    detail = "Before the answer is no the applicant is heard (Administrative Procedural and Process Code, Art. 73)."
    remedy = "Open the hearing first."


class HearingNotOver(Conflict):
    """The applicant may still be heard."""

    title = "The hearing is not over"
    detail = "The applicant may be heard until the end of {until}."
    remedy = "Decide after that day."


class HearingOver(Conflict):
    """The term of the hearing is over."""

    title = "The hearing is over"
    detail = "The applicant could be heard until the end of {until}."
    remedy = "The commission decides; a complaint remains possible."


class HeardAlready(Conflict):
    """The applicant has made a statement."""

    title = "The applicant has been heard already"
    detail = "A statement was made on {day}."
    remedy = "The commission decides on the statement that it has."


class ApprovedAmountTooHigh(RuleBroken):
    """More would be approved than was asked for."""

    title = "More is approved than was asked for"
    detail = "{amount} is to be approved, {requested} was asked for."
    remedy = "Approve at most what was asked for."


class ApplicationContractedAlready(Conflict):
    """An agreement was offered on this application already."""

    title = "There is an agreement on this application"
    detail = "Agreement {agreement_id} rests on this application."
    remedy = "Go on with that agreement."


class ExpertAskedAlready(Conflict):
    """The expert examines this application already, or may not."""

    title = "The expert was asked already"
    detail = "This expert was asked before to examine the application."
    remedy = "Ask another expert."


class ExpertNotAsked(Conflict):
    """The expert is not among those who examine the application."""

    title = "The expert does not examine this application"
    detail = "This expert is not among those who examine the application."
    remedy = "Look the experts up in the application."


class ExpertIsApplicant(RuleBroken):
    """Nobody examines what they have submitted."""

    title = "The expert submitted the application"
    detail = "Who submitted the application cannot examine it."
    remedy = "Ask another expert."


class RemarkUnknown(RuleBroken):
    """The answer is to a remark that was not made."""

    title = "There is no such remark"
    detail = "The last list of remarks has no number {number}."
    remedy = "Answer the remarks by their numbers."
    field = "/answers"
