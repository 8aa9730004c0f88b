"""By when the report of a year is due: working days after its end, a dated parameter."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.obligations.terms import Deadline
from shared.reference.calendars import working_calendar
from shared.reference.lookup import parameter

REPORT_TERM = "obligations.term.report"
"""The parameter: working days from the end of the reporting year to the day on which the report is due."""


async def report_deadline(session: AsyncSession, reporting_year: int, grace_days: int | None) -> Deadline:
    """The due day of a year's report, and the last day of grace; `grace_days` are working days, absent if unknown."""
    year_end = date(reporting_year, 12, 31)
    calendar = await working_calendar(session)
    due_on = calendar.add_working_days(year_end, (await parameter(session, REPORT_TERM, year_end)).whole)
    grace_until = None if grace_days is None else calendar.add_working_days(due_on, grace_days)
    return Deadline(due_on, grace_until, calendar.version)
