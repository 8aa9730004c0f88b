"""The ledger's tables: entries, their balanced postings and the running balances that the database itself keeps."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from grants.record import Record
from shared.database.columns import Instant, Tenge, TextEnum


class Side(StrEnum):
    """Where money of the account stands. `budget` and `uncovered` are sources, so their balances are negative.

    `uncovered` is what the bank paid out in refunds beyond the free money; the next money that becomes free covers it.
    """

    BUDGET = "budget"
    FREE = "free"
    COMMITTED = "committed"
    DISBURSED = "disbursed"
    RETURNED = "returned"
    UNCOVERED = "uncovered"


class EntryKind(StrEnum):
    """What happened to the money."""

    ALLOCATION = "allocation"
    COMMITMENT = "commitment"
    RELEASE = "release"
    DISBURSEMENT = "disbursement"
    REVERSAL = "reversal"
    RETURN = "return"
    REFUND = "refund"
    CARRY_OVER = "carry-over"


PAYMENTS = frozenset(
    {EntryKind.ALLOCATION, EntryKind.DISBURSEMENT, EntryKind.REVERSAL, EntryKind.RETURN, EntryKind.REFUND}
)
"""Entries that rest on a payment of the bank, in or out, and bear its reference."""

SHAPES: dict[EntryKind, tuple[frozenset[Side], frozenset[Side]]] = {
    EntryKind.ALLOCATION: (frozenset({Side.FREE, Side.UNCOVERED}), frozenset({Side.BUDGET})),
    EntryKind.COMMITMENT: (frozenset({Side.COMMITTED}), frozenset({Side.FREE})),
    EntryKind.RELEASE: (frozenset({Side.FREE, Side.UNCOVERED}), frozenset({Side.COMMITTED})),
    EntryKind.DISBURSEMENT: (frozenset({Side.DISBURSED}), frozenset({Side.COMMITTED})),
    EntryKind.REVERSAL: (frozenset({Side.FREE, Side.UNCOVERED}), frozenset({Side.DISBURSED})),
    EntryKind.RETURN: (frozenset({Side.FREE, Side.UNCOVERED}), frozenset({Side.RETURNED})),
    EntryKind.REFUND: (frozenset({Side.RETURNED}), frozenset({Side.FREE, Side.UNCOVERED})),
    EntryKind.CARRY_OVER: (frozenset({Side.FREE}), frozenset({Side.FREE})),
}
"""The sides that an entry of each kind may raise and lower; the database knows the same table."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account, or one agreement in it, stands at, in tenge; every figure is zero or more.

    allocated + returned + uncovered = free + committed + disbursed.
    """

    allocated: Decimal = Decimal("0.00")
    free: Decimal = Decimal("0.00")
    committed: Decimal = Decimal("0.00")
    disbursed: Decimal = Decimal("0.00")
    returned: Decimal = Decimal("0.00")
    uncovered: Decimal = Decimal("0.00")

    @property
    def at_bank(self) -> Decimal:
        """What the bank's statement should show: money that is in the account, spoken for or not."""
        return self.free + self.committed - self.uncovered


def _words(enum: type[StrEnum]) -> str:
    return ", ".join(f"'{member.value}'" for member in enum)


def _shape_check() -> str:
    """The CHECK that holds each posting to `SHAPES`."""

    def sides(names: frozenset[Side]) -> str:
        return ", ".join(f"'{name}'" for name in sorted(names))

    return " or ".join(
        f"(kind = '{kind}' and ((amount > 0 and side in ({sides(up)})) or (amount < 0 and side in ({sides(down)}))))"
        for kind, (up, down) in SHAPES.items()
    )


_agreement_kinds = "'commitment', 'release', 'disbursement', 'reversal', 'return', 'refund'"
_payments = ", ".join(f"'{kind}'" for kind in sorted(PAYMENTS))

ledger_entry = Table(
    "ledger_entry",
    Record.metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("funding_account.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", TextEnum(EntryKind), nullable=False),
    Column("amount", Tenge, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("fiscal_year", Integer, nullable=False),
    Column("agreement_id", Uuid, ForeignKey("agreement.id")),
    Column("tranche_id", Uuid, ForeignKey("tranche.id")),
    Column("claim_id", Uuid),
    Column("bank_reference", Text),
    Column("act", Text),
    Column("rests_on", Text, nullable=False),
    Column("rests_on_id", Uuid, nullable=False),
    Column("rests_on_sequence", BigInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_in", Text, nullable=False, server_default=text("pg_current_xact_id()::text")),
    UniqueConstraint("account_id", "number", name="uq_ledger_entry_account_id_number"),
    UniqueConstraint("id", "kind", name="uq_ledger_entry_id_kind"),
    CheckConstraint(f"kind in ({_words(EntryKind)})", name="kind_known"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("number > 0", name="number_positive"),
    CheckConstraint(f"(kind in ({_payments})) = (bank_reference is not null)", name="payment_has_reference"),
    CheckConstraint(f"(kind in ({_agreement_kinds})) = (agreement_id is not null)", name="agreement_named"),
    CheckConstraint("(kind in ('disbursement', 'reversal')) <= (tranche_id is not null)", name="tranche_named"),
    CheckConstraint("(kind in ('return', 'refund')) = (claim_id is not null)", name="claim_named"),
    Index("uq_ledger_entry_account_id_bank_reference", "account_id", text("payment_key(bank_reference)"), unique=True),
    Index("ix_ledger_entry_agreement_id", "agreement_id"),
    Index("ix_ledger_entry_account_id_effective_on", "account_id", "effective_on"),
    Index(
        "uq_ledger_entry_one_disbursement", "tranche_id", unique=True, postgresql_where=text("kind = 'disbursement'")
    ),
    Index("uq_ledger_entry_one_reversal", "tranche_id", unique=True, postgresql_where=text("kind = 'reversal'")),
)
"""One balanced movement of money, append-only. `rests_on…` name its event: type, subject, sequence."""

ledger_posting = Table(
    "ledger_posting",
    Record.metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("line", SmallInteger, primary_key=True, autoincrement=False),
    Column("kind", TextEnum(EntryKind), nullable=False),
    Column("side", TextEnum(Side), nullable=False),
    Column("fiscal_year", Integer, nullable=False),
    Column("amount", Tenge, nullable=False),
    ForeignKeyConstraint(
        ["entry_id", "kind"], ["ledger_entry.id", "ledger_entry.kind"], name="fk_ledger_posting_entry_id_ledger_entry"
    ),
    CheckConstraint(_shape_check(), name="shape_of_kind"),
)
"""One line of an entry: tenge that a side gains (above zero) or gives (below); the lines of an entry sum to zero."""

ledger_balance = Table(
    "ledger_balance",
    Record.metadata,
    Column("account_id", Uuid, ForeignKey("funding_account.id"), primary_key=True),
    Column("side", TextEnum(Side), primary_key=True),
    Column("holder_id", Uuid, primary_key=True),
    Column("amount", Tenge, nullable=False),
    CheckConstraint("side not in ('free', 'committed', 'disbursed') or amount >= 0", name="not_negative"),
    CheckConstraint("side not in ('budget', 'uncovered') or amount <= 0", name="source_not_positive"),
)
"""Kept by a trigger on postings. `holder_id`: the agreement of committed, disbursed and returned, else the account."""

payment_conflict = Table(
    "payment_conflict",
    Record.metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("funding_account.id"), nullable=False),
    Column("kind", TextEnum(EntryKind), nullable=False),
    Column("amount", Tenge, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("agreement_id", Uuid, ForeignKey("agreement.id"), nullable=False),
    Column("claim_id", Uuid, nullable=False),
    Column("bank_reference", Text, nullable=False),
    Column("first_entry_id", Uuid, ForeignKey("ledger_entry.id"), nullable=False),
    Column("rests_on", Text, nullable=False),
    Column("rests_on_id", Uuid, nullable=False),
    Column("rests_on_sequence", BigInteger, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("proposed_at", Instant),
    Column("proposed_by", Text),
    Column("proposed_reference", Text),
    Column("resolution", Text),
    Column("proposals_rejected", Integer, nullable=False, server_default=text("0")),
    Column("resolved_at", Instant),
    Column("resolved_by", Text),
    CheckConstraint("kind in ('return', 'refund')", name="kind_known"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("(resolved_at is null) = (resolved_by is null)", name="resolved_by_somebody"),
    CheckConstraint("num_nulls(proposed_at, proposed_by, resolution) in (0, 3)", name="proposal_whole"),
    CheckConstraint("proposed_reference is null or proposed_by is not null", name="reference_proposed"),
    CheckConstraint("resolved_by is null or coalesce(resolved_by <> proposed_by, false)", name="two_people_resolve"),
    Index("ix_payment_conflict_account_id", "account_id"),
)
"""Payments that were reported under a reference that the account knows: not entered until two people have decided."""
