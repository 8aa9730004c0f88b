"""What a fresh installation of the service brings with it; again it changes nothing."""

from importlib.resources import files

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.events.work import work_of
from shared.reference.calendars import seed_calendar
from shared.reference.importing import import_list
from shared.reference.lists import HOLIDAY_OVERRIDES, PARAMETERS
from shared.reference.sampling import sample


async def seed_parameters(session: AsyncSession) -> None:
    """Bring in the working calendar and the service's own dated parameters, unverified."""
    at = work_of(session).at
    await seed_calendar(session, at=at, installation=True)
    overrides = await import_list(
        session, HOLIDAY_OVERRIDES.name, sample(HOLIDAY_OVERRIDES.name), at=at, installation=True
    )
    overrides.require_accepted()
    content = files("obligations").joinpath("parameters.csv").read_bytes()
    report = await import_list(session, PARAMETERS, content, at=at, installation=True)
    report.require_accepted()
