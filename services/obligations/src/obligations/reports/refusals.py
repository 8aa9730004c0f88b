"""What is refused about reports, and what the caller can do about it."""

from shared.refusals import Conflict, NotFound, RuleBroken


class ReportNotFound(NotFound):
    """There is no such report, or none that this caller may see."""

    title = "There is no such report"
    detail = "No report {id} is known here."
    remedy = "Take the id from the obligation."


class ReportStands(Conflict):
    """A report of the obligation stands already."""

    title = "The obligation has been reported"
    detail = "The report {report_id} stands for {reporting_year}."
    remedy = "Correct that report, or withdraw it first."


class ReportWithdrawnAlready(Conflict):
    """A withdrawn report can be neither corrected nor withdrawn."""

    title = "The report is withdrawn"
    detail = "The report {report_id} was withdrawn at {withdrawn_at}."
    remedy = "Report anew."


class YearNotOver(RuleBroken):
    """A year is reported once it is over."""

    title = "The reporting year is not over"
    detail = "The year {reporting_year} ends on {ends_on}; today is {today}."
    remedy = "Report after the end of the year."
