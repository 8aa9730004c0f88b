"""What the API shows of a funding account."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row

from grants.account.ledger import EntryKind, Side, Standing
from grants.account.model import FundingAccount
from shared.contracts.amounts import Amount
from shared.contracts.support import Measure
from shared.values.dates import Day
from shared.values.identifiers import KzIban
from shared.values.money import Money, PositiveMoney
from shared.values.text import Name, Reference, ShortText


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewAccount(_Body):
    """An account to be opened at a resident bank."""

    bank: Name
    iban: KzIban


class NewAllocation(_Body):
    """Budget money that the bank credited, and the act by which it was allocated."""

    amount: PositiveMoney
    allocated_on: Day
    bank_reference: Reference
    act: ShortText


class Resolution(_Body):
    """What becomes of a payment kept apart: entered under its right reference, or not at all where that is absent."""

    bank_reference: Reference | None = None
    reason: ShortText


class Assumption(BaseModel):
    """Something that the figures rest on and that nobody could confirm."""

    subject: str
    statement: str
    source: str
    mark: str = "assumed"
    verified: bool = False


ASSUMPTIONS = (
    Assumption(
        subject="return",
        statement="Money returned under a claim credits this account and is spent on grants again.",
        source="Law 86-VII, Art. 27(4), Art. 42(5): the Law fixes that money returns, not to which account",
    ),
    Assumption(
        subject="reversal",
        statement="A payment that the bank returned is free again and counts as never made.",
        source="no source at hand",
    ),
)


class StandingView(BaseModel):
    """Tenge: allocated + returned + uncovered = free + committed + disbursed; `at_bank` is what a statement shows."""

    allocated: Amount
    free: Amount
    committed: Amount
    disbursed: Amount
    returned: Amount
    uncovered: Amount
    at_bank: Amount

    @classmethod
    def of(cls, standing: Standing) -> "StandingView":
        """The view of a standing."""
        figures = {name: getattr(standing, name) for name in cls.model_fields}
        return cls(**figures)


class AccountSummary(BaseModel):
    """A funding account in a list."""

    id: UUID
    institute: str
    measure: Measure
    bank: str
    iban: str
    open_year: int

    @classmethod
    def of(cls, account: FundingAccount) -> "AccountSummary":
        """The summary of an account."""
        return cls(**{name: getattr(account, name) for name in cls.model_fields})


class ConflictView(BaseModel):
    """A payment that was reported under a reference that the account knew already; `resolved_at` once decided about.

    `resolution` is the reason of who proposed the decision: to enter the payment under `proposed_reference`, or, where
    that is null, to leave it as the one recorded first. Another person approves.
    """

    id: UUID
    kind: EntryKind
    amount: Money
    effective_on: date
    agreement_id: UUID
    claim_id: UUID
    bank_reference: str
    first_entry_id: UUID
    reported_at: datetime
    proposed_at: datetime | None
    proposed_by: str | None
    proposed_reference: str | None
    resolution: str | None
    resolved_at: datetime | None
    resolved_by: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> "ConflictView":
        """The view of a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AccountView(AccountSummary):
    """A funding account with what it stands at now (Law 86-VII, Art. 42(5)).

    `payments_apart` counts the payments that were reported and not entered, because the account knew their reference.
    """

    standing: StandingView
    entries: int
    payments_apart: int
    assumptions: list[Assumption] = list(ASSUMPTIONS)


class BalanceView(BaseModel):
    """What an account, or one agreement in it, stood at at the end of a day."""

    account_id: UUID
    agreement_id: UUID | None
    as_of: date
    standing: StandingView
    assumptions: list[Assumption] = list(ASSUMPTIONS)


class RestsOn(BaseModel):
    """The event on which an entry rests."""

    type: str
    aggregate_id: UUID
    sequence: int


class LineView(BaseModel):
    """What one side gained, or gave (below zero), in tenge."""

    side: Side
    fiscal_year: int
    amount: Amount


class EntryView(BaseModel):
    """An entry of the ledger; its lines sum to zero."""

    id: UUID
    number: int
    kind: EntryKind
    amount: Money
    effective_on: date
    fiscal_year: int
    agreement_id: UUID | None
    tranche_id: UUID | None
    claim_id: UUID | None
    bank_reference: str | None
    act: str | None
    rests_on: RestsOn
    recorded_at: datetime
    recorded_by: str
    lines: list[LineView]

    @classmethod
    def of(cls, row: Row[Any], lines: Sequence[Row[Any]]) -> "EntryView":
        """The view of an entry and its postings."""
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in {"rests_on", "lines"}}
        rests_on = RestsOn(type=row.rests_on, aggregate_id=row.rests_on_id, sequence=row.rests_on_sequence)
        shown = [LineView(side=line.side, fiscal_year=line.fiscal_year, amount=line.amount) for line in lines]
        return cls(**plain, rests_on=rests_on, lines=shown)
