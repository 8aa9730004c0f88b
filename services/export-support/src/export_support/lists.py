"""The dated lists of this service, and what an installation brings of them."""

from importlib.resources import files

from sqlmodel.ext.asyncio.session import AsyncSession

from export_support.currencies.official import RATES
from export_support.destinations.places import BORDER_CROSSINGS, COUNTRIES, REGIONS, TRANSPORT_MODES, ZONES
from export_support.destinations.rules import DESTINATION_RULES
from export_support.goods.catalogue import GOODS
from export_support.lines.categories import CATEGORIES
from shared.events.work import work_of
from shared.reference.calendars import seed_calendar
from shared.reference.importing import import_list
from shared.reference.lists import HOLIDAY_OVERRIDES, HOLIDAYS, PARAMETERS
from shared.reference.lookup import list_is_loaded
from shared.reference.sampling import sample

OWN = (GOODS, DESTINATION_RULES, RATES, COUNTRIES, TRANSPORT_MODES, BORDER_CROSSINGS, ZONES, REGIONS, CATEGORIES)
LISTS = {definition.name: definition for definition in (HOLIDAYS, HOLIDAY_OVERRIDES, *OWN)}


async def seed_parameters(session: AsyncSession) -> None:
    """Bring in the working calendar and the dated parameters, unverified; again this changes nothing."""
    at = work_of(session).at
    await seed_calendar(session, at=at, installation=True)
    brought = {
        HOLIDAY_OVERRIDES.name: [sample(HOLIDAY_OVERRIDES.name)],
        PARAMETERS: [sample("mci"), packaged("parameters")],
    }
    for name, contents in brought.items():
        for content in contents:
            (await import_list(session, name, content, at=at, installation=True)).require_accepted()


async def seed_lists(session: AsyncSession) -> None:
    """Bring in the samples of the lists of which nothing is known yet: what was corrected since stays corrected."""
    at = work_of(session).at
    for definition in OWN:
        if not await list_is_loaded(session, definition.name):
            report = await import_list(
                session, definition.name, packaged(definition.name), at=at, installation=True, definitions=LISTS
            )
            report.require_accepted()


def packaged(name: str) -> bytes:
    """The content of a sample that comes with the package, a CSV in UTF-8."""
    return files("export_support").joinpath("samples", f"{name}.csv").read_bytes()
