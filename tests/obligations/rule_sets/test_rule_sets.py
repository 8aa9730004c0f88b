"""Rule sets: proposed by one officer, approved by another, frozen in the agreement, verified by two."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.obligations.world import World, export

STRICT = {
    "name": "strict",
    "effective_from": "2024-01-01",
    "source": "order 1",
    "content": {"tolerance": "0.05", "rules": {"rate_pick": "disbursement"}},
}


async def _proposed(world: World, **facts: Any) -> dict[str, Any]:
    answer = await world.post("/v1/rule-sets", {**STRICT, **facts})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def _do(world: World, rule_set: dict[str, Any], verb: str, officer: str, **facts: Any) -> Any:
    body = {"content_hash": rule_set["content_hash"], **facts}
    path = f"/v1/rule-sets/{rule_set['rule_set_id']}"
    return await world.post(f"{path}/{verb}", body, subject=officer, resting_on=path)


async def test_the_installation_brings_a_default_set_that_is_approved_and_unverified(world: World) -> None:
    (default,) = (await world.get("/v1/rule-sets")).json()["items"]
    assert (default["name"], default["status"], default["verified"]) == ("default", "approved", False)
    assert default["content"]["rules"]["day_count"] == "actual/365"
    assert (default["content"]["tolerance"], default["content"]["materiality"]) == ("0.00", "0.00")


async def test_a_set_is_approved_by_another_officer_than_its_proposer(world: World) -> None:
    proposed = await _proposed(world)
    same = await _do(world, proposed, "approval", "officer-1")
    assert (same.status_code, same.json()["type"]) == (403, "/problems/second-person-wanted")
    other = await _do(world, proposed, "approval", "officer-2")
    assert (other.json()["status"], other.json()["verified"]) == ("approved", False)


async def test_an_approval_covers_the_content_that_was_read(world: World) -> None:
    proposed = await _proposed(world)
    answer = await _do(world, {**proposed, "content_hash": "0" * 64}, "approval", "officer-2")
    assert answer.json()["type"] == "/problems/proposal-other-than-read"


@pytest.mark.parametrize("verb", ["approval", "rejection", "confirmation"])
async def test_a_decision_rests_on_the_set_as_it_was_read(world: World, verb: str) -> None:
    rule_set = await _brought_to(world, "approved" if verb == "confirmation" else "proposed")
    body = {"content_hash": rule_set["content_hash"], **({"reason": "no"} if verb == "rejection" else {})}
    path = f"/v1/rule-sets/{rule_set['rule_set_id']}"
    read = await world.revision(path)
    assert (await world.post(f"{path}/{verb}", body, subject="officer-8")).status_code == 428
    assert (await world.post(f"{path}/{verb}", body, subject="officer-8", if_match=read)).status_code == 200
    assert (await world.post(f"{path}/{verb}", body, subject="officer-9", if_match=read)).status_code == 412
    assert await world.revision(path) == read + 1


async def _brought_to(world: World, state: str) -> dict[str, Any]:
    rule_set = await _proposed(world)
    if state == "rejected":
        await _do(world, rule_set, "rejection", "officer-2", reason="no")
    elif state != "proposed":
        await _do(world, rule_set, "approval", "officer-2")
        for number in range(("approved", "confirmed once", "verified").index(state)):
            await _do(world, rule_set, "confirmation", f"officer-{number}")
    return rule_set


@pytest.mark.parametrize(
    ("state", "verb", "wanted"),
    [
        ("proposed", "approval", "approved"),
        ("proposed", "rejection", "rejected"),
        ("proposed", "confirmation", "rule-set-not-approved"),
        ("approved", "approval", "rule-set-not-proposed"),
        ("approved", "rejection", "rule-set-not-proposed"),
        ("approved", "confirmation", "approved"),
        ("confirmed once", "approval", "rule-set-not-proposed"),
        ("confirmed once", "rejection", "rule-set-not-proposed"),
        ("confirmed once", "confirmation", "approved"),
        ("verified", "approval", "rule-set-not-proposed"),
        ("verified", "rejection", "rule-set-not-proposed"),
        ("verified", "confirmation", "already-verified"),
        ("rejected", "approval", "rule-set-not-proposed"),
        ("rejected", "rejection", "rule-set-not-proposed"),
        ("rejected", "confirmation", "rule-set-not-approved"),
    ],
)
async def test_every_state_of_a_rule_set_against_every_verb(world: World, state: str, verb: str, wanted: str) -> None:
    rule_set = await _brought_to(world, state)
    reason = {"reason": "no"} if verb == "rejection" else {}
    answer = await _do(world, rule_set, verb, "officer-9", **reason)
    if answer.status_code >= 400:
        assert answer.json()["type"] == f"/problems/{wanted}"
    else:
        assert answer.json()["status"] == wanted
        assert answer.json()["verified"] is (state == "confirmed once")


async def test_of_two_proposals_of_a_name_and_day_at_once_one_is_taken(world: World) -> None:
    answers = await asyncio.gather(
        *(world.post("/v1/rule-sets", STRICT, subject=f"officer-{number}") for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {
        "/problems/rule-set-known-already"
    }


async def test_a_name_and_day_are_taken_until_the_proposal_is_rejected(world: World) -> None:
    proposed = await _proposed(world)
    taken = await world.post("/v1/rule-sets", STRICT)
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/rule-set-known-already")
    await _do(world, proposed, "rejection", "officer-2", reason="no")
    assert (await world.post("/v1/rule-sets", STRICT)).status_code == 201


async def test_rules_that_are_not_defined_together_are_not_proposed(world: World) -> None:
    content = {"rules": {"segments": "outstanding", "compounding": "annual"}}
    answer = await world.post("/v1/rule-sets", {**STRICT, "content": content})
    assert answer.json()["type"] == "/problems/combination-undefined"


async def test_compounding_under_which_no_repayment_could_be_recorded_is_not_proposed(world: World) -> None:
    answer = await world.post("/v1/rule-sets", {**STRICT, "content": {"rules": {"compounding": "annual"}}})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/compounding-of-claims")
    assert answer.json()["errors"][0]["pointer"] == "/content/rules/compounding"


async def test_the_set_is_frozen_at_signature_and_a_newer_one_applies_by_addendum_only(world: World) -> None:
    first = await _brought_to(world, "approved")
    term = export()
    signed = await world.signed(term, rule_set="strict")
    newer = await _proposed(world, effective_from="2024-06-01", content={"tolerance": "0.20"})
    await _do(world, newer, "approval", "officer-2")

    async def frozen() -> str:
        return str((await world.get(f"/v1/agreements/{signed.agreement_id}")).json()["rule_set_hash"])

    assert await frozen() == first["content_hash"]
    await world.amended(signed, term, on=world.clock.at.date())
    assert await frozen() == first["content_hash"]
    await world.amended(signed, term, on=world.clock.at.date(), rule_set="default")
    assert await frozen() not in {first["content_hash"], newer["content_hash"]}


async def test_the_tolerance_of_the_frozen_set_decides_what_is_a_breach(world: World) -> None:
    await _brought_to(world, "approved")
    signed = await world.signed(rule_set="strict")
    obligation = await world.obligation(signed)
    await world.report(obligation["obligation_id"], "950")
    within = await world.obligation(signed)
    assert (within["status"], within["fulfilment"]) == ("fulfilled", "0.95")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Strict"},
        {"name": "a" * 61},
        {"name": "стр"},
        {"effective_from": "2024-02-30"},
        {"content": {"tolerance": "1.5"}},
        {"content": {"tolerance": 0}},
        {"content": {"grace_days": "5"}},
        {"content": {"grace_days": -1}},
        {"content": {"grace_days": True}},
        {"content": {"materiality": "-1"}},
        {"content": {"rules": {"day_count": "actual/364"}}},
        {"content": {"rules": {"unknown": 1}}},
        {"status": "approved"},
        {"verified": True},
    ],
)
async def test_what_is_no_rule_set_leaves_no_trace(world: World, change: dict[str, Any]) -> None:
    answer = await world.post("/v1/rule-sets", {**STRICT, **change})
    assert answer.status_code == 422
    assert len((await world.get("/v1/rule-sets")).json()["items"]) == 1


async def test_the_database_itself_keeps_the_content_and_the_two_people(world: World) -> None:
    await _brought_to(world, "approved")
    for statement in (
        "update rule_set set content = '{}'",
        "update rule_set set decided_by = proposed_by",
        "update rule_set set first_confirmed_by = 'a', second_confirmed_by = 'a'",
        "delete from rule_set",
    ):
        with pytest.raises(DBAPIError):
            async with world.work() as session:
                await (await session.connection()).execute(text(statement))
