"""The catalogue that comes with the installation; every entry is assumed."""

import csv
from datetime import date
from importlib.resources import files

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.indicators.model import Indicator
from obligations.record import table_of
from shared.identity import derived_id


async def seed_indicators(session: AsyncSession) -> None:
    """Bring in the packaged entries that are not there yet."""
    text = files("obligations.indicators").joinpath("indicators.csv").read_text(encoding="utf-8")
    connection = await session.connection()
    for cells in csv.DictReader(text.splitlines()):
        row = {
            **cells,
            "id": derived_id("indicator", *(cells[key] for key in ("measure", "direction", "code", "effective_from"))),
            "lower_is_better": cells["lower_is_better"] == "yes",
            "effective_from": date.fromisoformat(cells["effective_from"]),
            "effective_to": date.fromisoformat(cells["effective_to"]) if cells["effective_to"] else None,
        }
        await connection.execute(insert(table_of(Indicator)).values(row).on_conflict_do_nothing())
