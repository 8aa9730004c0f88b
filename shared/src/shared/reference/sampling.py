"""The samples that come with the package, so that a first run needs nothing else; none of it is verified."""

from datetime import datetime
from importlib.resources import files

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.events.work import work_of
from shared.reference.calendars import seed_calendar
from shared.reference.importing import ImportReport, import_list
from shared.reference.lists import PARAMETERS

SAMPLES = {
    "mci": PARAMETERS,
    "grant-parameters": PARAMETERS,
    "holiday-overrides": "holiday-overrides",
    "priority-goods": "priority-goods",
    "producers": "producers",
    "support-conditions": "support-conditions",
    "grant-applicant-criteria": "grant-applicant-criteria",
    "grant-examination-criteria": "grant-examination-criteria",
    "grant-eligible-costs": "grant-eligible-costs",
}
"""Each sample file and the list it is for."""


def sample(name: str) -> bytes:
    """The content of a sample file, a CSV in UTF-8."""
    return (files("shared.reference") / "samples" / f"{name}.csv").read_bytes()


async def import_samples(session: AsyncSession, *, at: datetime, by: str | None = None) -> list[ImportReport]:
    """Take the working calendar and every sample into the database as an installation does; again changes nothing."""
    reports = [await seed_calendar(session, at=at, by=by, installation=True)]
    for name, list_name in SAMPLES.items():
        report = await import_list(session, list_name, sample(name), at=at, by=by, installation=True)
        reports.append(report.require_accepted())
    return reports


async def seed_reference(session: AsyncSession) -> None:
    """A seed of a service: the samples, brought in by the installation."""
    work = work_of(session)
    await import_samples(session, at=work.at, by=work.actor)
