"""Destinations: the longest prefix rules, then the nearest destination, and the answer shows which rule it was."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from export_support.destinations.rules import KEY, keys_for, rule_on
from shared.reference.rows import Entry
from shared.reference.rules import ByKeyAndDay
from tests.export_support.desk import Desk, an_applicant, must, refused


def entry(key: str, first: str = "2022-01-01", last: str | None = None, **told: str) -> Entry:
    return Entry(
        id=UUID(int=1), effective_from=date.fromisoformat(first), mark="assumed", source="a test",
        effective_to=None if last is None else date.fromisoformat(last), list_name="destination-rules", key=key,
        attributes={"answer": "allow", "act": "a test", **told}, known_from=datetime(2022, 1, 1, tzinfo=UTC),
        known_to=None, import_id=UUID(int=2), imported_by=None, first_confirmed_by=None, first_confirmed_at=None,
        second_confirmed_by=None, second_confirmed_at=None, withdrawal_proposed_by=None, withdrawal_proposed_at=None,
        withdrawal_reason=None, withdrawn_by=None, withdrawals_rejected=0, verified=False,
    )  # fmt: skip


def ruling(*keys: str, code: str | None = "8413702100") -> str | None:
    table = ByKeyAndDay(entry(key) for key in keys)
    found = rule_on(table, "goods-delivery", code, "RU", date(2025, 3, 10))
    return None if found is None else found.key


def test_the_longest_prefix_rules_even_over_the_nearest_destination() -> None:
    assert ruling("*/*/*", "goods-delivery/*/RU") == "goods-delivery/*/RU"
    assert ruling("goods-delivery/*/RU", "*/84/*") == "*/84/*"
    assert ruling("*/84/*", "*/8413/*", "*/841370/*") == "*/841370/*"


def test_within_one_prefix_the_destination_counts_more_than_the_category() -> None:
    assert ruling("goods-delivery/84/*", "*/84/RU") == "*/84/RU"
    assert ruling("*/84/RU", "goods-delivery/84/RU") == "goods-delivery/84/RU"


def test_a_cost_that_is_about_no_good_is_ruled_by_rules_for_any_good() -> None:
    assert ruling("*/84/*", "*/*/RU", code=None) == "*/*/RU"


def test_where_the_table_says_nothing_nothing_is_guessed() -> None:
    assert ruling() is None
    assert ruling("ict-rent/*/*", "*/85/*", "*/*/CN") is None


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    table = ByKeyAndDay([entry("*/*/*", "2022-01-01", "2024-12-31"), entry("*/*/*", "2025-02-01", None, answer="deny")])
    answers = {
        day: rule_on(table, "goods-delivery", None, "CN", date.fromisoformat(day))
        for day in ("2021-12-31", "2024-12-31", "2025-01-15", "2025-02-01")
    }
    assert [None if rule is None else rule.allowed for rule in answers.values()] == [None, True, None, False]


@given(st.from_regex("([0-9]{2}){1,5}", fullmatch=True), st.from_regex("[A-Z]{2}", fullmatch=True))
def test_the_keys_are_as_many_as_prefixes_and_never_grow_longer(code: str, country: str) -> None:
    keys = list(keys_for("goods-delivery", code, country))
    assert len(keys) == len(set(keys)) == 4 * (len(code) // 2 + 1)
    lengths = [len(key.split("/")[1].replace("*", "")) for key in keys]
    assert lengths == sorted(lengths, reverse=True)
    assert all(KEY.fits(key) for key in keys)


async def asked(desk: Desk, **query: Any) -> Any:
    return must(await desk.get("/destination-rule", an_applicant(), on="2025-02-03", **query))


async def test_the_answer_shows_the_rule_with_its_act(desk: Desk) -> None:
    denied = await asked(desk, category="goods-delivery", fea_cn="841370", destination="RU")
    assert (denied["allowed"], denied["rule"]) == (False, "goods-delivery/*/RU")
    assert "Treaty" in denied["act"]
    capped = await asked(desk, category="goods-delivery", fea_cn="110100", destination="AF")
    assert (capped["rule"], capped["rate"], capped["cap"]) == ("goods-delivery/1101/AF", "40.00", "5000000.00")
    assert (await asked(desk, category="goods-advertising", destination="RU"))["rule"] == "*/*/*"


async def test_before_the_first_rule_the_question_is_refused(desk: Desk) -> None:
    query = {"category": "goods-delivery", "destination": "CN", "on": "2020-01-01"}
    refused(await desk.get("/destination-rule", an_applicant(), **query), "destination-rule-unknown")
