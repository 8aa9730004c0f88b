"""Base rates from a CSV file: taken whole or not at all, with an error for each row that is wrong."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rates.commands import StatedRate, cover, enter
from obligations.rates.locks import exclusive_rate_lock
from obligations.rates.model import BaseRate
from obligations.rates.queries import coverage_known_at, known_then
from obligations.rates.refusals import ImportRefused
from shared.clock import Clock
from shared.refusals import Refusal
from shared.values.dates import Day
from shared.values.shares import Percent
from shared.values.text import ShortText

COLUMNS = ("effective_from", "value", "source")
SHOWN_ERRORS = 20
MAXIMUM_ROWS = 5_000


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    effective_from: Day
    value: Percent
    source: ShortText
    announced_on: Day | None = None

    @property
    def stated(self) -> StatedRate:
        return StatedRate(self.effective_from, self.value, self.source, self.announced_on)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows that are new, rows that were known just so."""

    added: int
    unchanged: int
    known_until: date | None


def read_rates(text: str) -> list[StatedRate]:
    """The rates in a CSV file with the columns effective_from, value, source and, where known, announced_on.

    Other columns, a mark of verification among them, are ignored. Raises `ImportRefused`, which names every wrong row.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    errors: list[str] = []
    found: dict[date, StatedRate] = {}
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise _refused([f"line 1: the column {', '.join(missing)} is missing"])
        for cells in reader:
            stated = _read(cells, reader.line_num, errors)
            if stated is None:
                continue
            if stated.effective_from in found:
                errors.append(f"line {reader.line_num}: a second rate of {stated.effective_from}")
            found[stated.effective_from] = stated
            if len(found) > MAXIMUM_ROWS:
                raise _refused([f"line {reader.line_num}: at most {MAXIMUM_ROWS} rows are taken at once"])
    except csv.Error as error:
        errors.append(f"line {reader.line_num}: no proper CSV ({error})")
    if errors or not found:
        raise _refused(errors or ["line 2: there is no row"])
    return [found[day] for day in sorted(found)]


def _read(cells: dict[str, str], line: int, errors: list[str]) -> StatedRate | None:
    given = {name: cell for name, cell in cells.items() if name in {*COLUMNS, "announced_on"} and cell != ""}
    try:
        return _Row.model_validate(given).stated
    except ValidationError as error:
        errors += [
            f"line {line}, {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"
            for wrong in error.errors(include_url=False, include_input=False)
        ]
        return None


def _refused(errors: list[str]) -> ImportRefused:
    shown = "; ".join(errors[:SHOWN_ERRORS]) + ("; …" if len(errors) > SHOWN_ERRORS else "")
    return ImportRefused(count=len(errors), rows=shown)


async def import_rates(
    session: AsyncSession, text: str, *, by: str, clock: Clock, known_until: date | None = None
) -> Imported:
    """Make known every rate of the file that is not known yet, unverified, in one transaction.

    A row that says of a known day something else than is known is an error: a correction wants its reason.
    `known_until` extends the coverage. Raises `ImportRefused`; then nothing was taken.
    """
    stated = read_rates(text)
    at = await exclusive_rate_lock(session, clock)
    known = {rate.effective_from: rate for rate in (await session.exec(select(BaseRate).where(known_then(None)))).all()}
    errors: list[str] = []
    added = 0
    for rate in stated:
        there = known.get(rate.effective_from)
        if there is not None and there.percent != rate.percent:
            errors.append(f"{rate.effective_from}: {there.percent} percent is known; correct it and give the reason")
        elif there is None:
            added += await _enter(session, rate, errors, by=by, at=at)
    if errors:
        raise _refused(errors)
    held = await coverage_known_at(session)
    if known_until is not None and (held is None or known_until > held):
        held = (await cover(session, known_until, stated[-1].source, by=by, at=at)).known_until
    return Imported(added=added, unchanged=len(stated) - added, known_until=held)


async def _enter(session: AsyncSession, rate: StatedRate, errors: list[str], *, by: str, at: datetime) -> int:
    try:
        await enter(session, rate, by=by, at=at)
    except Refusal as refusal:
        errors.append(f"{rate.effective_from}: {refusal.detail.format(**refusal.data)}")
        return 0
    return 1
