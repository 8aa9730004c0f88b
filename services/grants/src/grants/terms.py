"""Due days: a stage's term in working days, as computed with one version of the calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.calendar.local_days import local_day, months_after
from shared.reference.calendars import working_calendar
from shared.reference.lookup import parameter


class Term(StrEnum):
    """The dated terms of this service, each a parameter in working days."""

    COMPLETENESS_CHECK = "grants.term.completeness-check"
    CORRECTION = "grants.term.correction"
    EXAMINATION = "grants.term.examination"
    COMMISSION = "grants.term.commission"
    HEARING = "grants.term.hearing"
    DECISION = "grants.term.decision"
    OFFER = "grants.term.offer"
    SIGNATURE = "grants.term.signature"
    TRANCHE_REVIEW = "grants.term.tranche-review"
    DISBURSEMENT = "grants.term.disbursement"
    PLAN_REPORT = "grants.term.monitoring-report"
    CLOSING_REPORT = "grants.term.closing-report"


COMPLAINT = "grants.term.complaint"
"""The term of a complaint about a refusal: the one that is counted in months."""


@dataclass(frozen=True, slots=True)
class Due:
    """A last day, with what it was computed from: the calendar's version, and the parameter row of the term."""

    on: date
    calendar: str
    term: str


async def due(session: AsyncSession, term: Term, at: datetime) -> Due:
    """The last day of a term that begins at the instant: counted from the next day, in working days.

    Raises `ParameterUnknown` where the term is not known for that day, `CalendarUnknown` where its calendar is not.
    """
    return await due_after(session, term, local_day(at))


async def due_after(session: AsyncSession, term: Term, day: date) -> Due:
    """The last day of a term that is counted from the day after this local one; raises as `due`."""
    length = await parameter(session, term.value, day)
    calendar = await working_calendar(session)
    return Due(calendar.add_working_days(day, length.whole), calendar.version, str(length.id))


async def end_of_complaint(session: AsyncSession, at: datetime) -> date:
    """The last day to complain about a refusal: months later, or the working day that follows (assumed).

    Raises as `due`.
    """
    day = local_day(at)
    months = (await parameter(session, COMPLAINT, day)).whole
    return (await working_calendar(session)).on_or_after(months_after(day, months))
