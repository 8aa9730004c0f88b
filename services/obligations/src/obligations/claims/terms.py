"""The terms of recovery: how long a recipient is heard, and may complain; dated parameters."""

from datetime import date
from importlib.resources import files
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.calendar.local_days import months_after
from shared.events.work import work_of
from shared.reference.calendars import working_calendar
from shared.reference.importing import import_list
from shared.reference.lists import PARAMETERS
from shared.reference.lookup import parameter

HEARING: Final = "obligations.term.hearing"
COMPLAINT: Final = "obligations.term.complaint"


async def end_of_hearing(session: AsyncSession, today: date) -> date:
    """The last day on which a recipient told today may be heard (APPC, Art. 73; assumed): a term in working days."""
    term = await parameter(session, HEARING, today)
    return (await working_calendar(session)).add_working_days(today, term.whole)


async def end_of_complaint(session: AsyncSession, served_on: date) -> date:
    """The last day of the term of a complaint (assumed): months from the day of service, moved to a working day."""
    months = (await parameter(session, COMPLAINT, served_on)).whole
    return (await working_calendar(session)).on_or_after(months_after(served_on, months))


async def seed_recovery_terms(session: AsyncSession) -> None:
    """Bring in the terms that come with an installation, unverified; again it changes nothing."""
    content = files("obligations.claims").joinpath("parameters.csv").read_bytes()
    report = await import_list(session, PARAMETERS, content, at=work_of(session).at, installation=True)
    report.require_accepted()
