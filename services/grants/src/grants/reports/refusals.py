"""What a report says no to, and why."""

from shared.refusals import Conflict, NotFound, RuleBroken


class ReportNotFound(NotFound):
    """There is no such report, or none that this caller may see."""

    title = "There is no such report"
    remedy = "Look the report up in its agreement."


class ReportNotAwaited(Conflict):
    """A report is submitted when it is awaited, and again when it was returned."""

    title = "The report is not awaited"
    detail = "The report is {status}; only an awaited or a returned one is submitted."
    remedy = "Read the report to see where it stands."


class ReportNotSubmitted(Conflict):
    """What is accepted or returned is a submitted report."""

    title = "The report is not submitted"
    detail = "The report is {status}; only a submitted one is accepted or returned."
    remedy = "Wait for the recipient's report."


class ReportTooEarly(RuleBroken):
    """A year is reported when it is over."""

    title = "The year of the report is not over"
    detail = "The report of {year} can be submitted from the first day of the next year."
    remedy = "Submit it then."


class ReportNotOverdue(Conflict):
    """A report is overdue when its last day is over and it has not come."""

    title = "The report is not overdue"
    detail = "The report may be submitted until the end of {until}."
    remedy = "Wait for the report, or for the end of its term."


class ItemNotInBudget(RuleBroken):
    """Money is spent on the items of the budget, each named once."""

    title = "The cost item is not in the budget"
    detail = "The item {item} is not in the budget or stands twice in the report; the budget has {known}."
    remedy = "Name the items of the budget, or ask for other budget lines."


class ReportDocumentTwice(RuleBroken):
    """A document is sent once in a report."""

    title = "A document stands twice in the report"
    detail = "The document {name} has the same content as another one."
    remedy = "Send each document once."
