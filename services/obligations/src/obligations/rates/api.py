"""Base rates over HTTP: read by anybody who is known, entered and confirmed by officers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from obligations.rates import commands, importing, queries
from obligations.rates.locks import wait_for_rate_writers
from obligations.rates.model import BaseRate
from obligations.rates.refusals import (
    BaseRateNotFound,
    CorrectionChangesNothing,
    CoverageShrinks,
    ImportRefused,
    RateBeforeAnnouncement,
    RateKnownAlready,
    RateSuperseded,
)
from obligations.rates.views import (
    CoverageView,
    ImportView,
    NewConfirmation,
    NewCorrection,
    NewCoverage,
    NewImport,
    NewRate,
    RateView,
)
from shared.access.callers import Caller, CurrentCaller, Role, RoleNotAllowed, allowed
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.known import KnownAt
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Reading, ServiceClock, Transaction
from shared.two_people import AlreadyVerified, SecondPersonWanted
from shared.values.dates import Day

router = Router(prefix="/v1", tags=["base rates"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]


@router.get("/base-rates")
async def list_base_rates(
    session: Reading,
    _: CurrentCaller,
    wanted: WantedPage,
    response: Response,
    known_at: KnownAt,
    effective_from: Annotated[Day | None, Query(description="Only of this day or later.")] = None,
    effective_to: Annotated[Day | None, Query(description="Only of this day or earlier.")] = None,
    verified: Annotated[bool | None, Query(description="Only rates that two officers have confirmed, or not.")] = None,
) -> Page[RateView]:
    """List the base rates by the day from which they are in force, as known now or at a moment.

    The ETag is that of the whole register: it changes whenever any rate is entered, corrected or confirmed.
    """
    if known_at is not None:
        await wait_for_rate_writers(session)
    tag(response, await queries.register_revision(session))
    statement = select(BaseRate).where(queries.known_then(known_at))
    if effective_from is not None:
        statement = statement.where(col(BaseRate.effective_from) >= effective_from)
    if effective_to is not None:
        statement = statement.where(col(BaseRate.effective_from) <= effective_to)
    if verified is not None:
        statement = statement.where(col(BaseRate.second_confirmed_by).is_not(None) == verified)
    keys = columns(BaseRate)
    rows = (await session.exec(wanted.of(statement, keys.effective_from, keys.id))).all()
    return wanted.page(rows, lambda rate: (rate.effective_from, rate.id), RateView.of)


@router.get("/base-rates/coverage")
async def read_coverage(session: Reading, _: CurrentCaller, known_at: KnownAt) -> CoverageView:
    """Read up to which day the base rate is known, now or at a moment."""
    if known_at is not None:
        await wait_for_rate_writers(session)
    return CoverageView(known_until=await queries.coverage_known_at(session, known_at))


@router.get("/base-rates/{rate_id}", responses=refusals(BaseRateNotFound))
async def read_base_rate(rate_id: UUID, session: Reading, _: CurrentCaller, response: Response) -> RateView:
    """Read one row of the register, also one that a correction has replaced."""
    rate = await session.get(BaseRate, rate_id)
    if rate is None:
        raise BaseRateNotFound(id=rate_id)
    tag(response, rate.revision)
    return RateView.of(rate)


@router.post(
    "/base-rates",
    status_code=201,
    responses=refusals(RoleNotAllowed, RateKnownAlready, RateBeforeAnnouncement),
)
async def announce_base_rate(
    asked: NewRate, transaction: Transaction, caller: Officer, clock: ServiceClock
) -> RateView:
    """Enter a base rate. It is unverified until two different officers have confirmed it."""
    stated = commands.StatedRate(asked.effective_from, asked.percent, asked.source, asked.announced_on)
    return RateView.of(await commands.announce_rate(transaction, stated, by=caller.subject, clock=clock))


@router.post(
    "/base-rates/{rate_id}/corrections",
    status_code=201,
    responses=refusals(
        RoleNotAllowed,
        BaseRateNotFound,
        RateSuperseded,
        RateKnownAlready,
        RateBeforeAnnouncement,
        CorrectionChangesNothing,
    ),
)
async def correct_base_rate(
    rate_id: UUID,
    asked: NewCorrection,
    transaction: Transaction,
    caller: Officer,
    clock: ServiceClock,
    revision: IfMatch,
) -> RateView:
    """Put another row in the place of a wrong one. Claims that used it get a new version."""
    correction = commands.Correction(
        asked.percent, asked.source, asked.reason, asked.effective_from, asked.announced_on
    )
    return RateView.of(
        await commands.correct_rate(transaction, rate_id, correction, by=caller.subject, clock=clock, revision=revision)
    )


@router.post(
    "/base-rates/confirmations",
    responses=refusals(RoleNotAllowed, BaseRateNotFound, RateSuperseded, AlreadyVerified, SecondPersonWanted),
)
async def confirm_base_rates(
    asked: NewConfirmation,
    transaction: Transaction,
    caller: Officer,
    clock: ServiceClock,
    revision: IfMatch,
    response: Response,
) -> list[RateView]:
    """Confirm rows against their sources, all of them or none. Two different officers make a row verified.

    If-Match is the ETag of the list of base rates: that of the whole register.
    """
    rates = await commands.confirm_rates(transaction, asked.rate_ids, by=caller.subject, clock=clock, revision=revision)
    tag(response, await queries.register_revision(transaction))
    return [RateView.of(rate) for rate in rates]


@router.post("/base-rates/imports", status_code=201, responses=refusals(RoleNotAllowed, ImportRefused))
async def import_base_rates(
    asked: NewImport, transaction: Transaction, caller: Officer, clock: ServiceClock
) -> ImportView:
    """Import a CSV file of base rates, whole or not at all. Every row comes in unverified, whatever the file says."""
    imported = await importing.import_rates(
        transaction, asked.csv, by=caller.subject, clock=clock, known_until=asked.known_until
    )
    return ImportView(added=imported.added, unchanged=imported.unchanged, known_until=imported.known_until)


@router.post("/base-rates/coverage", status_code=201, responses=refusals(RoleNotAllowed, CoverageShrinks))
async def extend_coverage(
    asked: NewCoverage, transaction: Transaction, caller: Officer, clock: ServiceClock
) -> CoverageView:
    """State up to which day the base rate is known; claims are calculated no further."""
    coverage = await commands.extend_coverage(
        transaction, asked.known_until, asked.source, by=caller.subject, clock=clock
    )
    return CoverageView.of(coverage)
