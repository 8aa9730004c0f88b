from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity import new_id
from shared.reference.refusals import ParameterUnknown
from shared.reference.rows import Entry, Parameter
from shared.reference.rules import in_force, known, longest_prefix, prefixes, value_on

START = datetime(2026, 1, 1, tzinfo=UTC)


def provenance(known_from: datetime = START, known_to: datetime | None = None) -> dict[str, Any]:
    words = ("first_confirmed", "second_confirmed", "withdrawal_proposed")
    nobody = dict.fromkeys(
        [
            "imported_by",
            "withdrawn_by",
            "withdrawal_reason",
            *(f"{word}_{each}" for word in words for each in ("by", "at")),
        ]
    )
    ids = {"id": new_id(), "import_id": new_id()}
    when = {"known_from": known_from, "known_to": known_to}
    return {**ids, **when, **nobody, "mark": "law", "source": "act", "verified": False, "withdrawals_rejected": 0}


def an_entry(key: str, first: date = date(2022, 1, 1), last: date | None = None) -> Entry:
    dated = {"effective_from": first, "effective_to": last}
    return Entry(list_name="goods", key=key, attributes={}, **dated, **provenance())  # type: ignore[arg-type]


def a_value(on: date, value: int = 1, **known_when: datetime) -> Parameter:
    return Parameter(name="fee", effective_from=on, value=str(value), unit="count", **provenance(**known_when))


def test_the_headings_of_a_code_are_its_even_beginnings() -> None:
    assert prefixes("8471300000") == ["8471300000", "84713000", "847130", "8471", "84"]
    assert prefixes("84") == ["84"]


@given(
    st.sets(st.sampled_from(["84", "8471", "847130", "84713000", "8471300000", "85", "8472", "847140"])),
    st.sampled_from(["8471300000", "8471400000", "84", "8599", "0101"]),
)
def test_no_heading_on_the_list_is_longer_than_the_answer(keys: set[str], code: str) -> None:
    found = longest_prefix([an_entry(key) for key in keys], code)
    matching = [key for key in keys if code.startswith(key)]
    assert (found.key if found else "") == max(matching, key=len, default="")


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.sets(days, max_size=6), days)
def test_the_value_of_a_day_is_the_latest_begun(firsts: set[date], on: date) -> None:
    values = [a_value(first) for first in firsts]
    begun = [first for first in firsts if first <= on]
    if begun:
        assert value_on("fee", values, on).effective_from == max(begun)
    else:
        with pytest.raises(ParameterUnknown):
            value_on("fee", values, on)


@given(st.integers(0, 10))
def test_at_each_instant_exactly_one_of_a_chain_of_corrections_is_known(hours: int) -> None:
    ends = [START + timedelta(hours=n) for n in (0, 2, 5, 9)]
    chain = [
        a_value(date(2025, 1, 1), n, known_from=first, **({"known_to": last} if last else {}))
        for n, (first, last) in enumerate(zip(ends, [*ends[1:], None], strict=True))
    ]
    at = START + timedelta(hours=hours)
    assert sum(known(value, at) for value in chain) == 1
    assert known(chain[-1], None)
    assert value_on("fee", chain, date(2025, 6, 1), at).whole == sum(at >= end for end in ends) - 1


def test_an_entry_holds_on_both_its_ends() -> None:
    entry = an_entry("84", date(2022, 1, 1), date(2022, 1, 31))
    checked = [in_force(entry, date(2021, 12, 31) + timedelta(days=n)) for n in (0, 1, 31, 32)]
    assert checked == [False, True, True, False]
