"""What a question about a day or a year refuses."""

from shared.refusals import RuleBroken


class YearNotReported(RuleBroken):
    """The agreement has no obligations of that year."""

    title = "The agreement does not report on that year"
    detail = "The agreement reports on {years}, not on {year}."
    remedy = "Ask about one of the agreement's reporting years."
    field = "/year"
