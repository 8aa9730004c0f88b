"""Routes of claims: reading them, their versions and sheets, and the officers' steps up to the hearing."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from obligations.claims import commands, queries, terms
from obligations.claims.model import Claim
from obligations.claims.refusals import (
    AsOfOutsideFacts,
    ClaimClosed,
    ClaimNotCalculated,
    ClaimNotFound,
    ClaimVersionNotFound,
    ClaimWithoutFigures,
    DayNotReached,
    RecalculationPending,
)
from obligations.claims.status import ClaimStatus
from obligations.claims.version import ClaimVersion
from obligations.claims.views import ClaimView, VersionView, file_name, header_of
from obligations.sheets.answer import SHEET_REFUSALS, SHEET_RESPONSES, Wanted, sheet_response
from obligations.visibility import READERS, Seen
from shared.access.callers import Role, allowed
from shared.calendar.local_days import local_day
from shared.database.columns import columns
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.values.dates import Day
from shared.values.decimals import WholeNumber

router = Router(prefix="/v1", tags=["claims"])

reader = Depends(allowed(*READERS))
officer = Depends(allowed(Role.OFFICER))


class CalculationAsked(BaseModel):
    """As of which day to calculate anew; today if absent."""

    model_config = ConfigDict(extra="forbid")

    as_of: Day | None = None


@router.get("/claims", dependencies=[reader])
async def list_claims(
    reading: Reading,
    seen: Seen,
    page: WantedPage,
    status: Annotated[ClaimStatus | None, Query()] = None,
    agreement_id: Annotated[UUID | None, Query()] = None,
    reporting_year: Annotated[WholeNumber | None, Query(ge=1990, le=2100)] = None,
) -> Page[ClaimView]:
    """List the claims that the caller may see."""
    statement = select(Claim).where(seen.of(Claim))
    if status is not None:
        statement = statement.where(col(Claim.status) == status)
    if agreement_id is not None:
        statement = statement.where(col(Claim.agreement_id) == agreement_id)
    if reporting_year is not None:
        statement = statement.where(col(Claim.reporting_year) == reporting_year)
    rows = (await reading.exec(page.of(statement, columns(Claim).id))).all()
    return page.page(rows, lambda claim: (claim.id,), ClaimView.of)


@router.get("/claims/{claim_id}", dependencies=[reader], responses=refusals(ClaimNotFound))
async def read_claim(claim_id: UUID, reading: Reading, seen: Seen, response: Response) -> ClaimView:
    """Read a claim; its ETag is what an officer's step rests on."""
    claim = await queries.visible_claim(reading, claim_id, seen)
    tag(response, claim.version)
    return ClaimView.of(claim)


@router.get(
    "/claims/{claim_id}/versions",
    dependencies=[reader],
    responses=refusals(ClaimNotFound, ClaimVersionNotFound, DayNotReached),
)
async def list_versions(
    claim_id: UUID,
    reading: Reading,
    seen: Seen,
    page: WantedPage,
    now: Now,
    known_on: Annotated[Day | None, Query(description="Only the one that was current at the end of this day.")] = None,
) -> Page[VersionView]:
    """List the versions, the first one first; or, as known on a day, the one that was current at its end."""
    claim = await queries.visible_claim(reading, claim_id, seen)
    statement = select(ClaimVersion).where(col(ClaimVersion.claim_id) == claim.id)
    if known_on is not None:
        known = await queries.version_known_on(reading, claim, known_on, now)
        statement = statement.where(col(ClaimVersion.number) == known.number)
    rows = (await reading.exec(page.of(statement, columns(ClaimVersion).number))).all()
    return page.page(rows, lambda version: (version.number,), VersionView.of)


@router.get(
    "/claims/{claim_id}/versions/{number}",
    dependencies=[reader],
    responses=refusals(ClaimNotFound, ClaimVersionNotFound),
)
async def read_version(claim_id: UUID, number: int, reading: Reading, seen: Seen) -> VersionView:
    """Read one version with every fact it used."""
    claim = await queries.visible_claim(reading, claim_id, seen)
    return VersionView.of(await queries.version_numbered(reading, claim.id, number))


@router.get(
    "/claims/{claim_id}/versions/{number}/sheet",
    dependencies=[reader],
    responses={
        **refusals(ClaimNotFound, ClaimVersionNotFound, ClaimWithoutFigures, *SHEET_REFUSALS),
        **SHEET_RESPONSES,
    },
)
async def read_sheet(claim_id: UUID, number: int, reading: Reading, seen: Seen, wanted: Wanted, now: Now) -> Response:
    """Read the calculation sheet of a version, to redo it by hand: JSON, CSV or PDF (Law 86-VII, Art. 27(4))."""
    claim = await queries.visible_claim(reading, claim_id, seen)
    version = await queries.version_numbered(reading, claim.id, number)
    if version.sheet is None:
        raise ClaimWithoutFigures(reason=version.refusal)
    sheet = {"header": header_of(claim, version), **version.sheet}
    await reading.close()
    return await sheet_response(lambda: sheet, wanted, now, file_name(claim, version, version.as_of))


@router.post(
    "/claims/{claim_id}/calculation",
    dependencies=[officer],
    responses=refusals(ClaimNotFound, ClaimClosed, AsOfOutsideFacts),
)
async def calculate_claim(
    claim_id: UUID,
    asked: CalculationAsked,
    transaction: Transaction,
    seen: Seen,
    expected: IfMatch,
    now: Now,
    response: Response,
) -> ClaimView:
    """Calculate the claim anew as of a day; the same sheet as before makes no new version."""
    hand = await commands.take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    claim = await commands.calculate_as_of(transaction, hand, asked.as_of, now)
    tag(response, claim.version)
    return ClaimView.of(claim)


@router.post(
    "/claims/{claim_id}/notification",
    dependencies=[officer],
    responses=refusals(ClaimNotFound, ClaimNotCalculated, ClaimWithoutFigures, RecalculationPending),
)
async def notify_recipient(
    claim_id: UUID, transaction: Transaction, seen: Seen, expected: IfMatch, now: Now, response: Response
) -> ClaimView:
    """Tell the recipient of the claim and open the hearing (APPC, Art. 73; assumed)."""
    hand = await commands.take_in_hand(transaction, claim_id, seen.of(Claim))
    require_version(expected, hand.claim.version)
    until = await terms.end_of_hearing(transaction, local_day(now))
    claim = await commands.notify(transaction, hand, until, now)
    tag(response, claim.version)
    return ClaimView.of(claim)
