"""The catalogue that comes with the installation; every entry is assumed and unverified."""

from importlib.resources import files

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.indicators.catalogue import INDICATORS
from shared.events.work import work_of
from shared.reference.importing import import_list


async def seed_indicators(session: AsyncSession) -> None:
    """Bring in the packaged entries that are not there yet."""
    content = files("obligations.indicators").joinpath("indicators.csv").read_bytes()
    own, at = {INDICATORS.name: INDICATORS}, work_of(session).at
    report = await import_list(session, INDICATORS.name, content, at=at, installation=True, definitions=own)
    report.require_accepted()
