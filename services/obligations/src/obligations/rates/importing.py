"""Base rates from a CSV file: taken whole or not at all, with an error for each row that is wrong."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rates.commands import StatedRate, cover, enter
from obligations.rates.locks import exclusive_rate_lock
from obligations.rates.model import BaseRate
from obligations.rates.queries import coverage_known_at, known_then
from obligations.rates.refusals import ConfirmedRateHolds, ImportRefused, RateKnownOtherwise
from shared.clock import Clock
from shared.http.fields import LINE_SAYS, FieldError
from shared.reference.cells import CellError, broken_line
from shared.refusals import Refusal
from shared.values.dates import Day
from shared.values.shares import Percent
from shared.values.text import ShortText
from shared.values.wrong import Words

COLUMNS = ("effective_from", "value", "source")
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
    return [stated for _, stated in _lines(text)]


def _lines(text: str) -> list[tuple[int, StatedRate]]:
    """The rates with their lines, by day."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    errors: list[CellError] = []
    found: dict[date, tuple[int, StatedRate]] = {}
    try:
        errors += _missing(reader.fieldnames or ())
        for cells in reader if not errors else ():
            stated = _read(cells, reader.line_num, errors)
            if stated is not None:
                errors += _repeated(found, reader.line_num, stated)
                found[stated.effective_from] = (reader.line_num, stated)
            if len(found) > MAXIMUM_ROWS:
                errors.append(
                    CellError(reader.line_num, "", "more rows", Words("at most {most} rows", most=MAXIMUM_ROWS))
                )
                break
    except csv.Error as error:
        errors.append(broken_line(reader.line_num, error))
    if not errors and not found:
        errors.append(CellError(0, "", "no row", "at least one row"))
    if errors:
        raise ImportRefused([error.named() for error in errors])
    return [found[day] for day in sorted(found)]


def _missing(header: Sequence[str]) -> list[CellError]:
    wanted = Words("the columns {columns}", columns=", ".join(COLUMNS))
    return [CellError(1, name, "no such column", wanted) for name in COLUMNS if name not in header]


def _repeated(found: dict[date, tuple[int, StatedRate]], line: int, stated: StatedRate) -> list[CellError]:
    if stated.effective_from not in found:
        return []
    seen = Words('"{day}" as in line {line}', day=stated.effective_from, line=found[stated.effective_from][0])
    return [CellError(line, "effective_from", seen, "one row for it")]


def _read(cells: dict[str, str], line: int, errors: list[CellError]) -> StatedRate | None:
    given = {name: cells.get(name) or "" for name in COLUMNS}
    if cells.get("announced_on"):
        given["announced_on"] = cells["announced_on"]
    try:
        return _Row.model_validate(given).stated
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            column = ".".join(str(part) for part in wrong["loc"])
            errors.append(CellError(line, column, wrong["ctx"]["found"], wrong["ctx"]["wanted"]))
        return None


async def import_rates(
    session: AsyncSession, text: str, *, by: str, clock: Clock, known_until: date | None = None
) -> Imported:
    """Make known every rate of the file that is not known yet, unverified, in one transaction.

    A row that says of a known day something else than is known is an error: a correction wants its reason.
    A row for a day that is covered, on which a rate holds that two people have confirmed, is one too.
    `known_until` extends the coverage. Raises `ImportRefused`; then nothing was taken.
    """
    lines = _lines(text)
    at = await exclusive_rate_lock(session, clock)
    known = {rate.effective_from: rate for rate in (await session.exec(select(BaseRate).where(known_then(None)))).all()}
    held = await coverage_known_at(session)
    errors: list[FieldError] = []
    added = 0
    for line, rate in lines:
        there = known.get(rate.effective_from)
        refused = _contradicted(rate, there) if there is not None else _displaced(rate, known, held)
        if refused is not None:
            errors.append(_named(line, refused))
        elif there is None:
            added += await _enter(session, line, rate, errors, by=by, at=at)
    if errors:
        raise ImportRefused(errors)
    if known_until is not None and (held is None or known_until > held):
        held = (await cover(session, known_until, lines[-1][1].source, by=by, at=at)).known_until
    return Imported(added=added, unchanged=len(lines) - added, known_until=held)


def _contradicted(rate: StatedRate, there: BaseRate) -> Refusal | None:
    """What speaks against a row of a day that is known."""
    if there.percent == rate.percent:
        return None
    return RateKnownOtherwise(effective_from=rate.effective_from, percent=there.percent)


def _displaced(rate: StatedRate, known: Mapping[date, BaseRate], covered: date | None) -> Refusal | None:
    """What speaks against a new day: within what is covered it would take days from the rate that holds there."""
    earlier = max((day for day in known if day < rate.effective_from), default=None)
    if earlier is None or covered is None or rate.effective_from > covered or not known[earlier].verified:
        return None
    return ConfirmedRateHolds(effective_from=rate.effective_from, since=earlier)


async def _enter(
    session: AsyncSession, line: int, rate: StatedRate, errors: list[FieldError], *, by: str, at: datetime
) -> int:
    try:
        await enter(session, rate, by=by, at=at)
    except Refusal as refusal:
        errors.append(_named(line, refusal))
        return 0
    return 1


def _named(line: int, refusal: Refusal) -> FieldError:
    """What is refused about a row, with its line."""
    said = Words(refusal.detail, **refusal.data)
    return FieldError("body", "/csv", Words(LINE_SAYS, line=line, said=said))
