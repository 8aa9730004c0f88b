"""What is done to a funding account by itself: opened, given money, closed at the year's end."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind
from grants.account.model import AccountAlreadyOpen, AccountNotFound, FundingAccount, YearNotOver
from grants.account.posting import Cause, Movement, enter, free_of_year, require_unrecorded, store_entry
from grants.account.rules import carry_over_lines
from grants.visibility import Sight
from shared.calendar.local_days import local_day
from shared.contracts.support import Measure
from shared.events.publishing import publish
from shared.http.etag import require_version
from shared.worker.due import next_due


async def open_account(session: AsyncSession, institute: str, *, bank: str, iban: str, at: datetime) -> FundingAccount:
    """Open the institute's account for industrial grants at a resident bank (Law 86-VII, Art. 42(5))."""
    connection = await session.connection()
    await connection.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"account of {institute}"})
    statement = select(FundingAccount).where(col(FundingAccount.institute) == institute)
    found = (await session.exec(statement)).one_or_none()
    if found is not None:
        raise AccountAlreadyOpen(account_id=found.id, measure=found.measure.value)
    account = FundingAccount(
        institute=institute, measure=Measure.INDUSTRIAL_GRANT, bank=bank, iban=iban, open_year=local_day(at).year
    )
    await publish(session, account)
    return account


async def allocate_funds(
    session: AsyncSession,
    sight: Sight,
    account_id: UUID,
    *,
    amount: Decimal,
    on: date,
    bank_reference: str,
    act: str,
    at: datetime,
) -> FundingAccount:
    """Enter budget money that the bank credited; `act` is the order by which it was allocated."""
    account = await sight.load(session, FundingAccount, account_id, AccountNotFound)
    await require_unrecorded(session, account, bank_reference)
    event = account.allocate(amount, on, bank_reference, at=at, today=local_day(at))
    await publish(session, account, event)
    cause = Cause.published(event, account)
    await enter(
        session, account,
        Movement(EntryKind.ALLOCATION, amount, on, cause, bank_reference=bank_reference, act=act),
    )  # fmt: skip
    return account


async def close_account_year(
    session: AsyncSession, sight: Sight, account_id: UUID, *, version: int, at: datetime
) -> FundingAccount:
    """Close the open year of the account, where it is over, before the scheduled job does."""
    account = await sight.load(session, FundingAccount, account_id, AccountNotFound)
    require_version(version, account.revision)
    await _close(session, account, at)
    return account


async def close_years(session: AsyncSession, at: datetime) -> bool:
    """Close one year that is over, in one account; says whether there was one."""
    over = col(FundingAccount.open_year) < local_day(at).year
    account = await next_due(session, FundingAccount, over, by=col(FundingAccount.open_year))
    if account is None:
        return False
    await _close(session, account, at)
    return True


async def _close(session: AsyncSession, account: FundingAccount, at: datetime) -> None:
    """Carry the free balance of the open year over to the next one (Law 86-VII, Art. 42(5))."""
    year, today = account.open_year, local_day(at)
    if today.year <= year:
        raise YearNotOver(year=year)
    balance = await free_of_year(session, account, year)
    event = account.close_year(balance, at=at, today=today)
    await publish(session, account, event)
    if lines := carry_over_lines(balance, year):
        cause = Cause.published(event, account)
        movement = Movement(EntryKind.CARRY_OVER, abs(balance), date(year, 12, 31), cause)
        await store_entry(session, account, movement, lines, year)
