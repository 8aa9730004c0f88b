"""Routes of the funding account."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import select

from grants.account import commands, queries
from grants.account.ledger import EntryKind
from grants.account.model import (
    AccountAlreadyOpen,
    AccountNotFound,
    FundingAccount,
    YearNotOver,
)
from grants.account.posting import standing_of
from grants.account.views import (
    AccountSummary,
    AccountView,
    BalanceView,
    EntryView,
    NewAccount,
    NewAllocation,
    StandingView,
)
from grants.visibility import CurrentSight
from shared.access.callers import Caller, allowed
from shared.access.roles import Role
from shared.calendar.local_days import local_day
from shared.calls import InstituteMissing
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.payments import PaymentAlreadyRecorded, PaymentInFuture
from shared.values.dates import Day

router = Router(prefix="/v1/accounts", tags=["account"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]
Insider = Annotated[Caller, Depends(allowed(Role.OFFICER, Role.APPROVER, Role.AUDITOR))]


async def _answer(response: Response, session: Reading, account: FundingAccount) -> AccountView:
    """The account with what it stands at now."""
    tag(response, account.revision)
    return AccountView(
        **AccountSummary.of(account).model_dump(),
        standing=StandingView.of(await standing_of(session, account.id)),
        entries=account.entries,
        payments_apart=await queries.payments_apart(session, account.id),
    )


@router.post("", status_code=201, responses=refusals(AccountAlreadyOpen, InstituteMissing))
async def open_account(
    body: NewAccount, transaction: Transaction, caller: Officer, now: Now, response: Response
) -> AccountView:
    """Open the institute's account for industrial grants (Law 86-VII, Art. 42(5))."""
    if caller.institute is None:
        raise InstituteMissing
    account = await commands.open_account(transaction, caller.institute, bank=body.bank, iban=body.iban, at=now)
    return await _answer(response, transaction, account)


@router.get("")
async def list_accounts(session: Reading, _: Insider, sight: CurrentSight, page: WantedPage) -> Page[AccountSummary]:
    """List the accounts that the caller may see."""
    statement = page.of(select(FundingAccount).where(sight.of(FundingAccount)), columns(FundingAccount).id)
    rows = (await session.exec(statement)).all()
    return page.page(rows, lambda account: (account.id,), AccountSummary.of)


@router.get("/{account_id}", responses=refusals(AccountNotFound))
async def read_account(
    account_id: UUID, session: Reading, _: Insider, sight: CurrentSight, response: Response
) -> AccountView:
    """Show an account with what it stands at now."""
    account = await sight.read(session, FundingAccount, account_id, AccountNotFound)
    return await _answer(response, session, account)


@router.get("/{account_id}/balance", responses=refusals(AccountNotFound))
async def read_balance(
    account_id: UUID,
    session: Reading,
    _: Insider,
    sight: CurrentSight,
    now: Now,
    as_of: Annotated[Day | None, Query(description="A local day; today where absent.")] = None,
    agreement_id: UUID | None = None,
) -> BalanceView:
    """Show what the account, or one agreement in it, stood at at the end of a day, by the days of effect."""
    account = await sight.read(session, FundingAccount, account_id, AccountNotFound)
    day = as_of or local_day(now)
    standing = await queries.standing_as_of(session, account.id, day, agreement_id)
    return BalanceView(account_id=account.id, agreement_id=agreement_id, as_of=day, standing=StandingView.of(standing))


@router.get("/{account_id}/entries", responses=refusals(AccountNotFound))
async def list_entries(
    account_id: UUID,
    session: Reading,
    _: Insider,
    sight: CurrentSight,
    page: WantedPage,
    kind: EntryKind | None = None,
    agreement_id: UUID | None = None,
    from_day: Annotated[Day | None, Query(alias="from")] = None,
    to_day: Annotated[Day | None, Query(alias="to")] = None,
) -> Page[EntryView]:
    """List the entries of the ledger, the newest first, each with its lines and the event on which it rests."""
    account = await sight.read(session, FundingAccount, account_id, AccountNotFound)
    statement = queries.entries_of(account.id, kind, agreement_id, from_day, to_day)
    rows = await queries.entry_page(session, page, statement)
    lines = await queries.lines_of_entries(session, [row.id for row in rows])
    return page.page(rows, lambda row: (row.number,), lambda row: EntryView.of(row, lines[row.id]))


@router.post(
    "/{account_id}/allocations",
    status_code=201,
    responses=refusals(AccountNotFound, PaymentAlreadyRecorded, PaymentInFuture),
)
async def allocate_funds(
    account_id: UUID,
    body: NewAllocation,
    transaction: Transaction,
    _: Officer,
    sight: CurrentSight,
    now: Now,
    response: Response,
) -> AccountView:
    """Enter budget money that the bank credited to the account."""
    account = await commands.allocate_funds(
        transaction, sight, account_id, amount=body.amount, on=body.allocated_on,
        bank_reference=body.bank_reference, act=body.act, at=now,
    )  # fmt: skip
    return await _answer(response, transaction, account)


@router.post("/{account_id}/year-closing", responses=refusals(AccountNotFound, YearNotOver))
async def close_year(
    account_id: UUID,
    transaction: Transaction,
    _: Officer,
    sight: CurrentSight,
    version: IfMatch,
    now: Now,
    response: Response,
) -> AccountView:
    """Close the open year, where it is over: its balance is spent in the next one (Law 86-VII, Art. 42(5))."""
    account = await commands.close_account_year(transaction, sight, account_id, version=version, at=now)
    return await _answer(response, transaction, account)
