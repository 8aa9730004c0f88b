"""The funding account: the institute's current account through which the money of a measure is managed."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Integer, Text, UniqueConstraint
from sqlmodel import Field

from grants.account.ledger import Standing
from grants.record import Record
from shared.contracts.grants import FundsAllocated, YearClosed
from shared.contracts.support import Measure
from shared.database.columns import TextEnum
from shared.payments import require_past
from shared.refusals import Conflict, NotFound, RuleBroken


class AccountNotFound(NotFound):
    """There is no such funding account, or none that this caller may see."""

    title = "There is no such funding account"
    remedy = "Look the account up in the list of accounts."


class AccountAlreadyOpen(Conflict):
    """An institute has one account for a measure."""

    title = "The account is open already"
    detail = "The institute already has the account {account_id} for the measure {measure}."
    remedy = "Use that account."


class FundsShort(RuleBroken):
    """The free money of the account does not cover what is to be set aside."""

    title = "The free funds are short"
    detail = "{wanted} tenge are wanted, {free} tenge are free."
    remedy = "Allocate money to the account, or offer less."


class YearNotOver(Conflict):
    """A year is closed after its last day."""

    title = "The year is not over"
    detail = "The year {year} can be closed from the first day of the next one."
    remedy = "Wait for the end of the year: it is closed by itself."


class FundingAccount(Record, table=True):
    """The account of an institute and a measure. `open_year` is the first year that is not closed yet.

    `entries` counts the entries of its ledger: each is numbered without a gap, under the lock of this row, which is
    the last that any transaction takes.
    """

    __tablename__ = "funding_account"
    __table_args__ = (
        UniqueConstraint("institute", "measure", name="uq_funding_account_institute_measure"),
        CheckConstraint("entries >= 0", name="entries_counted"),
        CheckConstraint("measure = 'industrial-grant'", name="measure_known"),
    )

    measure: Measure = Field(sa_type=TextEnum(Measure))
    bank: str = Field(sa_type=Text)
    iban: str = Field(sa_type=Text)
    open_year: int = Field(sa_type=Integer)
    entries: int = Field(default=0, sa_type=BigInteger)

    @property
    def revision(self) -> int:
        """The version in the ETag: every event and every entry is a change of the account."""
        return self.version + self.entries

    def allocate(self, amount: Decimal, on: date, bank_reference: str, *, at: datetime, today: date) -> FundsAllocated:
        """Enter budget money (tenge) that the bank credited on a day not after today."""
        require_past(on, today)
        return FundsAllocated(
            occurred_at=at, account_id=self.id, amount=amount, allocated_on=on, bank_reference=bank_reference
        )

    def require_free(self, amount: Decimal, standing: Standing) -> None:
        """Raise `FundsShort` unless so many tenge are free."""
        if standing.free < amount:
            raise FundsShort(wanted=f"{amount:.2f}", free=f"{standing.free:.2f}")

    def close_year(self, carried_over: Decimal, *, at: datetime, today: date) -> YearClosed:
        """Close the open year; its free balance is spent in the next one (Law 86-VII, Art. 42(5))."""
        if today.year <= self.open_year:
            raise YearNotOver(year=self.open_year)
        closed, self.open_year = self.open_year, self.open_year + 1
        return YearClosed(occurred_at=at, account_id=self.id, year=closed, carried_over=carried_over)

    def fiscal_year(self, on: date) -> int:
        """The year in which an effect of that day is posted: the day's own, or the open one where that is closed."""
        return max(on.year, self.open_year)
