"""What the making of a sheet refuses."""

from shared.refusals import RuleBroken


class SheetTooLong(RuleBroken):
    """Setting a page takes a thousand times the work of writing a line."""

    title = "The sheet is too long to print"
    detail = "The sheet has {lines} lines; up to {most} are printed."
    remedy = "Ask for it as CSV, or as JSON."
