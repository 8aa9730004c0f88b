"""Entries of a list for many keys and days after one query, and lists whose rows all name their last day."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.reference.cells import read_file
from shared.reference.lists import NAME, SLUG, Cell, ListDefinition
from shared.reference.rows import Entry
from shared.reference.rules import ByKeyAndDay

BOUNDED = ListDefinition("rates-of-a-day", Cell("key", SLUG), (NAME,), bounded=True)


def entry(key: str, first: str, last: str | None) -> Entry:
    nobody: dict[str, Any] = dict.fromkeys(
        ("imported_by", "first_confirmed_by", "first_confirmed_at", "second_confirmed_by", "second_confirmed_at",
         "withdrawal_proposed_by", "withdrawal_proposed_at", "withdrawal_reason", "withdrawn_by", "known_to")
    )  # fmt: skip
    return Entry(
        id=UUID(int=1), effective_from=date.fromisoformat(first), mark="assumed", source="a test",
        effective_to=None if last is None else date.fromisoformat(last), list_name="list", key=key, attributes={},
        known_from=datetime(2022, 1, 1, tzinfo=UTC), import_id=UUID(int=2), withdrawals_rejected=0, verified=False,
        **nobody,
    )  # fmt: skip


def test_an_entry_is_found_from_its_first_to_its_last_day_and_not_between_two() -> None:
    table = ByKeyAndDay([entry("a", "2025-03-01", None), entry("a", "2025-01-01", "2025-01-31")])
    days = ("2024-12-31", "2025-01-01", "2025-01-31", "2025-02-01", "2025-03-01", "2030-01-01")
    found = [table.on("a", date.fromisoformat(day)) for day in days]
    assert [each and each.effective_from.month for each in found] == [None, 1, 1, None, 3, 3]
    assert table.on("b", date(2025, 3, 1)) is None


def test_a_row_of_a_bounded_list_without_its_last_day_is_refused() -> None:
    head = "key,effective_from,effective_to,name,source\n"
    assert read_file(BOUNDED, f"{head}a,2025-01-01,2025-01-02,A,a test\n".encode())[1] == []
    errors = read_file(BOUNDED, f"{head}a,2025-01-01,,A,a test\n".encode())[1]
    assert [(error.line, error.column) for error in errors] == [(2, "effective_to")]
