"""Pure rules of dated rows: which one is in force, which prefix is longest, what may be withdrawn."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from shared.reference.refusals import (
    ParameterUnknown,
    ReferenceRowSuperseded,
    WithdrawalNotProposed,
    WithdrawalProposedAlready,
)
from shared.reference.rows import DatedRow, Entry, Parameter

FEA_CN_LENGTHS = (10, 8, 6, 4, 2)


def prefixes(code: str) -> list[str]:
    """The code and its shorter headings by two digits each, longest first: `847130` gives 847130, 8471, 84."""
    return [code[:length] for length in FEA_CN_LENGTHS if length <= len(code)]


def longest_prefix(entries: Iterable[Entry], code: str) -> Entry | None:
    """The entry whose key is the longest heading of the code; None where there is none."""
    headings = set(prefixes(code))
    return max((entry for entry in entries if entry.key in headings), key=lambda entry: len(entry.key), default=None)


class ByKeyAndDay:
    """Entries of one list, found by key and day in memory: for ten thousand questions after one query."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in sorted(entries, key=lambda entry: entry.effective_from):
            self._entries.setdefault(entry.key, []).append(entry)

    def on(self, key: str, day: date) -> Entry | None:
        """The entry of the key on the day, or None."""
        rows = self._entries.get(key, [])
        place = bisect_right(rows, day, key=lambda entry: entry.effective_from)
        found = rows[place - 1] if place else None
        return found if found is not None and in_force(found, day) else None


def known(row: DatedRow, at: datetime | None) -> bool:
    """Whether the row was what was known at that instant; None asks about the present."""
    if at is None:
        return row.known_to is None
    return row.known_from <= at and (row.known_to is None or at < row.known_to)


def in_force(entry: Entry, on: date) -> bool:
    """Whether the entry holds on the day, its first and last day included."""
    return entry.effective_from <= on and (entry.effective_to is None or on <= entry.effective_to)


def waits(value: Parameter, values: Iterable[Parameter], known_at: datetime | None = None) -> bool:
    """Whether a value is unverified and came in after two people had verified an earlier one, which stands until then.

    `verified` of each is as of `known_at`.
    """
    return not value.verified and any(
        other.verified
        and other.effective_from <= value.effective_from
        and known(other, known_at)
        and other.second_confirmed_at is not None
        and other.second_confirmed_at <= value.known_from
        for other in values
    )


def value_on(name: str, values: Sequence[Parameter], on: date, known_at: datetime | None = None) -> Parameter:
    """The latest value in force on the day among those known; raises `ParameterUnknown`, never takes a later one."""
    candidates = [
        value
        for value in values
        if value.effective_from <= on and known(value, known_at) and not waits(value, values, known_at)
    ]
    if not candidates:
        raise ParameterUnknown(name=name, on=on)
    return max(candidates, key=lambda value: value.effective_from)


def require_current(row: DatedRow) -> None:
    """Raise `ReferenceRowSuperseded` where the row was corrected or withdrawn."""
    if row.known_to is not None:
        raise ReferenceRowSuperseded(row_id=row.id, known_to=row.known_to)


def require_proposed(row: DatedRow) -> None:
    """Raise the refusal where nobody proposes to withdraw the row."""
    require_current(row)
    if row.withdrawal_proposed_by is None:
        raise WithdrawalNotProposed(row_id=row.id)


def require_unproposed(row: DatedRow) -> None:
    """Raise the refusal where the row's withdrawal cannot be proposed, or was."""
    require_current(row)
    if row.withdrawal_proposed_by is not None:
        raise WithdrawalProposedAlready(row_id=row.id)
