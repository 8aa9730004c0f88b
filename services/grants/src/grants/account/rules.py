"""Which postings an entry makes: pure, balanced to the tiyn by construction."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from grants.account.ledger import EntryKind, Side, Standing

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """What one side gains (above zero) or gives (below zero), in tenge; `year` is the fiscal year."""

    side: Side
    amount: Decimal
    year: int


def lines_of(kind: EntryKind, amount: Decimal, standing: Standing, year: int) -> tuple[Line, ...]:
    """The lines of an entry of so many tenge (above zero) in an account that stands so; they sum to zero."""
    lines = _LINES[kind](amount, standing)
    return tuple(Line(side, value, year) for side, value in lines if value)


def carry_over_lines(balance: Decimal, year: int) -> tuple[Line, ...]:
    """The lines that move a year's free balance (tenge, of either sign) into the next year; none for zero."""
    if not balance:
        return ()
    return Line(Side.FREE, -balance, year), Line(Side.FREE, balance, year + 1)


_Lines = tuple[tuple[Side, Decimal], ...]


def _becomes_free(source: Side) -> Callable[[Decimal, Standing], _Lines]:
    """Money that comes from `source` first covers what is uncovered; only the rest is free."""

    def lines(amount: Decimal, standing: Standing) -> _Lines:
        covered = min(amount, standing.uncovered)
        return (source, -amount), (Side.UNCOVERED, covered), (Side.FREE, amount - covered)

    return lines


def _moves(source: Side, target: Side) -> Callable[[Decimal, Standing], _Lines]:
    def lines(amount: Decimal, _: Standing) -> _Lines:
        return (source, -amount), (target, amount)

    return lines


def _refund(amount: Decimal, standing: Standing) -> _Lines:
    """A refund is a fact of the bank: what the free money does not cover is shown as uncovered, not refused."""
    free = min(amount, standing.free)
    return (Side.FREE, -free), (Side.UNCOVERED, free - amount), (Side.RETURNED, amount)


_LINES: dict[EntryKind, Callable[[Decimal, Standing], _Lines]] = {
    EntryKind.ALLOCATION: _becomes_free(Side.BUDGET),
    EntryKind.COMMITMENT: _moves(Side.FREE, Side.COMMITTED),
    EntryKind.RELEASE: _becomes_free(Side.COMMITTED),
    EntryKind.DISBURSEMENT: _moves(Side.COMMITTED, Side.DISBURSED),
    EntryKind.REVERSAL: _becomes_free(Side.DISBURSED),
    EntryKind.RETURN: _becomes_free(Side.RETURNED),
    EntryKind.REFUND: _refund,
}
