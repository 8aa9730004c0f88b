"""The base rates that come with the installation: every row unverified, known since the day it was announced."""

import csv
from datetime import date, datetime, timedelta
from importlib.resources import files

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rates.importing import read_rates
from obligations.rates.model import BaseRate, RateCoverage
from obligations.record import NATIONAL, table_of
from shared.calendar.local_days import day_begins
from shared.identity import derived_id

INSTALLATION = "installation"
NEXT_CHANGE = "the day before the next change of the base rate"


async def seed_rates(session: AsyncSession) -> None:
    """Bring in the packaged rates where the register is empty.

    Announcement days are assumed (the day before the effect). In hindsight each rate was known, from its announcement
    on, to hold until the day before the next change: so the coverage grows row by row, and ends as the data says.
    """
    connection = await session.connection()
    stated = read_rates(_packaged("base-rates.csv"))
    last = next(csv.DictReader(_packaged("base-rate-coverage.csv").splitlines()))
    ends = [(rate.effective_from - timedelta(days=1), NEXT_CHANGE, True) for rate in stated[1:]]
    ends.append((date.fromisoformat(last["known_until"]), last["source"], False))
    for rate, (end, source, assumed) in zip(stated, ends, strict=True):
        announced_on = rate.announced_on or rate.effective_from - timedelta(days=1)
        known_from = day_begins(announced_on)
        row = {
            **_brought_in("rate", rate.effective_from, known_from),
            "effective_from": rate.effective_from,
            "percent": rate.percent,
            "announced_on": announced_on,
            "announced_on_assumed": rate.announced_on is None,
            "source": rate.source,
        }
        await connection.execute(insert(table_of(BaseRate)).values(row).on_conflict_do_nothing())
        covered = {
            **_brought_in("coverage", end, known_from),
            "known_until": end,
            "assumed": assumed,
            "source": source,
        }
        await connection.execute(insert(table_of(RateCoverage)).values(covered).on_conflict_do_nothing())


def _packaged(name: str) -> str:
    return files("obligations.rates").joinpath(name).read_text(encoding="utf-8")


def _brought_in(kind: str, day: date, known_from: datetime) -> dict[str, object]:
    return {
        "id": derived_id("obligations", kind, day),
        "version": 0,
        "institute": NATIONAL,
        "known_from": known_from,
        "entered_by": INSTALLATION,
    }
